#pragma once

#include <memory>
#include <string>
#include <vector>

#include "accounts/accounts.hpp"
#include "base/log.hpp"
#include "limits/throttle.hpp"
#include "net/fetch.hpp"
#include "net/router.hpp"
#include "pages/page.hpp"
#include "storage/storage.hpp"
#include "user_sources/user_source.hpp"

namespace chatelaine::user_sources {

/// What can change while the server runs.
struct SourceSettings {
  std::vector<UserSource> sources;
  /// How many sign-ins may be begun from an address.
  limits::ThrottleLimits begun;
};

struct UserSourcesSettings {
  /// `https://api.example.com`: what `page_prefix` is seen from.
  std::string origin;
  /// As AccountsSettings has it.
  std::string page_prefix;
  /// No sign-in at a source counts that is older than a session of ours may become.
  milliseconds oldest_sign_in{std::chrono::days{30}};
  /// What secrets that leave with a sign-in are made of.
  SecretBytes key;
  SourceSettings at_first;
};

struct Context;

/// Sign-in at OpenID providers: `/sign-in/{source}` leads there, `/sign-in/{source}/callback` comes back, finds or
/// makes the account and has Accounts sign it in. Thread-safe.
class UserSources {
 public:
  /// What it is given outlives it.
  UserSources(UserSourcesSettings settings, storage::Storage& storage, accounts::Accounts& accounts,
              const pages::Renderer& renderer, net::Fetcher& fetcher, const Clock& clock, Randomness& randomness,
              IdSequence& ids, Log& log);
  ~UserSources();

  void add_routes(net::Router& router);
  void set_sources(SourceSettings settings);

 private:
  std::unique_ptr<const Context> context_;
};

}  // namespace chatelaine::user_sources
