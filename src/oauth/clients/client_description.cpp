#include "oauth/clients/client_description.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <utility>

namespace chatelaine::oauth {
namespace {

struct TextMember {
  std::string_view name;
  std::string ClientDescription::* place;
};
constexpr std::array kTexts{TextMember{"client_uri", &ClientDescription::client_uri},
                            TextMember{"logo_uri", &ClientDescription::logo_uri},
                            TextMember{"tos_uri", &ClientDescription::tos_uri},
                            TextMember{"policy_uri", &ClientDescription::policy_uri},
                            TextMember{"initiate_login_uri", &ClientDescription::initiate_login_uri},
                            TextMember{"software_id", &ClientDescription::software_id},
                            TextMember{"software_version", &ClientDescription::software_version}};

/// Whether the member is absent, or is a text and now stands in `place`.
bool read_text(const boost::json::object& object, std::string_view name, std::string& place) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) return true;
  const auto* text = value->if_string();
  if (text == nullptr) return false;
  place = *text;
  return true;
}

bool read_contacts(const boost::json::object& object, std::vector<std::string>& contacts) {
  const auto* value = object.if_contains("contacts");
  if (value == nullptr) return true;
  const auto* list = value->if_array();
  if (list == nullptr) return false;
  for (const auto& contact : *list) {
    if (!contact.is_string()) return false;
    contacts.emplace_back(contact.get_string());
  }
  return true;
}

}  // namespace

std::string_view to_string(ApplicationType type) {
  switch (type) {
    case ApplicationType::web:
      return "web";
    case ApplicationType::native:
      return "native";
  }
  std::unreachable();
}

std::optional<ApplicationType> parse_application_type(std::string_view text) {
  for (const auto type : {ApplicationType::web, ApplicationType::native}) {
    if (text == to_string(type)) return type;
  }
  return std::nullopt;
}

boost::json::object to_json(const ClientDescription& description) {
  boost::json::object object;
  for (const auto& [name, place] : kTexts) {
    if (!(description.*place).empty()) object[name] = description.*place;
  }
  if (!description.contacts.empty())
    object["contacts"] = boost::json::array(description.contacts.begin(), description.contacts.end());
  if (description.application_type) object["application_type"] = to_string(*description.application_type);
  if (description.require_auth_time) object["require_auth_time"] = true;
  return object;
}

std::optional<ClientDescription> read_client_description(const boost::json::object& object) {
  ClientDescription description;
  for (const auto& [name, place] : kTexts) {
    if (!read_text(object, name, description.*place)) return std::nullopt;
  }
  if (!read_contacts(object, description.contacts)) return std::nullopt;
  std::string type;
  if (!read_text(object, "application_type", type)) return std::nullopt;
  description.application_type = parse_application_type(type);
  description.require_auth_time = object.contains("require_auth_time");
  return description;
}

}  // namespace chatelaine::oauth
