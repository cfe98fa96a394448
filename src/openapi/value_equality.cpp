#include "openapi/value_equality.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace chatelaine::openapi {
namespace {

void write(const json::value& value, std::string& out);

/// A double that a whole number of 64 bits is equal to is written as that.
std::string write_number(const json::value& value) {
  constexpr double kBeyondSigned = 0x1p63;
  constexpr double kBeyondUnsigned = 0x1p64;
  const double* number = value.if_double();
  if (number == nullptr || !is_integer(value)) return json::serialize(value);
  if (*number >= -kBeyondSigned && *number < kBeyondSigned) return std::to_string(static_cast<std::int64_t>(*number));
  if (*number > 0 && *number < kBeyondUnsigned) return std::to_string(static_cast<std::uint64_t>(*number));
  return json::serialize(value);
}

void write_object(const json::object& object, std::string& out) {
  std::vector<const json::key_value_pair*> members;
  for (const auto& member : object) members.push_back(&member);
  std::ranges::sort(members, {}, [](const json::key_value_pair* member) { return std::string_view(member->key()); });
  out += '{';
  for (const json::key_value_pair* member : members) {
    out += json::serialize(json::string(member->key())) + ':';
    write(member->value(), out);
    out += ',';
  }
  out += '}';
}

void write(const json::value& value, std::string& out) {
  if (const json::object* object = value.if_object()) return write_object(*object, out);
  const json::array* list = value.if_array();
  if (list == nullptr) {
    out += value.is_number() ? write_number(value) : json::serialize(value);
    return;
  }
  out += '[';
  for (const json::value& one : *list) {
    write(one, out);
    out += ',';
  }
  out += ']';
}

bool are_equal_objects(const json::object& a, const json::object& b) {
  return a.size() == b.size() && std::ranges::all_of(a, [&b](const auto& member) {
           const json::value* other = b.if_contains(member.key());
           return other != nullptr && are_equal(member.value(), *other);
         });
}

}  // namespace

bool are_equal(const json::value& a, const json::value& b) {
  if (a.is_number() && b.is_number()) return to_number(a) == to_number(b);
  if (a.is_object() && b.is_object()) return are_equal_objects(a.get_object(), b.get_object());
  if (a.is_array() && b.is_array()) return std::ranges::equal(a.get_array(), b.get_array(), are_equal);
  return a == b;
}

std::string write_canonical(const json::value& value) {
  std::string out;
  write(value, out);
  return out;
}

long double to_number(const json::value& value) {
  if (const std::int64_t* number = value.if_int64()) return *number;
  if (const std::uint64_t* number = value.if_uint64()) return *number;
  return value.get_double();
}

bool is_integer(const json::value& value) {
  if (value.is_int64() || value.is_uint64()) return true;
  const double* number = value.if_double();
  return number != nullptr && std::isfinite(*number) && *number == std::trunc(*number);
}

}  // namespace chatelaine::openapi
