#include "gateway/mcp/tool_result.hpp"

#include <fmt/format.h>

#include "base/ascii.hpp"
#include "base/base64url.hpp"
#include "base/utf8.hpp"
#include "openapi/media_type.hpp"
#include "openapi/tool_output.hpp"
#include "openapi/value_check.hpp"

namespace chatelaine::gateway::mcp {
namespace {

using openapi::essence_of;
using openapi::is_text;

json::object make_text(std::string text) { return {{"type", "text"}, {"text", std::move(text)}}; }

/// Release 2025-11-25, tools, §5.2: one item of a result's content.
json::object make_content(const ApiAnswer& answer) {
  const std::string essence = essence_of(answer.content_type);
  if (answer.body.empty()) return make_text(fmt::format("Done: the API answered {} without content.", answer.status));
  if (is_text(essence)) return make_text(make_valid_utf8(answer.body));
  const bool is_image = essence.starts_with("image/");
  if (is_image || essence.starts_with("audio/"))
    return {{"type", is_image ? "image" : "audio"},
            {"data", base64_encode(answer.body)},
            {"mimeType", make_valid_utf8(essence)}};
  return {{"type", "resource"},
          {"resource",
           json::object{
               {"uri", answer.url}, {"mimeType", make_valid_utf8(essence)}, {"blob", base64_encode(answer.body)}}}};
}

/// RFC 9110 §8.4: gzip and the like, which change the bytes; §12.5.3: `identity` is none.
bool is_coded(const ApiAnswer& answer) {
  return !answer.body.empty() && !answer.content_encoding.empty() && to_lower(answer.content_encoding) != "identity";
}

/// Nothing where the body is no JSON.
std::optional<json::object> find_structure(const ApiAnswer& answer, openapi::AnswerForm form) {
  if (!openapi::is_json(essence_of(answer.content_type))) return std::nullopt;
  auto parsed = parse_json(answer.body);
  if (!parsed) return std::nullopt;
  if (parsed->is_object() && form == openapi::AnswerForm::natural) return std::move(parsed->get_object());
  return json::object{{openapi::kResultMember, *std::move(parsed)}};
}

std::string list_faults(const std::vector<openapi::Fault>& faults) {
  std::string text;
  for (const openapi::Fault& fault : faults)
    text +=
        fmt::format("\n{}: {} (expected: {})", fault.path.empty() ? "/" : fault.path, fault.message, fault.expected);
  return text;
}

/// Clients refuse the whole of a result that its tool's output schema does not fit. As an error the model reads it, and
/// must not take the call for one that was not done.
json::object make_unexpected_result(const ApiAnswer& answer, const std::vector<openapi::Fault>& faults) {
  const std::string_view body = answer.body.empty() ? "nothing" : std::string_view(answer.body);
  return make_error_result(fmt::format(
      "The call was done: the API answered {}, though not with what its description promises.{}\nThe answer: {}",
      answer.status, list_faults(faults), is_text(essence_of(answer.content_type)) ? make_valid_utf8(body) : "bytes"));
}

std::string describe_refusal(const ApiAnswer& answer) {
  std::string sentence = answer.is_ours ? fmt::format("This server answered {} in the API's place", answer.status)
                                        : fmt::format("The API answered {}", answer.status);
  if (!answer.retry_after.empty()) sentence += fmt::format(" (Retry-After: {})", make_valid_utf8(answer.retry_after));
  if (!answer.location.empty()) sentence += fmt::format(" and sends on to {}", make_valid_utf8(answer.location));
  if (answer.body.empty()) return sentence + ".";
  if (is_coded(answer) || !is_text(essence_of(answer.content_type))) return sentence + " with content that is no text.";
  return sentence + ": " + make_valid_utf8(answer.body);
}

}  // namespace

json::object make_error_result(std::string sentence) {
  return {{"content", json::array{make_text(std::move(sentence))}}, {"isError", true}};
}

json::object make_fault_result(const std::vector<openapi::Fault>& faults) {
  return make_error_result("The arguments do not fit the tool's input schema:" + list_faults(faults));
}

json::object make_tool_result(const openapi::Tool& tool, const ApiAnswer& answer) {
  if (answer.status >= 300) return make_error_result(describe_refusal(answer));
  if (is_coded(answer))
    return make_error_result(fmt::format(
        "The call was done: the API answered {}, though with what cannot be read: it is coded as {}, and was asked for "
        "without a coding (Accept-Encoding: identity).",
        answer.status, make_valid_utf8(answer.content_encoding)));
  auto structure = find_structure(answer, tool.answer_form);
  if (tool.output_schema) {
    if (!structure && tool.answer_form == openapi::AnswerForm::member_if_json) structure.emplace();
    if (!structure) return make_unexpected_result(answer, {{"", "no_json", "this is no JSON", "JSON"}});
    const auto faults = openapi::check_value(*tool.output_schema, *structure);
    if (!faults.empty()) return make_unexpected_result(answer, faults);
  }
  json::object result{{"content", json::array{make_content(answer)}}, {"isError", false}};
  if (structure) result["structuredContent"] = *std::move(structure);
  return result;
}

}  // namespace chatelaine::gateway::mcp
