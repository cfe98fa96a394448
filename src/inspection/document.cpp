#include "inspection/document.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "oauth/content_type.hpp"

namespace chatelaine::inspection {

bool is_redirect(int status) { return status >= 300 && status < 400; }

bool is_success(const Visit& visit) {
  return visit.answer && visit.answer->status >= 200 && visit.answer->status <= 299;
}

bool was_asked(const Visit& visit) { return visit.answer || visit.answer.error().kind; }

std::string name_question(const Visit& visit) {
  return visit.method == "GET" ? visit.url : fmt::format("{} {}", visit.method, visit.url);
}

std::string describe_answer(const Visit& visit) {
  if (!visit.answer) return visit.answer.error().message;
  const net::FetchedDocument& answer = *visit.answer;
  if (!is_redirect(answer.status)) return fmt::format("{} answers with status {}", name_question(visit), answer.status);
  return fmt::format("{} answers with a redirect (status {}) to {}", name_question(visit), answer.status,
                     quote(answer.header("Location")));
}

std::string describe_header(const net::FetchedDocument& answer, std::string_view name) {
  const std::string_view value = answer.header(name);
  return value.empty() ? fmt::format("there is no {}", name) : fmt::format("{} is {}", name, quote(value));
}

std::string change_for(net::FetchError::Kind kind) {
  using Kind = net::FetchError::Kind;
  switch (kind) {
    case Kind::tls_failed:
      return std::string(describe(Check::certificate).change);
    case Kind::forbidden_address:
      return "Publish the name in the DNS with a public address: assistants run elsewhere. (To look at a server on "
             "this machine, give a loopback URL such as http://127.0.0.1:8080.)";
    case Kind::unresolvable:
    case Kind::unreachable:
    case Kind::timed_out:
      return std::string(describe(Check::reachable).change);
    case Kind::too_large:
      return "Answer with a smaller document.";
    case Kind::bad_url:
      return "Write the whole https URL there.";
    case Kind::bad_answer:
      return "Answer with valid HTTP/1.1.";
  }
  return {};
}

std::optional<Finding> find_silence(Check check, const Visit& visit) {
  if (visit.answer) return std::nullopt;
  const NoAnswer& why = visit.answer.error();
  return why.kind ? find_fault(check, why.message, change_for(*why.kind)) : skip(check, why.message);
}

std::optional<Finding> find_refusal(Check check, const Visit& visit) {
  if (auto silence = find_silence(check, visit)) return silence;
  if (visit.answer->status == 200) return std::nullopt;
  return find_fault(check, describe_answer(visit));
}

std::expected<json::object, Finding> read_object(Check check, const Visit& visit) {
  if (auto refusal = find_refusal(check, visit)) return std::unexpected(*std::move(refusal));
  auto document = parse_json(visit.answer->body);
  if (!document) {
    const JsonError& error = document.error();
    return std::unexpected(find_fault(check, fmt::format("{} is not JSON: line {}, column {}: {}", visit.url,
                                                         error.line, error.column, error.message)));
  }
  if (!document->is_object())
    return std::unexpected(
        find_fault(check, fmt::format("{} is {}, not a JSON object", visit.url, name_of(document->kind()))));
  return std::move(document->get_object());
}

bool is_absent(const Visit& visit) {
  if (!visit.answer) return false;
  const int status = visit.answer->status;
  return status == 404 || status == 410 || status == 401 || status == 403;
}

bool is_json(const net::FetchedDocument& answer) {
  return oauth::parse_content_type(answer.header("Content-Type")).media_type == "application/json";
}

std::optional<std::vector<std::string>> find_list(const json::object& document, std::string_view member) {
  const json::value* value = document.if_contains(member);
  const json::array* array = value == nullptr ? nullptr : value->if_array();
  if (array == nullptr) return std::nullopt;
  std::vector<std::string> words;
  for (const json::value& element : *array) {
    const json::string* text = element.if_string();
    if (text == nullptr) return std::nullopt;
    words.emplace_back(*text);
  }
  return words;
}

std::string join(const std::vector<std::string>& words) {
  constexpr std::size_t kMost = 8;
  std::string joined;
  for (std::size_t i = 0; i < words.size() && i < kMost; ++i)
    joined += fmt::format("{}{}", joined.empty() ? "" : ", ", quote(words[i]));
  return words.size() > kMost ? joined + ", …" : joined;
}

Finding judge_type(Check check, const Visit& visit) {
  if (!visit.answer) return skip(check, describe_answer(visit));
  if (is_json(*visit.answer)) return find_good(check, fmt::format("{} is sent as JSON", visit.url));
  return find_fault(check, fmt::format("{}: {}", visit.url, describe_header(*visit.answer, "Content-Type")));
}

}  // namespace chatelaine::inspection
