#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "gateway/mcp/tool_result.hpp"
#include "net/request.hpp"
#include "net/response.hpp"
#include "net/whole_body.hpp"
#include "openapi/tool_call.hpp"

namespace chatelaine::gateway::mcp {

/// The request that a tool's call is, as if it had come from the client itself: with the client's credentials and
/// address. Owns all that it shows, so that it outlives the request that asked for it.
class ApiCall {
 public:
  ApiCall(openapi::ToolRequest made, const net::Request& asked);
  ApiCall(const ApiCall&) = delete;
  ApiCall& operator=(const ApiCall&) = delete;

  [[nodiscard]] const net::Request& request() const { return request_; }
  /// Nobody waits for it any more.
  void cancel() { cancellation_.cancel(); }
  /// What was noted of it, which is its own: the request that asked for it may be gone.
  [[nodiscard]] FlightNotes take_notes() { return std::exchange(notes_, {}); }

 private:
  openapi::ToolRequest made_;
  std::string authorization_;
  std::string remote_address_;
  std::string peer_address_;
  std::string id_;
  net::WholeBody body_;
  std::vector<net::HeaderView> headers_;
  FlightNotes notes_;
  net::Cancellation cancellation_;
  net::Request request_;
};

/// How far the reading of an answer is, and whether anybody still waits for it.
struct CallProgress {
  std::uint64_t bytes = 0;
  bool is_cancelled = false;
  /// What is read from, while it is; null once that has ended, however it did.
  net::BodySource* stream = nullptr;
};

/// What an answer says that is there as a whole.
[[nodiscard]] ApiAnswer describe_answer(const net::Response& response);

/// Reads what the gateway answered to its end; of what comes from the API, at most `largest` bytes. The error is a
/// sentence for the model.
[[nodiscard]] Task<std::expected<ApiAnswer, std::string>> read_answer(net::Response response, std::size_t largest,
                                                                      CallProgress& progress);

}  // namespace chatelaine::gateway::mcp
