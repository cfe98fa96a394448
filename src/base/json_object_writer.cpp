#include "base/json_object_writer.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <utility>

#include "base/eight_bytes.hpp"

namespace chatelaine {
namespace {

constexpr std::size_t kUsualSize = 512;

bool needs_escaping(std::string_view text) {
  for (; text.size() >= EightBytes::kSize; text.remove_prefix(EightBytes::kSize)) {
    const EightBytes eight(text);
    if (eight.has_control() || eight.has('"') || eight.has('\\')) return true;
  }
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f || c == '"' || c == '\\'; });
}

}  // namespace

void JsonObjectWriter::begin(std::string_view name) {
  if (text_.size() == 1) {
    text_.reserve(kUsualSize);
  } else {
    text_ += ',';
  }
  ((text_ += '"') += name) += "\":";
}

void JsonObjectWriter::write(std::string_view text) {
  if (needs_escaping(text)) {
    text_ += boost::json::serialize(boost::json::string_view(text.data(), text.size()));
  } else {
    ((text_ += '"') += text) += '"';
  }
}

JsonObjectWriter& JsonObjectWriter::add(std::string_view name, std::string_view value) {
  begin(name);
  write(value);
  return *this;
}

JsonObjectWriter& JsonObjectWriter::add(std::string_view name, const std::vector<std::string_view>& values) {
  begin(name);
  text_ += '[';
  bool is_first = true;
  for (const std::string_view value : values) {
    if (!is_first) text_ += ',';
    is_first = false;
    write(value);
  }
  text_ += ']';
  return *this;
}

JsonObjectWriter& JsonObjectWriter::add(std::string_view name, std::int64_t value) {
  begin(name);
  char digits[24];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
  text_.append(digits, end);
  return *this;
}

JsonObjectWriter& JsonObjectWriter::add(std::string_view name, bool value) {
  begin(name);
  text_ += value ? "true" : "false";
  return *this;
}

std::string JsonObjectWriter::finish() {
  text_ += '}';
  return std::exchange(text_, "{");
}

}  // namespace chatelaine
