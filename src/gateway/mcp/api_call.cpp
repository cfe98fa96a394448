#include "gateway/mcp/api_call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "net/message_head.hpp"

namespace chatelaine::gateway::mcp {
namespace {

std::string find_header(const net::Response& response, std::string_view name) {
  const auto found = std::ranges::find_if(
      response.headers, [name](const net::Header& header) { return net::equals_ignoring_case(header.name, name); });
  return found == response.headers.end() ? std::string() : found->value;
}

/// Shows where an answer is read from, for as long as it is: a read may throw.
class Reading {
 public:
  Reading(CallProgress& progress, net::BodySource& stream) : progress_(progress) { progress_.stream = &stream; }
  ~Reading() { progress_.stream = nullptr; }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

 private:
  CallProgress& progress_;
};

std::unexpected<std::string> refuse_size(std::size_t largest) {
  return std::unexpected(fmt::format(
      "The API's answer has more than the {} bytes that a result may have: ask for less, page by page where "
      "the API has pages.",
      largest));
}

}  // namespace

ApiCall::ApiCall(openapi::ToolRequest made, const net::Request& asked)
    : made_(std::move(made)),
      authorization_(asked.header("Authorization").value_or("")),
      remote_address_(asked.remote_address),
      peer_address_(asked.peer_address),
      id_(asked.id),
      body_(made_.body),
      request_(asked) {
  headers_.push_back({"Authorization", authorization_});
  for (const auto& [name, value] : made_.headers) headers_.push_back({name, value});
  const std::string_view target = made_.target;
  const std::size_t question = std::min(target.find('?'), target.size());
  request_.method = net::to_method(made_.method);
  request_.method_name = made_.method;
  request_.target = target;
  request_.path = target.substr(0, question);
  request_.query = question < target.size() ? target.substr(question + 1) : std::string_view();
  request_.headers = headers_;
  request_.remote_address = remote_address_;
  request_.peer_address = peer_address_;
  request_.id = id_;
  request_.body = &body_;
  request_.notes = &notes_;
  request_.cancellation = &cancellation_;
}

ApiAnswer describe_answer(const net::Response& response) {
  return {.status = response.status,
          .content_type = find_header(response, "Content-Type"),
          .content_encoding = find_header(response, "Content-Encoding"),
          .location = find_header(response, "Location"),
          .retry_after = find_header(response, "Retry-After"),
          .body = response.body,
          // What the API answers comes without.
          .is_ours = !response.trouble.empty(),
          .url = {}};
}

Task<std::expected<ApiAnswer, std::string>> read_answer(net::Response response, std::size_t largest,
                                                        CallProgress& progress) {
  ApiAnswer answer = describe_answer(response);
  if (response.stream == nullptr) {
    // A short one, as the upstream hands it on; a refusal may be the gateway's own.
    if (answer.status < 400 && answer.body.size() > largest) co_return refuse_size(largest);
    co_return answer;
  }
  const Reading reading(progress, *response.stream);
  bool is_whole = false;
  bool is_too_large = response.stream->length().value_or(0) > largest;
  while (!is_whole && !progress.is_cancelled && !is_too_large) {
    const auto piece = co_await response.stream->read();
    if (!piece) break;
    is_whole = piece->empty();
    answer.body += *piece;
    progress.bytes = answer.body.size();
    is_too_large = answer.body.size() > largest;
  }
  if (progress.is_cancelled) co_return std::unexpected("The call was cancelled.");
  if (is_too_large) co_return refuse_size(largest);
  if (!is_whole) co_return std::unexpected("The API's answer broke off before its end.");
  co_return answer;
}

}  // namespace chatelaine::gateway::mcp
