#include "openapi/value_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "openapi/budget.hpp"
#include "openapi/reference.hpp"

namespace chatelaine::openapi {
namespace {

constexpr std::size_t kMostFaults = 10;
/// Of values and names that are looked at, each time.
constexpr std::size_t kMostLooks = 100'000;
constexpr std::size_t kMostNamed = 30;
/// Of `$ref`s that lead to `$ref`s.
constexpr int kMostSteps = 32;

bool is_integer(const json::value& value) {
  if (value.is_int64() || value.is_uint64()) return true;
  return value.is_double() && std::isfinite(value.get_double()) && value.get_double() == std::trunc(value.get_double());
}

bool is_of_type(std::string_view type, const json::value& value) {
  if (type == "integer") return is_integer(value);
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  return value.is_null();
}

std::string_view to_words(std::string_view type) {
  if (type == "integer") return "a whole number";
  if (type == "number") return "a number";
  if (type == "string") return "a string";
  if (type == "boolean") return "true or false";
  if (type == "object") return "an object";
  if (type == "array") return "a list";
  return "null";
}

std::vector<std::string_view> list_types(const json::value& type) {
  std::vector<std::string_view> types;
  if (const json::string* text = type.if_string()) return {std::string_view(*text)};
  for (const json::value& one : type.get_array()) types.emplace_back(one.get_string());
  return types;
}

class ValueChecker {
 public:
  explicit ValueChecker(const json::object& root) : root_(root) {}

  void check(const json::object& referring, const json::value& value, const std::string& path) {
    const json::object* schema = &referring;
    for (int step = 0; step < kMostSteps && schema != nullptr; ++step) {
      if (!may_go_on()) return;
      if (!check_type(*schema, value, path)) return;
      check_enum(*schema, value, path);
      if (const json::object* object = value.if_object()) check_object(*schema, *object, path);
      if (const json::array* list = value.if_array()) check_list(*schema, *list, path);
      schema = find_definition(*schema);
    }
  }
  [[nodiscard]] std::vector<Fault> release() { return std::move(faults_); }

 private:
  [[nodiscard]] bool may_go_on(std::size_t looks = 1) {
    looks_ += looks;
    return faults_.size() < kMostFaults && looks_ <= kMostLooks;
  }

  void add(const std::string& path, std::string code, std::string message, std::string expected) {
    if (faults_.size() < kMostFaults)
      faults_.push_back({path, std::move(code), std::move(message), std::move(expected)});
  }

  [[nodiscard]] const json::object* find_definition(const json::object& schema) const {
    constexpr std::string_view kBefore = "#/$defs/";
    const json::string* reference = find_string(schema, "$ref");
    if (reference == nullptr || !std::string_view(*reference).starts_with(kBefore)) return nullptr;
    const json::value* definitions = root_.if_contains("$defs");
    const json::value* found =
        definitions == nullptr
            ? nullptr
            : definitions->get_object().if_contains(std::string_view(*reference).substr(kBefore.size()));
    return found == nullptr ? nullptr : found->if_object();
  }

  bool check_type(const json::object& schema, const json::value& value, const std::string& path) {
    const json::value* type = schema.if_contains("type");
    if (type == nullptr) return true;
    const auto types = list_types(*type);
    if (std::ranges::any_of(types, [&](std::string_view one) { return is_of_type(one, value); })) return true;
    std::vector<std::string_view> words;
    std::ranges::transform(types, std::back_inserter(words), to_words);
    add(path, "wrong_type", fmt::format("this is {}", name_of(value.kind())),
        fmt::format("{}", fmt::join(words, " or ")));
    return false;
  }

  void check_enum(const json::object& schema, const json::value& value, const std::string& path) {
    const json::value* allowed = schema.if_contains("enum");
    if (allowed == nullptr || !may_go_on(allowed->get_array().size()) ||
        std::ranges::find(allowed->get_array(), value) != allowed->get_array().end())
      return;
    const json::array& all = allowed->get_array();
    std::vector<std::string> texts;
    for (const json::value& one : all) {
      if (texts.size() < kMostNamed) texts.push_back(shorten(json::serialize(one)));
    }
    add(path, "not_allowed", fmt::format("{} is not among what is allowed", shorten(json::serialize(value))),
        fmt::format("one of {}{}", fmt::join(texts, ", "), texts.size() < all.size() ? ", …" : ""));
  }

  void check_object(const json::object& schema, const json::object& object, const std::string& path) {
    const json::value* required = schema.if_contains("required");
    static const json::array kNone;
    for (const json::value& name : required == nullptr ? kNone : required->get_array()) {
      if (!may_go_on()) return;
      if (object.contains(name.get_string())) continue;
      add(make_path(path, name.get_string()), "missing", "this is required and was not given",
          describe_member(schema, name.get_string()));
    }
    const json::value* properties = schema.if_contains("properties");
    for (const auto& [name, member] : object) {
      if (!may_go_on()) return;
      const json::value* known = properties == nullptr ? nullptr : properties->get_object().if_contains(name);
      if (known == nullptr) {
        check_unknown(schema, name, path);
      } else if (const json::object* member_schema = known->if_object()) {
        check(*member_schema, member, make_path(path, name));
      }
    }
  }

  void check_unknown(const json::object& schema, std::string_view name, const std::string& path) {
    const json::value* further = schema.if_contains("additionalProperties");
    if (further == nullptr || !further->is_bool() || further->get_bool() || schema.contains("patternProperties"))
      return;
    std::vector<std::string_view> names;
    if (const json::value* properties = schema.if_contains("properties")) {
      for (const auto& [known, member] : properties->get_object()) {
        if (names.size() < kMostNamed) names.emplace_back(known);
      }
    }
    add(make_path(path, name), "unknown", "there is nothing of this name",
        names.empty() ? "no members" : fmt::format("one of {}", fmt::join(names, ", ")));
  }

  void check_list(const json::object& schema, const json::array& list, const std::string& path) {
    const json::value* items = schema.if_contains("items");
    if (items == nullptr || !items->is_object() || schema.contains("prefixItems")) return;
    for (std::size_t i = 0; i < list.size() && may_go_on(); ++i)
      check(items->get_object(), list[i], make_path(path, std::to_string(i)));
  }

  [[nodiscard]] std::string describe_member(const json::object& schema, std::string_view name) const {
    const json::value* properties = schema.if_contains("properties");
    const json::value* member = properties == nullptr ? nullptr : properties->get_object().if_contains(name);
    const json::object* object = member == nullptr ? nullptr : member->if_object();
    for (int step = 0; step < kMostSteps && object != nullptr; ++step) {
      if (const json::value* type = object->if_contains("type"))
        return std::string(to_words(list_types(*type).front()));
      object = find_definition(*object);
    }
    return "a value";
  }

  [[nodiscard]] static std::string make_path(const std::string& path, std::string_view name) {
    return path + '/' + escape_pointer(shorten(name));
  }

  const json::object& root_;
  std::vector<Fault> faults_;
  std::size_t looks_ = 0;
};

}  // namespace

std::vector<Fault> check_value(const json::object& schema, const json::value& value) {
  ValueChecker checker(schema);
  checker.check(schema, value, "");
  return checker.release();
}

}  // namespace chatelaine::openapi
