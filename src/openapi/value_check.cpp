#include "openapi/value_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "openapi/budget.hpp"
#include "openapi/json_schema_keywords.hpp"
#include "openapi/json_text.hpp"
#include "openapi/reference.hpp"
#include "openapi/value_bounds.hpp"
#include "openapi/value_equality.hpp"
#include "openapi/value_type.hpp"

namespace chatelaine::openapi {
namespace {

constexpr std::size_t kMostFaults = 10;
/// Of values and names that are looked at, each time.
constexpr std::size_t kMostLooks = 100'000;
/// What is counted or compared in one look.
constexpr std::size_t kBytesOfALook = 256;
constexpr std::size_t kMostNamed = 30;
/// Of `$ref`s that lead to `$ref`s.
constexpr int kMostSteps = 32;
/// Of schemas within schemas. A value has no more levels than its parser allows (base/json.hpp), and each may be a form
/// of a part.
constexpr int kDeepest = 200;

/// A value as a fault may quote it.
std::string quote(const json::value& value) {
  if (value.is_object() || value.is_array()) return std::string(name_of(value.kind()));
  const json::string* text = value.if_string();
  return shorten(text == nullptr ? write_json(value) : json::serialize(json::string(shorten(*text))));
}

const json::object* find_object(const json::object& schema, std::string_view name) {
  const json::value* member = schema.if_contains(name);
  return member == nullptr ? nullptr : member->if_object();
}

const json::array& find_list(const json::object& schema, std::string_view name) {
  static const json::array kNone;
  const json::value* member = schema.if_contains(name);
  const json::array* list = member == nullptr ? nullptr : member->if_array();
  return list == nullptr ? kNone : *list;
}

/// How many of several forms a value may have.
enum class Wanted : std::uint8_t { some, exactly_one };

class ValueChecker {
 public:
  explicit ValueChecker(const json::object& root, WholeNumbers whole_numbers = WholeNumbers::any)
      : root_(root), whole_numbers_(whole_numbers) {}

  void check(const json::value& schema, const json::value& value, const std::string& path) {
    if (depth_ == kDeepest) {
      is_sure_ = false;
      return;
    }
    ++depth_;
    if (const json::object* object = schema.if_object()) {
      check_by(*object, value, path);
    } else if (schema == json::value(false)) {
      add(path, "not_allowed", "nothing may stand here", "nothing");
    }
    --depth_;
  }
  void check_by(const json::object& referring, const json::value& value, const std::string& path) {
    const json::object* schema = &referring;
    for (int step = 0; step < kMostSteps && schema != nullptr; ++step) {
      if (!may_go_on()) return;
      if (!check_type(*schema, value, path)) return;
      doubt(*schema);
      check_allowed(*schema, value, path);
      check_size(*schema, value, path);
      if (const json::object* object = value.if_object()) check_object(*schema, *object, path);
      if (const json::array* list = value.if_array()) check_list(*schema, *list, path);
      check_combinations(*schema, value, path);
      schema = find_definition(*schema);
    }
  }
  [[nodiscard]] std::vector<Fault> release() { return std::move(faults_); }

 private:
  [[nodiscard]] bool may_go_on(std::size_t looks = 1) {
    looks_ += looks;
    const bool may = faults_.size() < kMostFaults && looks_ <= kMostLooks;
    if (!may) is_sure_ = false;
    return may;
  }

  void add(const std::string& path, std::string code, std::string message, std::string expected) {
    if (faults_.size() < kMostFaults)
      faults_.push_back({path, std::move(code), std::move(message), std::move(expected)});
  }

  [[nodiscard]] const json::object* find_definition(const json::object& schema) const {
    constexpr std::string_view kBefore = "#/$defs/";
    const json::string* reference = find_string(schema, "$ref");
    if (reference == nullptr || !std::string_view(*reference).starts_with(kBefore)) return nullptr;
    const json::object* definitions = find_object(root_, "$defs");
    return definitions == nullptr ? nullptr
                                  : find_object(*definitions, std::string_view(*reference).substr(kBefore.size()));
  }

  /// What a schema asks beside what is checked may tell its values from those of another; so may what it leaves open.
  void doubt(const json::object& schema) {
    if (forms_of_one_ == 0 || !is_sure_) return;
    bool says_something = false;
    for (const auto& [name, value] : schema) {
      if (is_annotation(name)) continue;
      says_something = true;
      if (name == "$ref" ? find_definition(schema) == nullptr : !is_checked(name, value)) is_sure_ = false;
    }
    if (!says_something) is_sure_ = false;
  }

  bool check_type(const json::object& schema, const json::value& value, const std::string& path) {
    const json::value* type = schema.if_contains("type");
    if (type == nullptr) return true;
    const auto types = list_types(*type);
    if (std::ranges::any_of(types, [&](std::string_view one) { return is_of_type(one, value); })) {
      const bool is_of_any_size = std::ranges::find(types, "number") != types.end();
      if (whole_numbers_ == WholeNumbers::of_64_bits && !is_of_any_size && is_beyond_64_bits(value))
        add(path, "out_of_bounds", "this whole number has more than 64 bits, and would not arrive as it is",
            "a whole number from -9223372036854775808 to 18446744073709551615");
      return true;
    }
    std::vector<std::string_view> words;
    std::ranges::transform(types, std::back_inserter(words), to_words);
    add(path, "wrong_type", fmt::format("this is {}", name_of(value.kind())),
        fmt::format("{}", fmt::join(words, " or ")));
    return false;
  }

  void check_allowed(const json::object& schema, const json::value& value, const std::string& path) {
    const json::value* only = schema.if_contains("const");
    if (only != nullptr && !are_equal(*only, value))
      add(path, "not_allowed", fmt::format("{} is not what must stand here", quote(value)), shorten(write_json(*only)));
    const json::array& all = find_list(schema, "enum");
    if (all.empty() || !may_go_on(all.size()) ||
        std::ranges::any_of(all, [&value](const json::value& one) { return are_equal(one, value); }))
      return;
    std::vector<std::string> texts;
    for (const json::value& one : all) {
      if (texts.size() < kMostNamed) texts.push_back(shorten(write_json(one)));
    }
    add(path, "not_allowed", fmt::format("{} is not among what is allowed", quote(value)),
        fmt::format("one of {}{}", fmt::join(texts, ", "), texts.size() < all.size() ? ", …" : ""));
  }

  void check_size(const json::object& schema, const json::value& value, const std::string& path) {
    const json::string* text = value.if_string();
    const bool is_counted = text != nullptr && (schema.contains("minLength") || schema.contains("maxLength"));
    if (is_counted && !may_go_on(text->size() / kBytesOfALook)) return;
    for (Breach& breach : check_bounds(schema, value))
      add(path, std::move(breach.code), std::move(breach.message), std::move(breach.expected));
  }

  void check_object(const json::object& schema, const json::object& object, const std::string& path) {
    for (const json::value& name : find_list(schema, "required")) {
      if (!may_go_on()) return;
      if (object.contains(name.get_string())) continue;
      add(make_path(path, name.get_string()), "missing", "this is required and was not given",
          describe_member(schema, name.get_string()));
    }
    const json::object* properties = find_object(schema, "properties");
    for (const auto& [name, member] : object) {
      if (!may_go_on()) return;
      const json::value* known = properties == nullptr ? nullptr : properties->if_contains(name);
      if (known == nullptr) {
        check_further(schema, object, name, path);
      } else {
        check(*known, member, make_path(path, name));
      }
    }
  }

  /// A member that `properties` does not name.
  void check_further(const json::object& schema, const json::object& object, std::string_view name,
                     const std::string& path) {
    const json::value* further = schema.if_contains("additionalProperties");
    const bool is_open = further == nullptr || *further == json::value(true) || schema.contains("patternProperties");
    if (is_open || (&object == whole_ && further->is_bool())) {
      is_sure_ = false;
    } else if (further->is_bool()) {
      add(make_path(path, name), "unknown", "there is nothing of this name", list_members(schema));
    } else {
      check(*further, object.at(name), make_path(path, name));
    }
  }

  static std::string list_members(const json::object& schema) {
    std::vector<std::string_view> names;
    if (const json::object* properties = find_object(schema, "properties")) {
      for (const auto& [known, member] : *properties) {
        if (names.size() < kMostNamed) names.emplace_back(known);
      }
    }
    return names.empty() ? "no members" : fmt::format("one of {}", fmt::join(names, ", "));
  }

  void check_list(const json::object& schema, const json::array& list, const std::string& path) {
    // An empty one may be of any list's form.
    if (list.empty()) is_sure_ = false;
    const json::array& first = find_list(schema, "prefixItems");
    const json::value* others = schema.if_contains("items");
    for (std::size_t i = 0; i < list.size(); ++i) {
      const json::value* own = i < first.size() ? &first[i] : others;
      if (own == nullptr || !may_go_on()) break;
      check(*own, list[i], make_path(path, std::to_string(i)));
    }
    const json::value* is_unique = schema.if_contains("uniqueItems");
    if (is_unique != nullptr && *is_unique == json::value(true)) check_unique(list, path);
  }

  void check_unique(const json::array& list, const std::string& path) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < list.size(); ++i) {
      std::string text = write_canonical(list[i]);
      if (!may_go_on(1 + text.size() / kBytesOfALook)) return;
      if (!seen.insert(std::move(text)).second)
        add(make_path(path, std::to_string(i)), "repeated", "this stands in the list before", "each element once");
    }
  }

  void check_combinations(const json::object& schema, const json::value& value, const std::string& path) {
    if (const json::array& parts = find_list(schema, "allOf"); !parts.empty()) {
      const json::object* around = std::exchange(whole_, value.if_object());
      for (const json::value& part : parts) check(part, value, path);
      whole_ = around;
    }
    if (const json::array& forms = find_list(schema, "anyOf"); !forms.empty())
      check_forms(forms, Wanted::some, value, path);
    if (const json::array& forms = find_list(schema, "oneOf"); !forms.empty())
      check_forms(forms, Wanted::exactly_one, value, path);
  }

  struct Trial {
    std::vector<Fault> faults;
    bool is_sure;
  };
  Trial try_form(const json::value& form, Wanted wanted, const json::value& value, const std::string& path) {
    std::vector<Fault> faults = std::exchange(faults_, {});
    const bool was_sure = std::exchange(is_sure_, form.is_object());
    const int doubts = wanted == Wanted::exactly_one ? 1 : 0;
    forms_of_one_ += doubts;
    check(form, value, path);
    forms_of_one_ -= doubts;
    return {std::exchange(faults_, std::move(faults)), std::exchange(is_sure_, was_sure)};
  }

  void check_forms(const json::array& forms, Wanted wanted, const json::value& value, const std::string& path) {
    std::size_t fitting = 0;
    std::size_t surely_fitting = 0;
    std::vector<std::vector<Fault>> meant;
    for (const json::value& form : forms) {
      if (!may_go_on()) return;
      Trial trial = try_form(form, wanted, value, path);
      if (trial.faults.empty()) {
        ++fitting;
        surely_fitting += trial.is_sure ? 1 : 0;
        if (wanted == Wanted::some && forms_of_one_ == 0) return;
      } else if (forms.size() == 1 || trial.faults.front().code != "wrong_type" || trial.faults.front().path != path) {
        meant.push_back(std::move(trial.faults));
      }
    }
    if (fitting == 0) return add_misfit(forms, std::move(meant), path);
    if (wanted == Wanted::exactly_one && surely_fitting > 1)
      return add(path, "fits_several", fmt::format("this fits {} of {} forms", surely_fitting, forms.size()),
                 fmt::format("one of them alone: {}", list_forms(forms)));
    if (surely_fitting == 0 || (wanted == Wanted::exactly_one && fitting > 1)) is_sure_ = false;
  }

  /// `meant`: what is wrong with the value as each form that is of its type.
  void add_misfit(const json::array& forms, std::vector<std::vector<Fault>> meant, const std::string& path) {
    if (meant.size() != 1)
      return add(path, "fits_none", fmt::format("this fits none of {} forms", forms.size()),
                 fmt::format("one of them: {}", list_forms(forms)));
    for (Fault& fault : meant.front())
      add(fault.path, std::move(fault.code), std::move(fault.message), std::move(fault.expected));
  }

  [[nodiscard]] std::string list_forms(const json::array& forms) const {
    std::vector<std::string> words;
    for (const json::value& form : forms) {
      const json::object* object = form.if_object();
      const json::string* title = object == nullptr ? nullptr : find_string(*object, "title");
      const json::string* reference = object == nullptr ? nullptr : find_string(*object, "$ref");
      std::string word = object == nullptr ? "a value" : describe(object);
      if (reference != nullptr) word = shorten(std::string_view(*reference).substr(reference->rfind('/') + 1));
      if (title != nullptr) word = shorten(*title);
      if (words.size() < kMostNamed && std::ranges::find(words, word) == words.end()) words.push_back(std::move(word));
    }
    return fmt::format("{}", fmt::join(words, ", "));
  }

  [[nodiscard]] std::string describe_member(const json::object& schema, std::string_view name) const {
    const json::object* properties = find_object(schema, "properties");
    return describe(properties == nullptr ? nullptr : find_object(*properties, name));
  }

  [[nodiscard]] std::string describe(const json::object* schema) const {
    for (int step = 0; step < kMostSteps && schema != nullptr; ++step) {
      if (const json::value* type = schema->if_contains("type"))
        return std::string(to_words(list_types(*type).front()));
      schema = find_definition(*schema);
    }
    return "a value";
  }

  [[nodiscard]] static std::string make_path(const std::string& path, std::string_view name) {
    return path + '/' + escape_pointer(shorten(name));
  }

  const json::object& root_;
  WholeNumbers whole_numbers_;
  std::vector<Fault> faults_;
  std::size_t looks_ = 0;
  int depth_ = 0;
  /// How many forms of `oneOf` the schema stands in.
  int forms_of_one_ = 0;
  /// Of such a form: that whatever fits what was looked at fits the form.
  bool is_sure_ = true;
  /// The object whose parts of `allOf` are looked at.
  const json::object* whole_ = nullptr;
};

}  // namespace

std::vector<Fault> check_value(const json::object& schema, const json::value& value, WholeNumbers whole_numbers) {
  ValueChecker checker(schema, whole_numbers);
  checker.check_by(schema, value, "");
  return checker.release();
}

bool fits(const json::object& root, const json::value& part, const json::value& value) {
  ValueChecker checker(root);
  checker.check(part, value, "");
  return checker.release().empty();
}

bool is_checked(std::string_view keyword, const json::value& value) {
  constexpr std::array<std::string_view, 23> kChecked{"type",
                                                      "enum",
                                                      "const",
                                                      "minimum",
                                                      "maximum",
                                                      "minLength",
                                                      "maxLength",
                                                      "minItems",
                                                      "exclusiveMinimum",
                                                      "exclusiveMaximum",
                                                      "maxItems",
                                                      "minProperties",
                                                      "maxProperties",
                                                      "uniqueItems",
                                                      "required",
                                                      "properties",
                                                      "items",
                                                      "prefixItems",
                                                      "allOf",
                                                      "anyOf",
                                                      "oneOf",
                                                      "$ref",
                                                      "additionalProperties"};
  if (keyword == "multipleOf") return !value.is_double();
  return std::ranges::find(kChecked, keyword) != kChecked.end();
}

}  // namespace chatelaine::openapi
