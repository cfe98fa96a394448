#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "net/address.hpp"
#include "oauth/vocabulary.hpp"
#include "relying_party/token_exchange.hpp"

namespace chatelaine::user_sources {

/// Which claims say what of a person (OpenID Connect Core §5.1).
struct ClaimNames {
  std::string email = "email";
  std::string name = "name";
  /// What the API is to know the person by: the account's subject. Whoever runs the source then decides whose data the
  /// API serves. Empty: a subject of our own (account.hpp), which nobody else's can be. Who somebody is at the source
  /// is `sub` whatever stands here (§5.7).
  std::string subject;
};

/// Which e-mail addresses count as the person's own: those that the source has checked itself (`email_verified`), or
/// those too of which it says nothing, since whoever runs the source alone gives them out. Never one of which it says
/// that it is not checked.
enum class EmailTrust : std::uint8_t { where_verified, unless_denied };
/// What becomes of somebody who has no account here yet.
enum class NewAccounts : std::uint8_t { made, refused };
/// What becomes of them where an account has their e-mail address: a stranger's it stays, or it is theirs.
enum class ExistingAccounts : std::uint8_t { kept_apart, joined_by_email };
/// How the source is told that no sign-in of before will do. `login`: prompt=login, and auth_time shows that it was
/// followed. `select_account`: for sources that know neither; coming back counts as signing in.
enum class Reauthentication : std::uint8_t { login, select_account };

/// An OpenID provider at which people sign in.
struct UserSource {
  /// `a-z`, `0-9`, `-`.
  std::string name;
  std::string label;
  /// May hold relying_party::kTenantPlaceholder; then only the tenants' people come in.
  oauth::Issuer issuer;
  std::vector<std::string> tenants;
  relying_party::ClientCredentials client;
  std::string scope;
  ClaimNames claims;
  EmailTrust email_trust = EmailTrust::where_verified;
  /// In lower case. Empty: any, also none.
  std::vector<std::string> email_domains;
  /// Each must have the value, or be a list that holds it.
  std::map<std::string, std::string> required_claims;
  NewAccounts new_accounts = NewAccounts::made;
  ExistingAccounts existing_accounts = ExistingAccounts::kept_apart;
  Reauthentication reauthentication = Reauthentication::login;
  /// Where it may stand beside the public internet (net::FetchPolicy).
  std::vector<net::AddressBlock> networks;

  /// As ID tokens name it.
  [[nodiscard]] std::vector<oauth::Issuer> issuers() const;
};

/// An issuer as ID tokens name it: one with a placeholder stands for that of each tenant.
[[nodiscard]] std::vector<oauth::Issuer> list_issuers(const oauth::Issuer& issuer,
                                                      const std::vector<std::string>& tenants);

}  // namespace chatelaine::user_sources
