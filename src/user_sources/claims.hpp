#pragma once

#include <expected>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "user_sources/refusal.hpp"
#include "user_sources/user_source.hpp"

namespace chatelaine::user_sources {

/// What a source told of a person. What the ID token says counts before what the UserInfo endpoint says.
struct ToldClaims {
  json::object id_token;
  json::object userinfo;
};

/// Whether the ID token lacks a claim that the source's settings name, so that the UserInfo endpoint is worth asking.
[[nodiscard]] bool lacks_claims(const UserSource& source, const json::object& id_token);

/// The person as an account would have them.
struct TellingPerson {
  /// One that counts as the person's own. Nothing: the source told none, or none that counts.
  std::optional<std::string> email;
  /// May be empty.
  std::string name;
  /// As the claim tells it that the source's settings name; nothing: it is missing or unfit, or none is named.
  std::optional<oauth::Subject> subject;
};

/// Who may come in, and as what; asked at every sign-in. The claims are of one person whose ID token is right.
[[nodiscard]] std::expected<TellingPerson, Refusal> admit_person(const UserSource& source, const ToldClaims& claims);

}  // namespace chatelaine::user_sources
