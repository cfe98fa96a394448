#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <map>
#include <optional>
#include <vector>

#include "base/utf8.hpp"
#include "openapi/core_schema.hpp"
#include "openapi/description.hpp"
#include "openapi/view_buffer.hpp"

namespace chatelaine::openapi {
namespace {

constexpr std::size_t kLargest = std::size_t{4} * 1024 * 1024;
constexpr std::size_t kDeepest = 100;
/// How many bytes, values and their text, anchors and aliases may copy in all: enough for shared parts, too few for a
/// "billion laughs" or for one long text a thousand times.
constexpr std::size_t kMostCopied = std::size_t{16} * 1024 * 1024;
/// What a value takes beside its text.
constexpr std::size_t kValueCost = 32;

/// What stops the reading; leaves yaml-cpp as an exception and `read_document` as a value.
struct Stop {
  Fault fault;
};

std::string format_position(std::size_t line, std::size_t column) {
  return fmt::format("line {}, column {}", line, column);
}

[[noreturn]] void stop(const YAML::Mark& mark, std::string code, std::string message, std::string expected) {
  throw Stop{{format_position(static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1),
              std::move(code), std::move(message), std::move(expected)}};
}

/// A finished value with what an alias to it would cost.
struct Measured {
  json::value value;
  std::size_t size = kValueCost;
  std::size_t height = 0;
};

/// A plain `<<` (https://yaml.org/type/merge.html) is no part of YAML 1.2, but of what people write by hand.
constexpr std::string_view kMerge = "<<";

/// Builds one JSON value from the parser's events; a mapping's names are taken as they are written, so that the answer
/// code `200:` is the name "200".
class Builder final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { put(mark, anchor, {nullptr}, "null"); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      stop(mark, "alias_cycle", "an alias stands inside the value that it names", "an alias to a finished value");
    }
    charge(mark, found->second.size);
    check_depth(mark, open_.size() + found->second.height);
    const json::string* text = found->second.value.if_string();
    put(mark, 0, Measured(found->second), text == nullptr ? std::string() : std::string(*text));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    if (expects_name()) open_.back().merges = tag == "?" && text == kMerge;
    put(mark, anchor, {resolve_scalar(tag, text), kValueCost + text.size()}, text);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    start(mark, anchor, json::array());
  }
  void OnSequenceEnd() override { finish(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    start(mark, anchor, json::object());
  }
  void OnMapEnd() override { finish(); }

  [[nodiscard]] json::value release() { return std::move(root_); }

 private:
  struct Open {
    Measured measured;
    YAML::Mark mark;
    YAML::anchor_t anchor = 0;
    std::optional<std::string> name;  ///< of the member whose value comes next
    bool merges = false;              ///< that member is a merge
    json::array merged;               ///< mappings, whose members this one has where it has none of their names
  };

  static void check_depth(const YAML::Mark& mark, std::size_t depth) {
    if (depth > kDeepest) {
      stop(mark, "too_deep", "the document is nested too deep", fmt::format("at most {} levels", kDeepest));
    }
  }

  void charge(const YAML::Mark& mark, std::size_t size) {
    copied_ += size;
    if (copied_ > kMostCopied) {
      stop(mark, "too_many_aliases", "the aliases blow the document up",
           fmt::format("at most {} bytes through anchors and aliases", kMostCopied));
    }
  }

  void start(const YAML::Mark& mark, YAML::anchor_t anchor, json::value empty) {
    if (expects_name()) stop(mark, "bad_member_name", "a member's name is a list or a mapping", "a scalar as the name");
    check_depth(mark, open_.size() + 1);
    open_.push_back({{std::move(empty)}, mark, anchor, std::nullopt});
  }

  void finish() {
    Open done = std::move(open_.back());
    open_.pop_back();
    // The first of several counts.
    for (const json::value& mapping : done.merged)
      for (const auto& [name, value] : mapping.get_object()) done.measured.value.get_object().emplace(name, value);
    ++done.measured.height;
    put(done.mark, done.anchor, std::move(done.measured), {});
  }

  [[nodiscard]] bool expects_name() const {
    return !open_.empty() && open_.back().measured.value.is_object() && !open_.back().name;
  }

  void put(const YAML::Mark& mark, YAML::anchor_t anchor, Measured measured, const std::string& text) {
    if (anchor != 0) {
      charge(mark, measured.size);
      anchors_.insert_or_assign(anchor, measured);
    }
    if (open_.empty()) {
      root_ = std::move(measured.value);
      return;
    }
    if (expects_name()) {
      take_name(mark, measured.value, text);
      return;
    }
    Open& parent = open_.back();
    parent.measured.size += measured.size + (parent.name ? parent.name->size() : 0);
    parent.measured.height = std::max(parent.measured.height, measured.height);
    if (auto* array = parent.measured.value.if_array()) {
      array->push_back(std::move(measured.value));
    } else if (parent.merges) {
      take_merged(mark, parent, std::move(measured.value));
    } else {
      parent.measured.value.get_object().emplace(*parent.name, std::move(measured.value));
      parent.name.reset();
    }
  }

  static void take_merged(const YAML::Mark& mark, Open& parent, json::value value) {
    json::array mappings = value.is_array() ? std::move(value.get_array()) : json::array{std::move(value)};
    if (!std::ranges::all_of(mappings, &json::value::is_object))
      stop(mark, "bad_merge", "what is merged here is no mapping", "<<: and a mapping, or a list of mappings");
    if (!parent.merged.empty())
      stop(mark, "repeated_member", "one mapping merges twice", "<<: once, with a list of mappings");
    parent.merged = std::move(mappings);
    parent.merges = false;
    parent.name.reset();
  }

  void take_name(const YAML::Mark& mark, const json::value& value, const std::string& text) {
    if (value.is_object() || value.is_array()) {
      stop(mark, "bad_member_name", "a member's name is a list or a mapping", "a scalar as the name");
    }
    Open& parent = open_.back();
    if (parent.measured.value.get_object().contains(text)) {
      stop(mark, "repeated_member", fmt::format("the member \"{}\" appears twice in one mapping", text),
           "each name once");
    }
    parent.name = text;
  }

  std::map<YAML::anchor_t, Measured> anchors_;
  std::vector<Open> open_;
  json::value root_;
  std::size_t copied_ = 0;
};

class NothingMore final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override {
    stop(mark, "several_documents", "a second document follows the first", "one YAML document");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

std::expected<json::value, Fault> read_yaml(std::string_view text) {
  try {
    ViewBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    Builder builder;
    if (!parser.HandleNextDocument(builder)) {
      return std::unexpected(Fault{"line 1, column 1", "empty", "the document is empty", "an OpenAPI description"});
    }
    NothingMore nothing_more;
    parser.HandleNextDocument(nothing_more);
    return builder.release();
  } catch (const Stop& stopped) {
    return std::unexpected(stopped.fault);
  } catch (const YAML::Exception& error) {
    return std::unexpected(Fault{
        format_position(static_cast<std::size_t>(error.mark.line) + 1, static_cast<std::size_t>(error.mark.column) + 1),
        "bad_syntax", error.msg, "YAML 1.2 or JSON"});
  }
}

/// RFC 8259 §8.1: what is made of the text (tools, pages, settings) is UTF-8, and so must its strings be. Columns count
/// characters.
std::optional<Fault> find_bad_byte(std::string_view text) {
  std::size_t line = 1;
  std::size_t column = 1;
  while (!text.empty()) {
    const auto point = decode_first(text);
    if (!point)
      return Fault{format_position(line, column), "bad_encoding",
                   fmt::format("this byte, 0x{:02X}, is no UTF-8", static_cast<unsigned char>(text.front())),
                   "a file that is saved as UTF-8"};
    const bool ends_line = point->value == '\n';
    line += ends_line ? 1 : 0;
    column = ends_line ? 1 : column + 1;
    text.remove_prefix(point->size);
  }
  return std::nullopt;
}

}  // namespace

std::expected<json::value, Fault> read_document(std::string_view text) {
  const std::string expected = "an OpenAPI description in YAML or JSON";
  if (text.size() > kLargest) {
    return std::unexpected(Fault{"line 1, column 1", "too_large", fmt::format("the document has {} bytes", text.size()),
                                 fmt::format("at most {} bytes", kLargest)});
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // YAML 1.2 §5.2 allows one
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) {
    return std::unexpected(Fault{"line 1, column 1", "empty", "the document is empty", expected});
  }
  if (text[start] == '<') {
    return std::unexpected(Fault{"line 1, column 1", "html_page", "this is an HTML or XML page", expected});
  }
  if (text.find('\0') != std::string_view::npos) {
    return std::unexpected(Fault{"line 1, column 1", "bad_syntax", "the document holds a zero byte", expected});
  }
  if (auto fault = find_bad_byte(text)) return std::unexpected(*std::move(fault));
  if (text[start] != '{') return read_yaml(text);
  auto parsed = parse_json(text);
  if (parsed) return *std::move(parsed);
  // YAML may begin with a brace too.
  auto read = read_yaml(text);
  if (read) return read;
  const JsonError& error = parsed.error();
  return std::unexpected(Fault{format_position(error.line, error.column), "bad_syntax", error.message, expected});
}

}  // namespace chatelaine::openapi
