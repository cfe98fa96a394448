#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/live.hpp"
#include "user_sources/provider_documents.hpp"
#include "user_sources/user_sources.hpp"

namespace chatelaine::user_sources {

namespace path {
inline constexpr std::string_view kBegin = "/sign-in/{source}";
inline constexpr std::string_view kCallback = "/sign-in/{source}/callback";
}  // namespace path

/// How long a person may take at the source.
inline constexpr milliseconds kAttemptLifetime{std::chrono::minutes{10}};
inline constexpr std::string_view kStatePrefix = "ctl_ss_";

/// What every endpoint of this layer works with.
struct Context {
  UserSourcesSettings settings;
  storage::Storage& storage;
  accounts::Accounts& accounts;
  const pages::Renderer& renderer;
  net::Fetcher& fetcher;
  const Clock& clock;
  Randomness& randomness;
  IdSequence& ids;
  Log& log;
  std::unique_ptr<Live<SourceSettings>> current;
  std::unique_ptr<limits::Throttle> throttle;
  std::unique_ptr<ProviderDocuments> documents;

  /// Null where no source has that name.
  [[nodiscard]] const UserSource* find_source(std::string_view name) const;
  [[nodiscard]] oauth::RedirectUri redirect_uri(const UserSource& source) const {
    return oauth::RedirectUri(settings.origin + settings.page_prefix + "/sign-in/" + source.name + "/callback");
  }
};

/// What HEAD is answered, which begins and ends nothing (RFC 9110 §9.2.1).
[[nodiscard]] net::Response answer_head();
/// Notes for the flight recorder at which source a sign-in is, and where it leads.
void note_source(const net::Request& request, const UserSource& source, std::string_view return_to);
/// What a sign-in that is begun counts against, until it succeeds.
[[nodiscard]] limits::Throttle::Attempt count_of(const net::Request& request);

// One function a route; `request` and `context` outlive the task.
Task<net::Response> begin_sign_in(const Context& context, const net::Request& request);
Task<net::Response> finish_sign_in(const Context& context, const net::Request& request);

}  // namespace chatelaine::user_sources
