#pragma once

#include <string>

#include "net/cookie.hpp"
#include "net/fetch.hpp"
#include "oauth/vocabulary.hpp"
#include "storage/plugins.hpp"

namespace chatelaine::host {

/// The part of `[host]` that the host's verbs need.
struct HostSettings {
  /// `[host] url`: the public origin, `scheme://host[:port]`, without a slash at the end.
  std::string url;
  /// `[host] name`: the key under `auth.verification_tokens` of a manifest that is ours.
  std::string name = "chatelaine";
  /// `[host] allow_local`: whether plugins on loopback may be installed, over http too (development).
  bool allow_local = false;

  [[nodiscard]] net::AddressPolicy addresses() const {
    return allow_local ? net::AddressPolicy::public_and_loopback : net::AddressPolicy::public_only;
  }
  [[nodiscard]] net::CookieSecurity cookie_security() const {
    return url.starts_with("https://") ? net::CookieSecurity::secure : net::CookieSecurity::loopback_http;
  }
  /// `URL/aip/{plugin_id}/oauth/callback`: what is registered at the provider.
  [[nodiscard]] oauth::RedirectUri callback_url(const storage::PluginId& plugin_id) const {
    return oauth::RedirectUri(url + "/aip/" + plugin_id.value() + "/oauth/callback");
  }
};

}  // namespace chatelaine::host
