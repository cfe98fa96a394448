#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/flight.hpp"
#include "base/task.hpp"
#include "net/cancellation.hpp"

namespace chatelaine::net {

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options, other };

struct HeaderView {
  std::string_view name;
  std::string_view value;
};

/// Why a body could not be read to its end.
enum class BodyError : std::uint8_t { too_large, timed_out, broken };

/// A request's body, read piece by piece. A reader that stops early makes the connection close after the answer.
class BodyReader {
 public:
  virtual ~BodyReader() = default;
  /// The next piece, valid until the next call; empty at the end.
  virtual Task<std::expected<std::string_view, BodyError>> read() = 0;
  /// The length that Content-Length announced; nothing for a chunked body. 0 where there is no body.
  [[nodiscard]] virtual std::optional<std::uint64_t> announced_length() const = 0;
  /// What is there without waiting, taken off the front of a body of announced length. May be empty.
  [[nodiscard]] virtual std::string_view take_ready() { return {}; }
};

/// One request whose framing has been validated (net/message_check.hpp). All views stay valid until the handler's task
/// has ended; the body until the answer has been sent, so that an answer may be streamed while the body still arrives.
struct Request {
  Method method = Method::get;
  std::string_view method_name;
  /// The request target in origin form, as it was sent; `path` and `query` are its parts, still percent-encoded.
  std::string_view target;
  std::string_view path;
  std::string_view query;
  std::span<const HeaderView> headers;
  /// The client's address as text: the socket's peer, or what a trusted proxy said (X-Forwarded-For).
  std::string_view remote_address;
  /// The socket's peer as text: the nearest proxy, where there is one.
  std::string_view peer_address;
  /// Whether that is a trusted proxy, so that what it says of others counts.
  bool is_from_trusted_proxy = false;
  /// Names this request in the log and in the answer's `X-Request-Id`.
  std::string_view id;
  BodyReader* body = nullptr;
  /// Where what is learnt of this request is noted (`note`); null where nobody keeps it.
  FlightNotes* notes = nullptr;
  /// Tells whoever takes long that the client has gone; null where nobody looks.
  Cancellation* cancellation = nullptr;

  /// Calls `add` with the request's notes, where they are kept.
  template <class Add>
  void note(Add add) const {
    if (notes != nullptr) add(*notes);
  }
  /// The value of the first header of that name (ASCII case ignored), white space trimmed.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// Whether the header occurs more than once.
  [[nodiscard]] bool has_repeated_header(std::string_view name) const;
  /// The cookie of that name (RFC 6265 §5.4); nothing where it is absent or sent twice with different values.
  [[nodiscard]] std::optional<std::string_view> cookie(std::string_view name) const;
};

/// The whole body, at most `limit` bytes.
[[nodiscard]] Task<std::expected<std::string, BodyError>> read_whole_body(const Request& request, std::size_t limit);

namespace detail {
[[nodiscard]] bool are_same_letters(std::string_view a, std::string_view b);
}
/// ASCII case-insensitive comparison, as header names ask for. The length rules out nearly every other name before a
/// letter is compared.
[[nodiscard]] inline bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && detail::are_same_letters(a, b);
}

}  // namespace chatelaine::net
