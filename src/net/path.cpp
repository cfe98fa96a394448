#include "net/path.hpp"

#include <string>

#include "net/grammar.hpp"

namespace chatelaine::net {
namespace {

bool is_separator_or_control(int octet) { return octet < 0x20 || octet == 0x7f || octet == '/' || octet == '\\'; }

/// Whether the segment's name, decoded and without `;` parameters, is empty, `.` or `..`.
bool is_dots_or_nothing(std::string_view name) {
  return name.find_first_not_of('.') == std::string_view::npos && name.size() <= 2;
}

bool is_segment_ambiguous(std::string_view segment) {
  std::string name;
  bool in_parameters = false;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    int octet = static_cast<unsigned char>(segment[i]);
    if (octet == '%') {
      if (i + 2 >= segment.size()) return true;
      const int high = hex_value(segment[i + 1]);
      const int low = hex_value(segment[i + 2]);
      if (high < 0 || low < 0) return true;
      octet = high * 16 + low;
      i += 2;
    }
    if (is_separator_or_control(octet)) return true;
    in_parameters = in_parameters || octet == ';';
    if (!in_parameters) name += static_cast<char>(octet);
  }
  return is_dots_or_nothing(name);
}

}  // namespace

bool is_path_ambiguous(std::string_view path) {
  if (path.empty() || path.front() != '/') return true;
  path.remove_prefix(1);
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    if (is_segment_ambiguous(path.substr(0, slash))) return true;
    if (slash == std::string_view::npos) return false;
    path.remove_prefix(slash + 1);
  }
  return false;
}

}  // namespace chatelaine::net
