#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <cmath>
#include <unordered_set>
#include <utility>
#include <vector>

namespace chatelaine {
namespace {

/// Enough for documents of rich text, which have two levels for each of their nodes, and for descriptions. The parser
/// and whoever walks over a value call themselves for each level.
constexpr std::size_t kDeepest = 100;

/// Builds the value as json::parser does, and remembers the names of each open object.
class Builder {
 public:
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  explicit Builder(std::string& repeated) : repeated_(repeated) { stack_.reset(); }
  json::value release() { return stack_.release(); }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) {
    names_.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t n, json::error_code&) {
    names_.pop_back();
    stack_.push_object(n);
    return true;
  }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(std::size_t n, json::error_code&) {
    stack_.push_array(n);
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    key_.append(part);
    stack_.push_chars(part);
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code& ec) {
    key_.append(part);
    if (!names_.back().insert(key_).second) {
      repeated_ = key_;
      ec = json::error::syntax;
      return false;
    }
    key_.clear();
    stack_.push_key(part);
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    stack_.push_chars(part);
    return true;
  }
  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    stack_.push_string(part);
    return true;
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t i, json::string_view, json::error_code&) {
    stack_.push_int64(i);
    return true;
  }
  bool on_uint64(std::uint64_t u, json::string_view, json::error_code&) {
    stack_.push_uint64(u);
    return true;
  }
  bool on_double(double d, json::string_view, json::error_code& ec) {
    // RFC 8259 §6: as we may limit it. It would be written again as something that is no JSON.
    if (!std::isfinite(d)) {
      ec = json::error::exponent_overflow;
      return false;
    }
    stack_.push_double(d);
    return true;
  }
  bool on_bool(bool b, json::error_code&) {
    stack_.push_bool(b);
    return true;
  }
  bool on_null(json::error_code&) {
    stack_.push_null();
    return true;
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  json::value_stack stack_;
  std::string key_;
  std::vector<std::unordered_set<std::string>> names_;
  std::string& repeated_;
};

/// The likely slip at `offset`, or nothing.
std::string_view guess_slip(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t last = before.find_last_not_of(" \t\r\n");
  const char next = offset < text.size() ? text[offset] : '\0';
  if (text.empty() || text.find_first_not_of(" \t\r\n") == std::string_view::npos) return "the text is empty";
  if (text.starts_with("\xEF\xBB\xBF")) return "it starts with a byte order mark: save it as UTF-8 without one";
  if (text.starts_with('<')) return "this is an HTML or XML page, not JSON";
  if (last != std::string_view::npos && before[last] == ',' && (next == '}' || next == ']')) {
    return "a comma before the closing bracket: remove the trailing comma";
  }
  if (next == '/' || next == '#') return "JSON has no comments";
  if (next == '\'') return "JSON strings take double quotes";
  if (offset >= text.size()) return "the text ends too early: a bracket or quote is not closed";
  return {};
}

JsonError describe(std::string_view text, std::size_t offset, std::string message) {
  offset = std::min(offset, text.size());
  const std::string_view before = text.substr(0, offset);
  const auto line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
  const std::size_t start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return {std::move(message), line, offset - start + 1};
}

}  // namespace

std::expected<json::value, JsonError> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = kDeepest;
  std::string repeated;
  json::basic_parser<Builder> parser(options, repeated);
  json::error_code error;
  std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (!error && used < text.size()) error = json::error::extra_data;
  if (!error) return parser.handler().release();

  if (!repeated.empty()) {
    return std::unexpected(
        describe(text, used, fmt::format("the member \"{}\" appears twice in one object", repeated)));
  }
  if (error == json::error::too_deep) {
    return std::unexpected(describe(text, used, fmt::format("it is nested more than {} levels deep", kDeepest)));
  }
  if (error == json::error::exponent_overflow)
    return std::unexpected(describe(text, used, "a number is larger than any that can be kept here (about 1.8e308)"));
  const std::string_view slip = guess_slip(text, used);
  return std::unexpected(describe(text, used, slip.empty() ? error.message() : std::string(slip)));
}

namespace {
void print(std::string& out, const json::value& value, std::size_t depth) {
  const auto entries = [&](const auto& container, char open, char close, const auto& print_entry) {
    out += open;
    bool first = true;
    for (const auto& entry : container) {
      out += first ? "\n" : ",\n";
      first = false;
      out.append((depth + 1) * 2, ' ');
      print_entry(entry);
    }
    if (!first) out.append("\n").append(depth * 2, ' ');
    out += close;
  };
  if (const auto* object = value.if_object()) {
    entries(*object, '{', '}', [&](const json::key_value_pair& member) {
      out += json::serialize(json::string_view(member.key())) + ": ";
      print(out, member.value(), depth + 1);
    });
  } else if (const auto* array = value.if_array()) {
    entries(*array, '[', ']', [&](const json::value& element) { print(out, element, depth + 1); });
  } else {
    out += json::serialize(value);
  }
}
}  // namespace

std::string pretty_json(const json::value& value) {
  std::string out;
  print(out, value, 0);
  out += '\n';
  return out;
}

std::string_view name_of(json::kind kind) {
  switch (kind) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "a boolean";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_:
      return "a number";
    case json::kind::string:
      return "a string";
    case json::kind::array:
      return "an array";
    case json::kind::object:
      return "an object";
  }
  std::unreachable();
}

const json::string* find_string(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(name);
  return member == nullptr ? nullptr : member->if_string();
}

}  // namespace chatelaine
