#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "openapi/argument_names.hpp"
#include "openapi/reference.hpp"

namespace chatelaine::openapi {

/// Which way the values of a schema go: what only the API may say (`readOnly`) is no part of what it is sent, and what
/// it is only told (`writeOnly`) none of what it answers.
enum class Direction : std::uint8_t { input, output };

/// Rewrites schemas of OpenAPI 3.0 and 3.1 as JSON Schema 2020-12 that stands alone: `$ref`s lead into `$defs`,
/// what 3.0 spelled otherwise (`nullable`, a boolean `exclusiveMinimum`, `example`) is respelled, and what is no
/// keyword, or would make the schema invalid, is left out. Of an output so is all that asks more than `check_value`
/// checks
/// (`pattern`, `format`), or what real answers break without harm (`additionalProperties: false`, one form alone of
/// `oneOf`). What goes beyond `most_text` becomes the schema that allows everything.
class SchemaConverter {
 public:
  SchemaConverter(const References& references, Direction direction, std::size_t most_text)
      : references_(references), direction_(direction), text_left_(most_text) {}

  [[nodiscard]] json::value convert(const json::value& schema);
  /// The same, with the object that a `$ref` names in its place: for the root of a tool's schema.
  [[nodiscard]] json::object convert_root(const json::value& schema);
  /// `$defs`: what was referred to, and what that refers to. May be empty.
  [[nodiscard]] json::object take_definitions();
  [[nodiscard]] std::size_t text_left() const { return text_left_; }

 private:
  [[nodiscard]] json::value convert_at(const json::value& schema, int depth);
  [[nodiscard]] json::object convert_object(const json::object& schema, int depth);
  void add_keyword(std::string_view name, const json::object& schema, json::object& out, int depth);
  [[nodiscard]] std::optional<json::value> convert_list(const json::value& value, int depth);
  [[nodiscard]] std::optional<json::value> convert_members(const json::value& value, int depth);
  [[nodiscard]] bool is_left_out(const json::value& property) const;
  void remove_left_out(const json::object& schema, json::object& out) const;
  [[nodiscard]] std::optional<std::string> refer(std::string_view reference);
  [[nodiscard]] bool take_text(std::size_t size);

  const References& references_;
  Direction direction_;
  std::size_t text_left_;
  /// Of each object that was referred to, by where it stands: its name in `$defs`.
  std::map<const json::object*, std::string> names_;
  GivenNames given_;
  std::vector<std::pair<std::string, const json::object*>> pending_;
};

}  // namespace chatelaine::openapi
