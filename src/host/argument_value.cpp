#include "host/argument_value.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace chatelaine::host {
namespace {

template <class T>
using Checked = std::expected<T, std::string>;

std::unexpected<std::string> refuse(std::string_view name, std::string_view expected) {
  return std::unexpected(fmt::format("\"{}\" must be {}.", name, expected));
}

Checked<json::value> read_integer(std::string_view name, std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return refuse(name, "a whole number");
  return json::value(number);
}

Checked<json::value> read_number(std::string_view name, std::string_view text) {
  if (const auto integer = read_integer(name, text)) return *integer;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number))
    return refuse(name, "a number");
  return json::value(number);
}

Checked<json::value> read_boolean(std::string_view name, std::string_view text) {
  if (text == "true") return json::value(true);
  if (text == "false") return json::value(false);
  return refuse(name, "true or false");
}

Checked<json::value> read_object(std::string_view name, std::string_view text) {
  auto parsed = parse_json(text);
  if (!parsed || !parsed->is_object()) return refuse(name, "a JSON object such as {\"key\":\"value\"}");
  return std::move(*parsed);
}

Checked<json::value> read_array(std::string_view name, const std::vector<std::string>& texts) {
  if (texts.size() == 1 && texts.front().starts_with('[')) {
    auto parsed = parse_json(texts.front());
    if (!parsed) return refuse(name, "a JSON array such as [\"one\",\"two\"], or be given once for each element");
    return std::move(*parsed);
  }
  json::array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

Checked<json::value> read_scalar(std::string_view name, std::string_view type, std::string_view text) {
  if (type == "integer") return read_integer(name, text);
  if (type == "number") return read_number(name, text);
  if (type == "boolean") return read_boolean(name, text);
  if (type == "object") return read_object(name, text);
  return json::value(text);
}

std::string to_text(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

}  // namespace

Checked<json::value> read_json_value(std::string_view name, std::string_view type,
                                     const std::vector<std::string>& texts) {
  if (type == "array") return read_array(name, texts);
  if (texts.size() != 1) return refuse(name, "given once");
  return read_scalar(name, type, texts.front());
}

Checked<std::vector<std::string>> read_texts(std::string_view name, std::string_view type,
                                             const std::vector<std::string>& texts) {
  if (texts.empty()) return std::vector<std::string>{};
  const auto value = read_json_value(name, type, texts);
  if (!value) return std::unexpected(value.error());
  if (type != "array") return texts;
  std::vector<std::string> out;
  for (const json::value& element : value->get_array()) out.push_back(to_text(element));
  return out;
}

}  // namespace chatelaine::host
