#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"
#include "base/uri.hpp"
#include "net/request.hpp"
#include "net/response.hpp"

namespace chatelaine::net {

/// Why the upstream gave no answer that can be passed on.
enum class UpstreamError : std::uint8_t {
  unreachable,
  timed_out,
  broken_answer,
  request_body_failed,
  /// The client was too slow with it.
  request_body_timed_out,
  /// Nobody waits for it any more.
  cancelled
};

struct UpstreamFacts;

struct UpstreamRequest {
  std::string_view method;
  /// Origin form, sent as it is.
  std::string target;
  /// End-to-end headers; framing, Host and Connection are the client's own business.
  std::vector<HeaderView> headers;
  /// Streamed as it arrives; may be null.
  BodyReader* body = nullptr;
  /// Ends the wait for the answer's head, and the connection; may be null. What comes after the head is read by whoever
  /// wants it.
  Cancellation* cancellation = nullptr;
};

/// The API behind the gateway: keep-alive connections, a pool an event loop, HTTP/1.1 over TCP or TLS. The address
/// comes from configuration and is not subject to the address policy of `fetch`.
class Upstream {
 public:
  /// `url`: scheme, host and port (a path is put before each target). `timeout`: from the call to the answer's header,
  /// the search for the address and the connecting included, and between pieces of its body for all but event streams.
  /// While a client is slow with its upload, the time begins anew with each piece. `ca_file`: extra roots for https, or
  /// empty.
  Upstream(HttpUrl url, milliseconds timeout, const std::string& ca_file = {});

  /// The answer: status, end-to-end headers, and the body as a stream that is read from the upstream as it is sent on.
  /// An idempotent request without body is tried once more where a kept connection turned out closed. Must be awaited
  /// on a server's loop.
  [[nodiscard]] Task<std::expected<Response, UpstreamError>> send(UpstreamRequest request);

 private:
  std::shared_ptr<const UpstreamFacts> facts_;
};

}  // namespace chatelaine::net
