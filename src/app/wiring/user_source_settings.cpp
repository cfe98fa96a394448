#include "app/wiring/user_source_settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "app/config/configuration_error.hpp"
#include "app/wiring/limit_settings.hpp"
#include "app/wiring/provider_settings.hpp"
#include "app/wiring/secret_file.hpp"
#include "base/ascii.hpp"

namespace chatelaine::app {
namespace {

constexpr std::size_t kMostSecretBytes = 4096;

std::string secret_variable(const UserSourceConfiguration& source) {
  std::string name = "CHATELAINE_SOURCE_SECRET_" + to_upper(source.name);
  std::ranges::replace(name, '-', '_');
  return name;
}

[[noreturn]] void fail(const UserSourceConfiguration& source, std::string_view what) {
  throw ConfigurationError(fmt::format("the client secret of [[user_source]] \"{}\" {}", source.name, what));
}

/// Without the line's end.
std::string_view trim(std::string_view text) {
  const auto end = text.find_last_not_of(" \t\r\n");
  return end == std::string_view::npos ? std::string_view{} : text.substr(0, end + 1);
}

oauth::ClientSecret read_client_secret(const UserSourceConfiguration& source, const Environment& environment) {
  SecretBytes text;
  if (source.client_secret_file.empty()) {
    auto value = environment(secret_variable(source));
    if (!value) fail(source, fmt::format("is missing: name client_secret_file, or set {}", secret_variable(source)));
    text = SecretBytes(*value);
    wipe(value->data(), value->size());
  } else {
    auto read = read_secret_file(source.client_secret_file, Permissions::as_mounted, kMostSecretBytes);
    if (!read) fail(source, fmt::format("({}) {}", source.client_secret_file, read.error()));
    text = std::move(*read);
  }
  oauth::ClientSecret secret(trim(text.reveal()));
  if (secret.empty()) fail(source, "is empty");
  return secret;
}

user_sources::Reauthentication to_reauthentication(UserSourceReauthentication configured) {
  switch (configured) {
    case UserSourceReauthentication::login:
      return user_sources::Reauthentication::login;
    case UserSourceReauthentication::select_account:
      return user_sources::Reauthentication::select_account;
  }
  std::unreachable();
}

/// The configuration has checked them.
std::vector<net::AddressBlock> read_networks(const std::vector<std::string>& blocks) {
  std::vector<net::AddressBlock> networks;
  networks.reserve(blocks.size());
  for (const std::string& block : blocks) networks.push_back(net::AddressBlock::parse(block).value());
  return networks;
}

user_sources::UserSource make_source(const UserSourceConfiguration& source, const Environment& environment) {
  using user_sources::EmailTrust;
  using user_sources::ExistingAccounts;
  using user_sources::NewAccounts;
  const bool is_any_domain = source.allowed_email_domains == std::vector<std::string>{"*"};
  return {.name = source.name,
          .label = source.label,
          .issuer = oauth::Issuer(source.issuer),
          .tenants = source.tenants,
          .client = {oauth::ClientId(source.client_id), read_client_secret(source, environment)},
          .scope = fmt::format("{}", fmt::join(source.scopes, " ")),
          .claims = {.email = source.email_claim, .name = source.name_claim, .subject = source.subject_claim},
          .email_trust = source.trust_email ? EmailTrust::unless_denied : EmailTrust::where_verified,
          .email_domains = is_any_domain ? std::vector<std::string>{} : source.allowed_email_domains,
          .required_claims = source.required_claims,
          .new_accounts = source.create_accounts ? NewAccounts::made : NewAccounts::refused,
          .existing_accounts = source.join_by_email ? ExistingAccounts::joined_by_email : ExistingAccounts::kept_apart,
          .reauthentication = to_reauthentication(source.reauthentication),
          .networks = read_networks(source.networks)};
}

}  // namespace

user_sources::SourceSettings make_source_settings(const Configuration& file, const Environment& environment) {
  const ProviderConfiguration& configuration = file.provider.value();
  user_sources::SourceSettings settings;
  for (const UserSourceConfiguration& source : configuration.user_sources)
    settings.sources.push_back(make_source(source, environment));
  settings.begun = make_source_limits(file.limits);
  return settings;
}

user_sources::UserSourcesSettings make_user_sources_settings(const Configuration& file, const Environment& environment,
                                                             SecretBytes key) {
  const ProviderConfiguration& configuration = file.provider.value();
  return {.origin = configuration.issuer.origin(),
          .page_prefix = page_prefix(configuration),
          .oldest_sign_in = file.sessions.lifetime,
          .key = std::move(key),
          .at_first = make_source_settings(file, environment)};
}

}  // namespace chatelaine::app
