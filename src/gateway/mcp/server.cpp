#include "gateway/mcp/server.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/base64url.hpp"
#include "gateway/call_limits.hpp"
#include "gateway/mcp/call.hpp"
#include "gateway/mcp/event_stream.hpp"
#include "gateway/mcp/methods.hpp"
#include "gateway/mcp/open_requests.hpp"
#include "gateway/mcp/request_release.hpp"
#include "gateway/mcp/tool_result.hpp"
#include "gateway/mcp/transport.hpp"
#include "gateway/notes.hpp"
#include "net/sleep.hpp"

namespace chatelaine::gateway::mcp {
namespace {

constexpr std::size_t kLargestMessage = std::size_t{4} * 1024 * 1024;
/// A message, or an answer, that is no burden to hold.
constexpr std::size_t kShort = std::size_t{16} * 1024;

/// The route lets scripts of any origin read the answer: once is enough.
net::Response without_cross_origin(net::Response response) {
  std::erase_if(response.headers, [](const net::Header& header) { return header.name.starts_with("Access-Control-"); });
  return response;
}

/// What nobody has noted better; a call without a token is no trouble.
void note_trouble(const net::Request& request, const net::Response& response) {
  if (response.trouble.empty() || response.status == 401) return;
  request.note([&](FlightNotes& notes) {
    if (notes.outcome == FlightOutcome::untold)
      notes.tell(response.status >= 400 ? FlightOutcome::failed : FlightOutcome::odd, response.trouble);
  });
}

/// What an answer is, noted for the flight recorder.
Task<net::Response> take_notes(const net::Request& request, Task<net::Response> answer) {
  request.note([](FlightNotes& notes) { notes.stage = FlightStage::api_call; });
  net::Response response = co_await std::move(answer);
  note_trouble(request, response);
  co_return response;
}

/// 429 with the request's id, where that is known.
net::Response refuse_place(const std::optional<MessageId>& id) {
  net::Response response =
      answer_error({ErrorCode::invalid_request,
                    "As many calls and streams are open as may be: try again once one of them has ended.", 429},
                   id);
  response.add_header("Retry-After", "60");
  return response;
}

/// A long answer, which waits in memory until its client has taken all of it.
class PlacedBody final : public net::BodySource {
 public:
  PlacedBody(std::string text, OpenRequests::Place place)
      : text_(std::move(text)), rest_(text_), place_(std::move(place)) {}
  PlacedBody(const PlacedBody&) = delete;
  PlacedBody& operator=(const PlacedBody&) = delete;
  Task<std::expected<std::string_view, std::string>> read() override { co_return std::exchange(rest_, {}); }
  [[nodiscard]] std::optional<std::uint64_t> length() const override { return text_.size(); }

 private:
  std::string text_;
  std::string_view rest_;
  OpenRequests::Place place_;
};

/// Until the answer has been sent.
net::Response keep_place(net::Response response, std::optional<OpenRequests::Place> place) {
  if (!place || response.stream != nullptr || response.body.size() <= kShort) return response;
  response.stream = std::make_unique<PlacedBody>(std::exchange(response.body, {}), std::move(*place));
  return response;
}

net::Response answer_accepted() {
  net::Response response;
  response.status = 202;
  return response;
}

/// Releases before 2026-07-28, session management: ids of requests are unique in a session alone, and libraries count
/// from the start in each. Nothing is kept of one: what a client sends back is compared, and that is all.
constexpr std::string_view kSessionHeader = "Mcp-Session-Id";

std::string_view find_session(const net::Request& request) { return request.header(kSessionHeader).value_or(""); }

std::optional<json::value> find_progress_token(const Message& message) {
  const json::value* token = message.meta().if_contains("progressToken");
  return token == nullptr ? std::nullopt : std::optional<json::value>(*token);
}

/// What is known of a request once it has been let in.
struct Asked {
  const net::Request& request;
  const Message& message;
  const McpSettings& settings;
  Release release;
  const Caller& caller;
  /// There, but where the message is a notification.
  std::optional<OpenRequests::Place>& place;
};

json::array find_challenges(const net::Response& refusal) {
  json::array challenges;
  for (const net::Header& header : refusal.headers) {
    if (header.name == "WWW-Authenticate") challenges.emplace_back(header.value);
  }
  return challenges;
}

/// What a refusal says in its body, for the model.
std::string read_description(const net::Response& refusal) {
  const auto body = parse_json(refusal.body);
  const json::object* const object = body ? body->if_object() : nullptr;
  const json::string* const description = object == nullptr ? nullptr : find_string(*object, "error_description");
  return description == nullptr ? std::string() : " " + std::string(*description);
}

/// ChatGPT signs in anew where a result's `_meta` has the challenge, others where the HTTP answer has it: the body is
/// the one and the header the other.
net::Response answer_challenged_call(const Asked& asked, net::Response refusal, json::array challenges) {
  json::object result =
      complete(make_error_result("The access token does not allow this call." + read_description(refusal)),
               asked.settings, asked.release);
  json::value& meta = result["_meta"];
  if (!meta.is_object()) meta = json::object();
  meta.get_object()["mcp/www_authenticate"] = std::move(challenges);
  refusal.body = write_result(*asked.message.id, std::move(result));
  return without_cross_origin(std::move(refusal));
}

net::Response answer_result(const Asked& asked, json::object result) {
  net::Response response = net::make_json_response(
      200, write_result(*asked.message.id, complete(std::move(result), asked.settings, asked.release)));
  net::forbid_storing(response);
  return response;
}

/// What has no challenge is for the model to read, and for the client too how long to wait and how its limit stands.
net::Response answer_refused_call(const Asked& asked, const openapi::Tool& tool, net::Response refusal) {
  json::array challenges = find_challenges(refusal);
  if (!challenges.empty()) return answer_challenged_call(asked, std::move(refusal), std::move(challenges));
  const ApiAnswer answer = describe_answer(refusal);
  net::Response response = answer_result(asked, make_tool_result(tool, answer));
  for (const net::Header& header : refusal.headers) {
    if (header.name == "Retry-After" || header.name.starts_with("RateLimit-"))
      response.add_header(header.name, header.value);
  }
  return response;
}

/// Whoever reads no result's text learns from the head how the tightest limit stands.
net::Response with_rate_limit(net::Response response, const std::optional<limits::BucketState>& state) {
  if (state) add_rate_limit(response, *state);
  return response;
}

}  // namespace

struct McpServer::State {
  const Live<McpSettings>& live;
  Guard& guard;
  Gateway& gateway;
  std::string path;
  Randomness& randomness;
  Log& log;
  OpenRequests open{};

  Task<net::Response> answer_post(const net::Request& request) {
    const McpSettings& settings = live.get();
    if (auto refused = check_origin(request, settings)) co_return std::move(*refused);
    auto caller = co_await guard.admit(request, settings.gateway_at(request.path));
    if (!caller) co_return without_cross_origin(std::move(caller.error()));
    note_token(request, *caller->access);
    if (auto refused = check_post_headers(request)) co_return std::move(*refused);
    auto place = take_place(*caller, settings);
    // Whoever has too much open can still say what is to end.
    if (!place && request.body->announced_length().value_or(kShort + 1) > kShort) co_return refuse_place(std::nullopt);
    net::Response answer = co_await answer_message(request, settings, *caller, place);
    co_return keep_place(std::move(answer), std::move(place));
  }

  std::optional<OpenRequests::Place> take_place(const Caller& caller, const McpSettings& settings) {
    return open.take(OpenRequests::name_caller(caller), settings.most_open, settings.most_open_together);
  }

  /// `place` is taken where something else keeps it until the answer has been sent.
  Task<net::Response> answer_message(const net::Request& request, const McpSettings& settings, const Caller& caller,
                                     std::optional<OpenRequests::Place>& place) {
    const auto body = co_await net::read_whole_body(request, kLargestMessage);
    if (!body) co_return report_body_error(body.error());
    const auto message = read_message(*body);
    if (!message) co_return answer_error(message.error(), message.error().id);
    const auto release = find_release(request, *message);
    if (!release) co_return answer_error(release.error(), message->id);
    const Asked asked{request, *message, settings, *release, caller, place};
    if (!message->id) co_return take_notification(asked);
    if (!place) co_return refuse_place(message->id);
    co_return co_await answer_request(asked);
  }

  net::Response take_notification(const Asked& asked) {
    if (asked.message.method == "notifications/cancelled" && !is_stateless(asked.release)) {
      const json::value* id = asked.message.params.if_contains("requestId");
      if (id != nullptr) open.cancel(OpenRequests::name_caller(asked.caller), find_session(asked.request), *id);
    }
    return answer_accepted();
  }

  Task<net::Response> answer_request(const Asked& asked) {
    const std::string& method = asked.message.method;
    const bool is_modern = is_stateless(asked.release);
    if (method == "tools/call") co_return co_await answer_call(asked);
    if (method == "tools/list") {
      auto list = list_tools(asked.settings, asked.release, asked.message.params);
      if (!list) co_return answer_error(list.error(), asked.message.id);
      co_return answer_result(asked, std::move(*list));
    }
    if (is_modern && method == "server/discover") co_return answer_result(asked, discover(asked.settings));
    if (is_modern && method == "subscriptions/listen") co_return answer_subscription(asked);
    if (!is_modern && method == "initialize") co_return begin_session(asked);
    if (!is_modern && method == "ping") co_return answer_result(asked, {});
    // Release 2026-07-28, transports: 404, so that whoever asks sees it without reading the body.
    co_return answer_error({ErrorCode::method_not_found, "Method not found", is_modern ? 404 : 200}, asked.message.id);
  }

  net::Response begin_session(const Asked& asked) {
    net::Response response = answer_result(asked, initialize(asked.settings, asked.release));
    response.add_header(std::string(kSessionHeader), base64url_encode(randomness.bytes(16)));
    // Beside what the router lets scripts read.
    response.add_header("Access-Control-Expose-Headers", std::string(kSessionHeader));
    return response;
  }

  /// The call is decided on, counted and recorded once, as one of the API by this door.
  Task<net::Response> answer_call(const Asked& asked) {
    const auto tool = find_tool(asked.settings, asked.message.params);
    if (!tool) {
      if (const json::string* name = find_string(asked.message.params, "name"); name != nullptr)
        asked.request.note([name](FlightNotes& notes) { notes.show("tool", std::string(*name)); });
      co_return answer_error(tool.error(), asked.message.id);
    }
    const json::value* arguments = asked.message.params.if_contains("arguments");
    const auto made = openapi::make_request(**tool, arguments == nullptr ? json::object() : arguments->get_object());
    if (!made) co_return answer_result(asked, make_fault_result(made.error()));
    const auto call = std::make_shared<Call>(gateway, log, asked.settings, **tool, *made, asked.request);
    Decision decision = co_await guard.decide(call->request(), call->settings(), storage::CallDoor::mcp);
    if (auto* const refusal = std::get_if<net::Response>(&decision)) {
      asked.request.note([&](FlightNotes& notes) { notes = call->take_notes(); });
      co_return answer_refused_call(asked, **tool, std::move(*refusal));
    }
    co_return co_await run_call(asked, call, std::move(decision));
  }

  Task<net::Response> run_call(const Asked& asked, std::shared_ptr<Call> call, Decision decision) {
    Executor& executor = co_await current_executor();
    asked.place->name(*asked.message.id, find_session(asked.request), call, executor);
    const auto* const caller = std::get_if<Caller>(&decision);
    const auto limit = caller == nullptr ? std::nullopt : caller->limit;
    co_await call->start(std::move(decision), std::move(*asked.place));
    const auto progress_token = find_progress_token(asked.message);
    if (!call->result() && !progress_token) co_await wait_a_while(asked.request, call);
    if (call->result() && !call->is_cancelled()) {
      asked.place.emplace(call->take_place());
      co_return with_rate_limit(answer_result(asked, *call->result()), limit);
    }
    const auto finish = [id = *asked.message.id, &settings = asked.settings,
                         release = asked.release](json::object done) {
      return write_result(id, complete(std::move(done), settings, release));
    };
    // Releases before 2026-07-28, cancellation: what was cancelled has no answer; its stream ends without one.
    auto events = stream_call(std::move(call), progress_token, finish);
    co_return with_rate_limit(answer_events(guard.guard(std::move(events), asked.caller)), limit);
  }

  /// For the result, or for as long as a client should wait for the head of an answer; not after it has gone.
  static Task<void> wait_a_while(const net::Request& request, std::shared_ptr<Call> call) {
    const net::Cancellation::Watch watch(request.cancellation, [&call] { call->cancel(); });
    const auto is_over = std::make_shared<bool>(false);
    Executor& executor = co_await current_executor();
    start_task(executor, wake_after_patience(call, is_over));
    while (!call->result() && !call->is_cancelled() && !*is_over) co_await call->wait();
  }
  static Task<void> wake_after_patience(std::shared_ptr<Call> call, std::shared_ptr<bool> is_over) {
    co_await net::sleep_for(kPatience);
    *is_over = true;
    call->wake();
  }

  net::Response answer_subscription(const Asked& asked) {
    const json::value* filter = asked.message.params.if_contains("notifications");
    if (filter == nullptr || !filter->is_object())
      return answer_error({ErrorCode::invalid_params, "The request has no notifications to subscribe to.", 200},
                          asked.message.id);
    const json::value* tools = filter->get_object().if_contains("toolsListChanged");
    const bool wants_tools = tools != nullptr && tools->is_bool() && tools->get_bool();
    return listen({asked.message.id, wants_tools}, asked.caller, std::move(*asked.place));
  }

  net::Response listen(Subscription subscription, const Caller& caller, OpenRequests::Place place) {
    place.become_stream();
    auto changes = stream_changes(live, std::move(subscription), std::move(place));
    return answer_events(guard.guard(std::move(changes), caller));
  }

  Task<net::Response> answer_get(const net::Request& request) {
    const McpSettings& settings = live.get();
    if (auto refused = check_origin(request, settings)) co_return std::move(*refused);
    auto caller = co_await guard.admit(request, settings.gateway_at(request.path));
    if (!caller) co_return without_cross_origin(std::move(caller.error()));
    note_token(request, *caller->access);
    const auto release = parse_release(request.header("MCP-Protocol-Version").value_or("2025-06-18"));
    if (!release) co_return refuse(400, "MCP-Protocol-Version names no release that this server speaks.");
    if (is_stateless(*release)) {
      net::Response response = refuse(405, "This release has no GET: use subscriptions/listen.");
      response.add_header("Allow", "POST, OPTIONS");
      co_return response;
    }
    if (!accepts(request, "text/event-stream")) co_return refuse(406, "The client must accept text/event-stream.");
    auto place = take_place(*caller, settings);
    if (!place) co_return refuse_place(std::nullopt);
    co_return listen({}, *caller, std::move(*place));
  }

  /// MCP (2025-11-25, transports, session management): 405 says that clients cannot end a session, of which nothing is
  /// kept. It is what well-behaved ones ask for last, and no failure of theirs.
  Task<net::Response> answer_delete(const net::Request& request) {
    const McpSettings& settings = live.get();
    if (auto refused = check_origin(request, settings)) co_return std::move(*refused);
    auto caller = co_await guard.admit(request, settings.gateway_at(request.path));
    if (!caller) co_return without_cross_origin(std::move(caller.error()));
    net::Response response = refuse(405, "Nothing is kept of a session that could be ended.");
    response.add_header("Allow", "POST, GET, HEAD, OPTIONS");
    co_return response;
  }
};

McpServer::McpServer(const Live<McpSettings>& settings, Guard& guard, Gateway& gateway, std::string path,
                     Randomness& randomness, Log& log)
    : state_(new State{settings, guard, gateway, std::move(path), randomness, log}) {}
McpServer::~McpServer() = default;

void McpServer::add_routes(net::Router& router) {
  using enum net::Method;
  // Its metadata is there for both spellings (docs/adr/0012): what else falls to the API would be a message of MCP.
  for (const std::string& path : {state_->path, state_->path + "/"}) {
    router.add(
        post, path, [this](const net::Request& request) { return answer_post(request); }, net::CrossOrigin::any_origin);
    router.add(
        get, path, [this](const net::Request& request) { return answer_get(request); }, net::CrossOrigin::any_origin);
    router.add(
        delete_, path, [this](const net::Request& request) { return answer_delete(request); },
        net::CrossOrigin::any_origin);
  }
}

Task<net::Response> McpServer::answer_post(const net::Request& request) {
  return take_notes(request, state_->answer_post(request));
}

Task<net::Response> McpServer::answer_get(const net::Request& request) {
  return take_notes(request, state_->answer_get(request));
}

Task<net::Response> McpServer::answer_delete(const net::Request& request) {
  return take_notes(request, state_->answer_delete(request));
}

}  // namespace chatelaine::gateway::mcp
