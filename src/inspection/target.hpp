#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/uri.hpp"
#include "inspection/finding.hpp"
#include "net/fetch.hpp"

namespace chatelaine::inspection {

/// What is to be looked at, as a person wrote it.
struct Target {
  HttpUrl url;
  /// Loopback alone where the URL is loopback: a stranger's documents must not lead to the services of whoever looks.
  net::AddressPolicy addresses = net::AddressPolicy::public_only;
};

/// Whether a URL is without a path, or with `/` alone.
[[nodiscard]] bool is_root(const HttpUrl& url);

/// Reads a URL, or a domain as a person types it: https then, http on loopback. The error is a sentence.
[[nodiscard]] std::expected<Target, std::string> parse_target(std::string_view text);

/// What is http beyond loopback is a fault.
[[nodiscard]] Finding judge_scheme(const HttpUrl& url);
/// The same place by https; loopback as it is.
[[nodiscard]] Target make_secure(Target target);

/// Why assistants cannot use a URL that a document names, fit to stand behind it; empty where they can. Loopback is as
/// good as https where what is looked at is on loopback itself.
[[nodiscard]] std::string_view find_flaw(const HttpUrl& url, net::AddressPolicy addresses);

/// The part of a host name that its owner has registered: `example.co.uk` of `api.example.co.uk`. An estimate by the
/// usual second levels, without the list of public suffixes: good for warnings. An address is its own.
[[nodiscard]] std::string find_root_domain(std::string_view host);

}  // namespace chatelaine::inspection
