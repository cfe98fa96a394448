#include "openapi/core_schema.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

namespace chatelaine::openapi {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <class Number>
std::optional<Number> parse_number(std::string_view digits, int base) {
  Number number{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

/// `[-+]?[0-9]+`, `0o[0-7]+` or `0x[0-9a-fA-F]+`.
std::optional<json::value> parse_integer(std::string_view text) {
  if (text.starts_with("0o") || text.starts_with("0x")) {
    const auto number = parse_number<std::uint64_t>(text.substr(2), text[1] == 'o' ? 8 : 16);
    if (!number || text[2] == '-' || text[2] == '+') return std::nullopt;
    return json::value(*number);
  }
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
  }
  if (const auto number = parse_number<std::int64_t>(text, 10)) return json::value(*number);
  if (const auto number = parse_number<std::uint64_t>(text, 10)) return json::value(*number);
  return std::nullopt;
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
bool is_float(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const auto take_digits = [&text] {
    const auto count = static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
    text.remove_prefix(count);
    return count;
  };
  std::size_t digits = take_digits();
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    digits += take_digits();
  }
  if (digits == 0) return false;
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    if (take_digits() == 0) return false;
  }
  return text.empty();
}

std::optional<json::value> parse_float(std::string_view text) {
  if (!is_float(text)) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !std::isfinite(number)) return std::nullopt;
  return json::value(number);
}

json::value resolve_plain(std::string_view text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  if (!is_digit(text.front()) && text.front() != '-' && text.front() != '+' && text.front() != '.') {
    return json::string(text);
  }
  if (auto number = parse_integer(text)) return *std::move(number);
  if (auto number = parse_float(text)) return *std::move(number);
  return json::string(text);
}

}  // namespace

json::value resolve_scalar(std::string_view tag, std::string_view text) {
  constexpr std::string_view kCore = "tag:yaml.org,2002:";
  if (tag == "?" || tag.empty()) return resolve_plain(text);
  if (tag.starts_with(kCore)) {
    const std::string_view kind = tag.substr(kCore.size());
    if (kind == "null" || kind == "bool" || kind == "int" || kind == "float") return resolve_plain(text);
  }
  return json::string(text);
}

}  // namespace chatelaine::openapi
