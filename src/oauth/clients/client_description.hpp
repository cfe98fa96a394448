#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chatelaine::oauth {

/// Where a client runs (OpenID Connect Dynamic Client Registration §2): it decides where redirects may lead.
enum class ApplicationType : std::uint8_t { web, native };
[[nodiscard]] std::string_view to_string(ApplicationType type);
[[nodiscard]] std::optional<ApplicationType> parse_application_type(std::string_view text);

/// What a client says of itself and nothing here acts upon (RFC 7591 §2): kept to be shown to operators and told back
/// to the client. None of the addresses is ever fetched.
struct ClientDescription {
  std::string client_uri;
  std::string logo_uri;
  std::string tos_uri;
  std::string policy_uri;
  std::string initiate_login_uri;
  std::vector<std::string> contacts;
  std::string software_id;
  std::string software_version;
  std::optional<ApplicationType> application_type;
  /// `auth_time` is in every ID token, asked for or not.
  bool require_auth_time = false;

  friend bool operator==(const ClientDescription&, const ClientDescription&) = default;
};

/// The members that are set, under their names in RFC 7591 §2.
[[nodiscard]] boost::json::object to_json(const ClientDescription& description);
/// Reads `to_json` back, as storage keeps it; nothing for what it did not write.
[[nodiscard]] std::optional<ClientDescription> read_client_description(const boost::json::object& object);

}  // namespace chatelaine::oauth
