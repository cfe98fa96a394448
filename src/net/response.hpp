#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"

namespace chatelaine::net {

class Loop;

struct Header {
  std::string name;
  std::string value;
};

/// A body that is made while it is sent.
class BodySource {
 public:
  virtual ~BodySource() = default;
  /// The next piece, valid until the next call; empty at the end. An error closes the connection, so that the client
  /// sees a broken answer. Each piece is sent as soon as it is there.
  virtual Task<std::expected<std::string_view, std::string>> read() = 0;
  /// The length, where it is known; chunked otherwise.
  [[nodiscard]] virtual std::optional<std::uint64_t> length() const = 0;
  /// What is there without waiting, taken off the front: it goes out together with the head. May be empty.
  [[nodiscard]] virtual std::string_view take_ready() { return {}; }
  /// The client has gone: a `read` that waits ends soon with an error.
  virtual void cancel() {}
  /// Comes with each tick of the loop (net/loop.hpp) while the body is sent, also while a `read` waits. May cancel
  /// that; must not throw.
  virtual void tick(Loop& loop) { static_cast<void>(loop); }
};

/// An answer. The server adds framing, Date and Connection, and refuses (500, logged) a header with control characters.
struct Response {
  int status = 200;
  std::vector<Header> headers;
  std::string body;
  /// Where set, it is sent instead of `body`.
  std::unique_ptr<BodySource> stream;
  /// What a refusal or an error page tells its reader, for the flight recorder; never sent itself.
  std::string trouble;

  Response& add_header(std::string name, std::string value) & {
    headers.push_back({std::move(name), std::move(value)});
    return *this;
  }
};

/// An answer with a content type.
[[nodiscard]] Response make_response(int status, std::string_view content_type, std::string body);
/// `application/json`.
[[nodiscard]] Response make_json_response(int status, std::string body);
/// 303 See Other: the browser follows with GET, whatever it sent before (RFC 9700 §4.12).
[[nodiscard]] Response make_redirect(std::string_view location);
/// `Cache-Control: no-store` and, for HTTP/1.0 caches, `Pragma: no-cache` (RFC 6749 §5.1).
void forbid_storing(Response& response);

}  // namespace chatelaine::net
