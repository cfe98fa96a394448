#pragma once

#include <string>
#include <string_view>

#include "oauth/assistants/assistant_profile.hpp"

namespace chatelaine::oauth {

inline AssistantRedirect make_redirect(std::string_view text, std::string example) {
  return {RedirectTemplate::parse(text).value(), std::move(example), ""};
}

/// What an assistant is that is registered by hand, on two hosts.
inline AssistantProfile make_action() {
  AssistantProfile profile;
  profile.name = "action";
  profile.registration = {RegistrationWay::by_hand};
  profile.redirects = {make_redirect("https://a.example/g-{id}/cb", "https://a.example/g-1/cb"),
                       make_redirect("https://b.example/g-{id}/cb", "https://b.example/g-1/cb")};
  profile.pkce = PkceAbility::none;
  profile.authentication_methods = {AuthenticationMethod::client_secret_post,
                                    AuthenticationMethod::client_secret_basic};
  profile.grant_types = {GrantType::authorization_code, GrantType::refresh_token};
  profile.authorization_parameters = {"response_type", "client_id", "redirect_uri"};
  profile.token_parameters = {"grant_type", "code", "client_id", "client_secret"};
  return profile;
}

}  // namespace chatelaine::oauth
