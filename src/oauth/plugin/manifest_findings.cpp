#include "oauth/plugin/manifest_findings.hpp"

#include <fmt/format.h>

namespace chatelaine::oauth {
namespace {

std::string_view last_part(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

std::string_view name_kind(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "true or false";
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
  return "something else";
}

}  // namespace

const json::string* take_string(const json::object& object, std::string_view path, Presence presence,
                                std::string_view expected, ManifestFindings& findings) {
  const json::value* member = object.if_contains(last_part(path));
  if (member == nullptr) {
    std::string message = fmt::format("{} is missing", path);
    switch (presence) {
      case Presence::required:
        findings.fault(path, "missing", std::move(message), std::string(expected));
        break;
      case Presence::advised:
        findings.warning(path, "missing", std::move(message), std::string(expected));
        break;
    }
    return nullptr;
  }
  if (!member->is_string()) {
    findings.fault(path, "wrong_type", fmt::format("{} is {}, not a string", path, name_kind(*member)),
                   std::string(expected));
  }
  return member->if_string();
}

const json::object* take_object(const json::object& object, std::string_view path, std::string_view expected,
                                ManifestFindings& findings) {
  const json::value* member = object.if_contains(last_part(path));
  if (member == nullptr) {
    findings.fault(path, "missing", fmt::format("{} is missing", path), std::string(expected));
    return nullptr;
  }
  if (!member->is_object()) {
    findings.fault(path, "wrong_type", fmt::format("{} is {}, not an object", path, name_kind(*member)),
                   std::string(expected));
  }
  return member->if_object();
}

}  // namespace chatelaine::oauth
