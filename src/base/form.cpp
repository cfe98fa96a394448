#include "base/form.hpp"

#include <algorithm>
#include <array>

#include "base/secret.hpp"

namespace chatelaine {
namespace {

constexpr std::size_t kMostParameters = 128;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Plus { is_blank, is_plus };

// Into `out` itself, so that no copy of a password is left behind. False on a stray `%`.
bool decode(std::string_view text, Plus plus, std::string& out) {
  const bool has_blanks = plus == Plus::is_blank && text.contains('+');
  const auto is_encoded = [has_blanks](char c) { return c == '%' || (c == '+' && has_blanks); };
  out.reserve(text.size());
  while (true) {
    // Most values are tokens, which are written as they are: looking for one character is much the fastest.
    const std::size_t plain = has_blanks
                                  ? static_cast<std::size_t>(std::ranges::find_if(text, is_encoded) - text.begin())
                                  : std::min(text.find('%'), text.size());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) return true;
    if (text.front() == '+') {
      out += ' ';
      text.remove_prefix(1);
      continue;
    }
    const int high = text.size() > 2 ? hex_digit(text[1]) : -1;
    const int low = text.size() > 2 ? hex_digit(text[2]) : -1;
    if (high < 0 || low < 0) return false;
    out += static_cast<char>(high * 16 + low);
    text.remove_prefix(3);
  }
}

/// At least as many as will be kept: a vector that grows frees short values as they are.
std::size_t count_pairs(std::string_view text) {
  std::size_t pairs = 1;
  for (std::size_t at = text.find('&'); at != std::string_view::npos && pairs < kMostParameters;
       at = text.find('&', at + 1)) {
    ++pairs;
  }
  return pairs;
}

void wipe_value(Form::Field& field) noexcept { wipe(field.value.data(), field.value.size()); }

constexpr auto kUnreserved = [] {
  std::array<bool, 256> table{};
  for (char c = 'a'; c <= 'z'; ++c) table[static_cast<unsigned char>(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) table[static_cast<unsigned char>(c)] = true;
  for (char c = '0'; c <= '9'; ++c) table[static_cast<unsigned char>(c)] = true;
  for (const char c : {'-', '.', '_', '~'}) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

}  // namespace

Form& Form::operator=(Form&& other) noexcept {
  if (this == &other) return *this;
  wipe_values();
  fields_ = std::move(other.fields_);
  return *this;
}

Form& Form::operator=(const Form& other) { return *this = Form(other); }

Form::~Form() { wipe_values(); }

void Form::wipe_values() noexcept { std::ranges::for_each(fields_, wipe_value); }

std::optional<std::string_view> Form::get(std::string_view name) const {
  const auto found = std::ranges::find(fields_, name, &Field::name);
  if (found == fields_.end()) return std::nullopt;
  return found->value;
}

std::string_view Form::get_or_empty(std::string_view name) const { return get(name).value_or(std::string_view{}); }

std::vector<std::string_view> Form::get_all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const Field& field : fields_) {
    if (field.name == name) values.emplace_back(field.value);
  }
  return values;
}

void Form::add(std::string name, std::string value) {
  if (fields_.size() == fields_.capacity()) {
    // By hand: a vector that grows frees short values as they are.
    Form grown;
    grown.fields_.reserve(2 * fields_.size() + 1);
    grown.fields_.assign(fields_.begin(), fields_.end());
    *this = std::move(grown);
  }
  fields_.push_back({std::move(name), std::move(value)});
}

void Form::set(std::string_view name, std::string value) {
  const auto found = std::ranges::find(fields_, name, &Field::name);
  if (found == fields_.end()) {
    add(std::string(name), std::move(value));
  } else {
    wipe_value(*found);
    found->value = std::move(value);
  }
}

std::expected<std::vector<Form::Field>, FormError> parse_form_fields(std::string_view text) {
  std::vector<Form::Field> fields;
  fields.reserve(count_pairs(text));
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    if (fields.size() == kMostParameters) {
      std::ranges::for_each(fields, wipe_value);
      return std::unexpected(FormError{FormError::Kind::too_many_parameters, {}});
    }
    const std::size_t equals = std::min(pair.find('='), pair.size());
    Form::Field& field = fields.emplace_back();
    if (!decode(pair.substr(0, equals), Plus::is_blank, field.name) ||
        !decode(pair.substr(std::min(equals + 1, pair.size())), Plus::is_blank, field.value)) {
      std::ranges::for_each(fields, wipe_value);
      return std::unexpected(FormError{FormError::Kind::bad_percent_encoding, std::string(pair.substr(0, equals))});
    }
  }
  return fields;
}

std::expected<Form, FormError> parse_form(std::string_view text, std::optional<std::string_view> repeatable) {
  auto parsed = parse_form_fields(text);
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  Form form(std::move(*parsed));
  const auto& fields = form.fields();
  for (auto field = fields.begin(); field != fields.end(); ++field) {
    if (repeatable && field->name == *repeatable) continue;
    if (std::find_if(fields.begin(), field, [&](const Form::Field& earlier) { return earlier.name == field->name; }) !=
        field) {
      return std::unexpected(FormError{FormError::Kind::repeated_parameter, field->name});
    }
  }
  return form;
}

std::string encode_form(const std::vector<Form::Field>& fields) {
  std::string out;
  for (const Form::Field& field : fields) {
    if (!out.empty()) out += '&';
    out += percent_encode(field.name) + '=' + percent_encode(field.value);
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kUnreserved[byte]) {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 0xf];
    }
  }
  return out;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  if (!decode(text, Plus::is_plus, out)) return std::nullopt;
  return out;
}

}  // namespace chatelaine
