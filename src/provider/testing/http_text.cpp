#include "provider/testing/http_text.hpp"

#include <array>
#include <stdexcept>

#include "base/form.hpp"
#include "base/json.hpp"

namespace chatelaine::provider::testing {
namespace {

std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

std::string decode_entities(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 7> kEntities{{{"&amp;", '&'},
                                                                        {"&lt;", '<'},
                                                                        {"&gt;", '>'},
                                                                        {"&quot;", '"'},
                                                                        {"&apos;", '\''},
                                                                        {"&#39;", '\''},
                                                                        {"&#x27;", '\''}}};
  std::string out;
  while (!text.empty()) {
    bool found = false;
    for (const auto& [entity, character] : kEntities) {
      if (!text.starts_with(entity)) continue;
      out += character;
      text.remove_prefix(entity.size());
      found = true;
      break;
    }
    if (found) continue;
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

}  // namespace

std::optional<std::string> TestResponse::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (net::equals_ignoring_case(key, name)) return value;
  }
  return std::nullopt;
}

std::string TestResponse::member(std::string_view name) const {
  const auto parsed = parse_json(body);
  const auto* object = parsed ? parsed->if_object() : nullptr;
  const auto* value = object != nullptr ? object->if_contains(name) : nullptr;
  if (value == nullptr) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

std::string TestResponse::location_parameter(std::string_view name) const {
  const auto location = header("Location").value_or("");
  const auto query = location.find('?');
  if (query == std::string::npos) return {};
  const auto form = parse_form(std::string_view(location).substr(query + 1));
  return form ? std::string(form->get_or_empty(name)) : std::string();
}

std::string TestResponse::form_field(std::string_view name) const {
  const std::string start = "name=\"" + std::string(name) + "\" value=\"";
  const auto at = body.find(start);
  if (at == std::string::npos) return {};
  const auto begin = at + start.size();
  return decode_entities(std::string_view(body).substr(begin, body.find('"', begin) - begin));
}

TestRequest parse_request(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  TestRequest request;
  const auto first = take_line(text);
  const auto blank = first.find(' ');
  if (blank == std::string_view::npos) throw std::runtime_error("no request line: " + std::string(first));
  request.method = first.substr(0, blank);
  request.target = first.substr(blank + 1);
  while (!text.empty()) {
    const auto line = take_line(text);
    if (line.empty()) break;
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos) throw std::runtime_error("no header: " + std::string(line));
    request.with(std::string(line.substr(0, colon)), std::string(line.substr(colon + 2)));
  }
  request.body = text;
  return request;
}

std::string visible_text(std::string_view html) {
  // The frame belongs to other tests: only what stands in <main> counts, where there is one.
  const auto begin = html.find("<main");
  if (begin != std::string_view::npos) html = html.substr(begin, html.find("</main>") - begin);
  // So does the request's id, which is the last thing on every error page (notes_test).
  html = html.substr(0, html.find("<p class=\"quiet request\">"));
  std::string out;
  bool in_tag = false;
  for (const char c : html) {
    if (c == '<') in_tag = true;
    const bool is_blank = in_tag || c == ' ' || c == '\n' || c == '\t';
    if (!is_blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
    if (c == '>') in_tag = false;
  }
  if (out.ends_with(' ')) out.pop_back();
  return decode_entities(out);
}

}  // namespace chatelaine::provider::testing
