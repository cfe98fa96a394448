#include "openapi/value_bounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "openapi/parameter_style.hpp"
#include "openapi/value_equality.hpp"

namespace chatelaine::openapi {
namespace {

struct NumberBound {
  std::string_view keyword;
  bool (*holds)(long double number, long double limit);
  std::string_view complaint;
  std::string_view expected;
};

constexpr NumberBound kNumberBounds[] = {
    {"minimum", [](long double number, long double limit) { return number >= limit; }, "too small", "at least"},
    {"maximum", [](long double number, long double limit) { return number <= limit; }, "too large", "at most"},
    {"exclusiveMinimum", [](long double number, long double limit) { return number > limit; }, "too small",
     "more than"},
    {"exclusiveMaximum", [](long double number, long double limit) { return number < limit; }, "too large",
     "less than"},
};

void check_number(const json::object& schema, const json::value& value, std::vector<Breach>& breaches) {
  const long double number = to_number(value);
  for (const NumberBound& bound : kNumberBounds) {
    const json::value* limit = schema.if_contains(bound.keyword);
    if (limit == nullptr || !limit->is_number() || bound.holds(number, to_number(*limit))) continue;
    breaches.push_back({"out_of_bounds", fmt::format("{} is {}", to_text(value), bound.complaint),
                        fmt::format("{} {}", bound.expected, to_text(*limit))});
  }
  const json::value* unit = schema.if_contains("multipleOf");
  if (unit == nullptr || unit->is_double() || !unit->is_number() || std::fmod(number, to_number(*unit)) == 0) return;
  breaches.push_back({"out_of_bounds", fmt::format("{} is between two multiples", to_text(value)),
                      fmt::format("a multiple of {}", to_text(*unit))});
}

std::string count_words(const json::value& count, std::string_view noun) {
  return fmt::format("{} {}{}", to_text(count), noun, to_number(count) == 1 ? "" : "s");
}

struct Count {
  std::string_view least;
  std::string_view most;
  std::string_view noun;
};

void check_count(const json::object& schema, const Count& kind, std::size_t count, std::vector<Breach>& breaches) {
  const auto add = [&](std::string_view words, const json::value& limit) {
    breaches.push_back({"out_of_bounds", fmt::format("this has {}", count_words(count, kind.noun)),
                        fmt::format("{} {}", words, count_words(limit, kind.noun))});
  };
  const auto number = static_cast<long double>(count);
  const json::value* least = schema.if_contains(kind.least);
  if (least != nullptr && least->is_number() && number < to_number(*least)) add("at least", *least);
  const json::value* most = schema.if_contains(kind.most);
  if (most != nullptr && most->is_number() && number > to_number(*most)) add("at most", *most);
}

/// JSON Schema Validation 2020-12 §6.3.1: of characters as Unicode counts them, not of bytes.
std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

std::vector<Breach> check_bounds(const json::object& schema, const json::value& value) {
  std::vector<Breach> breaches;
  if (value.is_number()) check_number(schema, value, breaches);
  if (const json::object* object = value.if_object())
    check_count(schema, {"minProperties", "maxProperties", "member"}, object->size(), breaches);
  if (const json::array* list = value.if_array())
    check_count(schema, {"minItems", "maxItems", "element"}, list->size(), breaches);
  const json::string* text = value.if_string();
  if (text != nullptr && (schema.contains("minLength") || schema.contains("maxLength")))
    check_count(schema, {"minLength", "maxLength", "character"}, count_characters(*text), breaches);
  return breaches;
}

}  // namespace chatelaine::openapi
