#pragma once

#include <boost/json/object.hpp>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/uri.hpp"

namespace chatelaine::oauth {

/// How the host sends the token request (`auth.authorization_content_type`).
enum class TokenRequestEncoding : std::uint8_t { json, form };

/// A fault or warning in `ai-plugin.json`: a JSON path such as `auth.client_url`, a stable code, what is wrong, what
/// was expected.
struct ManifestFinding {
  std::string path;
  std::string code;
  std::string message;
  std::string expected;
};

/// A manifest that a host can use. In the `auth` block `client_url` is the authorization endpoint and
/// `authorization_url` the token endpoint: the document's own names.
struct Manifest {
  std::string name_for_human;
  std::string name_for_model;
  std::string description_for_human;
  std::string description_for_model;
  HttpUrl client_url;
  HttpUrl authorization_url;
  /// As it is, to be sent as it is: empty, parted by blanks or by commas.
  std::string scope;
  TokenRequestEncoding encoding = TokenRequestEncoding::json;
  std::map<std::string, std::string> verification_tokens;
  /// `api.url` resolved against the manifest's own URL.
  HttpUrl api_url;
  std::string logo_url;
  std::string contact_email;
  std::string legal_info_url;
};

/// What a reading of a manifest found. `manifest` is set exactly where there are no faults; warnings may stand beside
/// it.
struct ManifestReport {
  std::vector<ManifestFinding> faults;
  std::vector<ManifestFinding> warnings;
  std::optional<Manifest> manifest;
};

struct ManifestContext {
  /// Where it was (or would be) served: `https://DOMAIN/.well-known/ai-plugin.json`.
  HttpUrl manifest_url;
  /// Whether loopback addresses and http on them are allowed (`[host] allow_local`).
  bool allow_loopback = false;
};

/// Judges the text of an `ai-plugin.json`: every fault named, not only the first.
[[nodiscard]] ManifestReport check_manifest(std::string_view text, const ManifestContext& context);

/// `{"ok":…,"faults":[{"path","code","message","expected"}],"warnings":[…]}`.
[[nodiscard]] boost::json::object to_json(const ManifestReport& report);

/// What a provider's manifest says; made from `[plugin]`.
struct ManifestSource {
  std::string name_for_human;
  std::string name_for_model;
  std::string description_for_human;
  std::string description_for_model;
  std::string scope;
  std::string client_url;
  std::string authorization_url;
  TokenRequestEncoding encoding = TokenRequestEncoding::json;
  std::map<std::string, std::string> verification_tokens;
  std::string api_url;
  std::string logo_url;
  std::string contact_email;
  std::string legal_info_url;
};
/// `schema_version: "v1"` and the members in the document's order.
[[nodiscard]] boost::json::object make_manifest(const ManifestSource& source);

}  // namespace chatelaine::oauth
