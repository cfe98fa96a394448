#include "openapi/parameter_style.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "openapi/json_text.hpp"
#include "openapi/media_type.hpp"

namespace chatelaine::openapi {
namespace {

constexpr std::array<std::pair<std::string_view, StyleName>, 7> kNames{{{"simple", StyleName::simple},
                                                                        {"label", StyleName::label},
                                                                        {"matrix", StyleName::matrix},
                                                                        {"form", StyleName::form},
                                                                        {"spaceDelimited", StyleName::space_delimited},
                                                                        {"pipeDelimited", StyleName::pipe_delimited},
                                                                        {"deepObject", StyleName::deep_object}}};

StyleName default_style(ParameterPlace place) {
  const bool is_simple = place == ParameterPlace::path || place == ParameterPlace::header;
  return is_simple ? StyleName::simple : StyleName::form;
}

/// OpenAPI 3.1 §4.8.12.2.1: which styles a place has; another is read as the place's own.
bool fits(StyleName style, ParameterPlace place) {
  switch (place) {
    case ParameterPlace::path:
      return style == StyleName::simple || style == StyleName::label || style == StyleName::matrix;
    case ParameterPlace::query:
      return style != StyleName::simple && style != StyleName::label && style != StyleName::matrix;
    case ParameterPlace::header:
      return style == StyleName::simple;
    case ParameterPlace::cookie:
      return style == StyleName::form;
  }
  return false;
}

/// `key=value` pairs of an object apart, keys and values in turn together.
std::vector<std::string> list_parts(const json::value& value, Explosion explosion,
                                    std::string (*encode)(std::string_view)) {
  std::vector<std::string> parts;
  if (const json::array* list = value.if_array()) {
    for (const json::value& element : *list) parts.push_back(encode(to_text(element)));
  } else if (const json::object* object = value.if_object()) {
    for (const auto& [key, member] : *object) {
      if (explosion == Explosion::apart) {
        parts.push_back(encode(key) + '=' + encode(to_text(member)));
      } else {
        parts.push_back(encode(key));
        parts.push_back(encode(to_text(member)));
      }
    }
  } else {
    parts.push_back(encode(to_text(value)));
  }
  return parts;
}

/// RFC 6570 §3.2.7: `;name=value`, of a list apart once for each element, of an object apart by the members' names.
std::string write_matrix(const ParameterStyle& style, std::string_view name, const json::value& value) {
  const auto parts = list_parts(value, style.explosion, percent_encode);
  const std::string encoded = percent_encode(name);
  if (style.explosion == Explosion::together || !(value.is_array() || value.is_object()))
    return fmt::format(";{}={}", encoded, fmt::join(parts, ","));
  const std::string before = value.is_object() ? ";" : fmt::format(";{}=", encoded);
  std::string out;
  for (const std::string& part : parts) out.append(before).append(part);
  return out;
}

/// `name[key]=value`, deeper members by further brackets.
void add_deep(const std::string& name, const json::value& value, std::vector<Form::Field>& pairs) {
  if (const json::object* object = value.if_object()) {
    for (const auto& [key, member] : *object)
      add_deep(fmt::format("{}[{}]", name, std::string_view(key)), member, pairs);
  } else if (const json::array* list = value.if_array()) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      const bool is_plain = !list->at(i).is_object() && !list->at(i).is_array();
      add_deep(is_plain ? name + "[]" : fmt::format("{}[{}]", name, i), list->at(i), pairs);
    }
  } else {
    pairs.push_back({percent_encode(name), percent_encode(to_text(value))});
  }
}

std::vector<Form::Field> write_apart(std::string_view name, const json::value& value) {
  std::vector<Form::Field> pairs;
  const auto add = [&pairs](std::string_view key, const json::value& text) {
    pairs.push_back({percent_encode(key), percent_encode(to_text(text))});
  };
  if (const json::array* list = value.if_array()) {
    for (const json::value& element : *list) add(name, element);
  } else if (const json::object* object = value.if_object()) {
    for (const auto& [key, member] : *object) add(key, member);
  } else {
    add(name, value);
  }
  return pairs;
}

std::string keep(std::string_view text) { return std::string(text); }

std::string_view find_delimiter(StyleName style) {
  if (style == StyleName::space_delimited) return "%20";
  return style == StyleName::pipe_delimited ? "%7C" : ",";
}

/// Of a parameter's `content`, which has one member; where it has none, JSON says the most.
bool holds_json(const json::value& content) {
  const json::object* media_types = content.if_object();
  return media_types == nullptr || media_types->empty() || is_json(essence_of(media_types->begin()->key()));
}

}  // namespace

ParameterStyle read_style(const json::object& parameter, ParameterPlace place) {
  // OpenAPI 3.1 §4.8.12.2: `content` says how by its media type, of which JSON is the one that has structure.
  if (parameter.contains("content") && !parameter.contains("schema"))
    return {holds_json(parameter.at("content")) ? StyleName::json_text : default_style(place), Explosion::together};
  ParameterStyle style{default_style(place), Explosion::together};
  if (const json::string* text = find_string(parameter, "style")) {
    for (const auto& [name, known] : kNames) {
      if (*text == name && fits(known, place)) style.name = known;
    }
  }
  const json::value* explode = parameter.if_contains("explode");
  const bool is_given = explode != nullptr && explode->is_bool();
  // OpenAPI 3.1 §4.8.12.2.1: true for the style form, else false.
  const bool is_apart = is_given ? explode->get_bool() : style.name == StyleName::form;
  style.explosion = is_apart ? Explosion::apart : Explosion::together;
  return style;
}

std::string to_text(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  return write_json(value);
}

std::string write_in_path(const ParameterStyle& style, std::string_view name, const json::value& value) {
  if (style.name == StyleName::json_text) return percent_encode(write_json(value));
  if (style.name == StyleName::matrix) return write_matrix(style, name, value);
  const auto parts = list_parts(value, style.explosion, percent_encode);
  if (style.name != StyleName::label) return fmt::format("{}", fmt::join(parts, ","));
  return fmt::format(".{}", fmt::join(parts, style.explosion == Explosion::apart ? "." : ","));
}

std::vector<Form::Field> write_pairs(const ParameterStyle& style, std::string_view name, const json::value& value) {
  if (style.name == StyleName::json_text) return {{percent_encode(name), percent_encode(write_json(value))}};
  if (style.name == StyleName::deep_object) {
    std::vector<Form::Field> pairs;
    add_deep(std::string(name), value, pairs);
    return pairs;
  }
  if (style.explosion == Explosion::apart) return write_apart(name, value);
  // RFC 6570 §3.2.8: what stands between the elements is not encoded, so that a comma within one is told from it.
  const auto parts = list_parts(value, Explosion::together, percent_encode);
  if (parts.empty()) return {};
  return {{percent_encode(name), fmt::format("{}", fmt::join(parts, find_delimiter(style.name)))}};
}

std::string join_pairs(const std::vector<Form::Field>& pairs) {
  std::string out;
  for (const auto& [name, value] : pairs) out += fmt::format("{}{}={}", out.empty() ? "" : "&", name, value);
  return out;
}

std::string write_in_header(const ParameterStyle& style, const json::value& value) {
  if (style.name == StyleName::json_text) return write_json(value);
  return fmt::format("{}", fmt::join(list_parts(value, style.explosion, keep), ","));
}

}  // namespace chatelaine::openapi
