#include "openapi/json_text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace chatelaine::openapi {
namespace {

void write_number(double number, std::string& out) {
  constexpr double kBeyondUnsigned = 0x1p64;
  const bool is_whole = std::abs(number) < kBeyondUnsigned && number == std::trunc(number);
  out += is_whole ? fmt::format("{:.0f}", number) : fmt::format("{}", number);
}

void write(const json::value& value, std::string& out);

void write_object(const json::object& object, std::string& out) {
  out += '{';
  for (const auto& [name, member] : object) {
    if (out.back() != '{') out += ',';
    out += json::serialize(json::string(name)) + ':';
    write(member, out);
  }
  out += '}';
}

void write_list(const json::array& list, std::string& out) {
  out += '[';
  for (const json::value& element : list) {
    if (&element != &list.front()) out += ',';
    write(element, out);
  }
  out += ']';
}

/// As deep as its parser lets a value be (base/json.hpp).
void write(const json::value& value, std::string& out) {
  if (const json::object* object = value.if_object()) return write_object(*object, out);
  if (const json::array* list = value.if_array()) return write_list(*list, out);
  if (const double* number = value.if_double()) return write_number(*number, out);
  out += json::serialize(value);
}

}  // namespace

std::string write_json(const json::value& value) {
  std::string out;
  write(value, out);
  return out;
}

}  // namespace chatelaine::openapi
