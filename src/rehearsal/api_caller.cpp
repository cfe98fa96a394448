#include "rehearsal/api_caller.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "inspection/document.hpp"
#include "openapi/description.hpp"
#include "rehearsal/answers.hpp"
#include "rehearsal/messages.hpp"

namespace chatelaine::rehearsal {
namespace {

using inspection::Visit;

bool needs_nothing(const openapi::Operation& operation) {
  return operation.method == "GET" && operation.path.find('{') == std::string::npos &&
         std::ranges::none_of(operation.parameters, &openapi::Parameter::required);
}

std::string without_slash(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

std::expected<json::object, std::string> read_tools(const Visit& listed) {
  if (!inspection::is_success(listed)) return std::unexpected(inspection::describe_answer(listed));
  return read_result(*listed.answer, McpRequest::tools_list);
}

}  // namespace

std::optional<std::string> find_safe_call(std::string_view description, const HttpUrl& base) {
  const auto read = openapi::read_description(description);
  if (!read) return std::nullopt;
  const auto found = std::ranges::find_if(read->operations, needs_nothing);
  if (found == read->operations.end()) return std::nullopt;
  const auto server = read->servers.empty() ? resolve_url(base, "/") : resolve_url(base, read->servers.front());
  if (!server) return std::nullopt;
  return without_slash(server->text) + found->path;
}

ApiCaller::ApiCaller(inspection::Outside& outside, const oauth::AssistantProfile& profile)
    : outside_(outside), profile_(profile) {}

void ApiCaller::prepare(const Given& given, const Server& server, const std::optional<Visit>& description) {
  if (profile_.generation == oauth::AssistantGeneration::connector) {
    conversation_ = {server.mcp_url, profile_.user_agent.value_or(""), {}, {}};
    return;
  }
  const HttpUrl& base = server.manifest ? server.manifest->api_url : given.target.url;
  if (!given.call_path.empty()) {
    if (const auto url = resolve_url(base, given.call_path)) url_ = url->text;
    return;
  }
  if (!description || !description->answer) return;
  const auto at = parse_http_url(description->url);
  url_ = find_safe_call(description->answer->body, at ? *at : base).value_or("");
}

Task<Remarks> ApiCaller::call_first(std::string_view access_token) {
  if (!conversation_.url.empty()) co_return co_await call_tools(std::string(access_token));
  const auto visit = co_await call_again(access_token);
  if (visit) co_return Remarks{judge_call(*visit, Point::api_call)};
  co_return Remarks{skip(Point::api_call,
                         "it is not known which operation needs no parameters: name one with --call, or "
                         "the description with --openapi")};
}

Task<std::optional<Visit>> ApiCaller::call_again(std::string_view access_token) {
  using Answer = std::optional<Visit>;
  if (conversation_.url.empty() && url_.empty()) co_return Answer{};
  inspection::Question question = conversation_.url.empty() ? make_call(profile_, url_, access_token)
                                                            : make_tools_list(conversation_, access_token);
  Visit visit = co_await outside_.visit(std::move(question));
  co_return Answer(std::move(visit));
}

Task<Remarks> ApiCaller::call_tools(std::string access_token) {
  Remarks remarks;
  const bool is_begun = co_await begin_conversation(access_token, remarks);
  if (!is_begun) co_return remarks;
  inspection::Question list = make_tools_list(conversation_, access_token);
  const Visit listed = co_await outside_.visit(std::move(list));
  const auto tools = read_tools(listed);
  if (!tools) {
    remarks.push_back(find_fault(Point::tools, fmt::format("tools/list: {}", tools.error())));
    co_return remarks;
  }
  const std::size_t count = count_tools(*tools);
  if (count == 0) {
    remarks.push_back(find_warning(Point::tools, "tools/list brings no tool"));
    co_return remarks;
  }
  remarks.push_back(notice(Point::tools, fmt::format("{} tool{}", count, count == 1 ? "" : "s")));
  const std::string tool = find_safe_tool(*tools);
  if (tool.empty()) {
    remarks.push_back(skip(Point::api_call, "no tool says that it only reads and needs no arguments: none was called"));
    co_return remarks;
  }
  inspection::Question call = make_tool_call(conversation_, tool, access_token);
  const Visit called = co_await outside_.visit(std::move(call));
  remarks.push_back(judge_tool_call(called, tool));
  co_return remarks;
}

Task<bool> ApiCaller::begin_conversation(std::string access_token, Remarks& remarks) {
  inspection::Question initialize = make_initialize(conversation_, profile_.title, access_token);
  const Visit first = co_await outside_.visit(std::move(initialize));
  if (!inspection::is_success(first)) {
    Remark refused = judge_call(first, Point::api_call);
    // Without a conversation there is no tool, whatever the status says.
    remarks.push_back(
        refused.verdict == Verdict::fault
            ? std::move(refused)
            : find_fault(Point::tools, fmt::format("initialize: {}", inspection::describe_answer(first))));
    co_return false;
  }
  const auto begun = read_result(*first.answer, McpRequest::initialize);
  const std::string wrong = begun ? find_strange_release(*begun) : begun.error();
  if (!wrong.empty()) {
    remarks.push_back(find_fault(Point::tools, fmt::format("initialize: {}", wrong)));
    co_return false;
  }
  remarks.push_back(notice(Point::tools, fmt::format("initialize is answered with status {}", first.answer->status)));
  keep_conversation(conversation_, *first.answer, *begun);
  inspection::Question initialized = make_initialized(conversation_, access_token);
  const Visit noted = co_await outside_.visit(std::move(initialized));
  if (!inspection::is_success(noted))
    remarks.push_back(
        find_warning(Point::tools, fmt::format("notifications/initialized: {}", inspection::describe_answer(noted))));
  co_return true;
}

}  // namespace chatelaine::rehearsal
