#include "app/config/values.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "oauth/scope.hpp"
#include "relying_party/openid/provider_metadata.hpp"

namespace chatelaine::app {
namespace {

std::unexpected<std::string> wrong(std::string_view expected, std::string_view text) {
  return std::unexpected(fmt::format("{}, not \"{}\"", expected, text));
}

/// The second half of a rate.
std::optional<milliseconds> read_window(std::string_view text) {
  const auto window = parse_duration(text);
  if (!window || *window < seconds{1} || *window > std::chrono::days{30}) return std::nullopt;
  return *window;
}

std::unexpected<std::string> refuse_userinfo() {
  return std::unexpected<std::string>("must have no user information (the URL is not shown, it may hold a password)");
}

std::optional<int> read_number(std::string_view text, int most) {
  int number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc{} || rest != end || number < 0 || number > most) return std::nullopt;
  return number;
}

/// The bits of a numeric address: 32, 128, or nothing where it is none.
std::optional<int> address_bits(std::string_view text) {
  const std::string address(text);
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) return 32;
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) return 128;
  return std::nullopt;
}

}  // namespace

Read<HttpUrl> read_public_url(std::string_view text) {
  auto url = parse_http_url(text);
  if (!url) return wrong("must be a URL such as \"https://api.example.com\"", text);
  if (url->has_userinfo) return refuse_userinfo();
  if (url->scheme != "https" && !is_loopback_host(url->host))
    return wrong("must be https; http is for loopback (127.0.0.1, [::1], localhost) alone", text);
  if (url->has_query || url->has_fragment) return wrong("must have no query or fragment", text);
  if (text.ends_with('/')) return wrong("must not end in a slash", text);
  // RFC 8414 §2 compares issuers as bytes; one spelling avoids that two places disagree.
  if (text != url->origin() + url->path)
    return wrong(fmt::format("must be written as browsers write it, \"{}\"", url->origin() + url->path), text);
  return std::move(*url);
}

// DEVIATION RFC 9700 §4.13: http is taken for any host. A private network or a tunnel protects the way as well as TLS
// does, and cannot be told from an open one by its name: the operator answers for it.
Read<HttpUrl> read_upstream_url(std::string_view text) {
  auto url = parse_http_url(text);
  if (!url) return wrong("must be an http or https URL such as \"http://127.0.0.1:3000\"", text);
  if (url->has_userinfo) return refuse_userinfo();
  if (url->has_query || url->has_fragment) return wrong("must have no query or fragment", text);
  return std::move(*url);
}

Read<std::string> read_listen_address(std::string_view text) {
  constexpr std::string_view kExpected = "must be an address and a port such as \"127.0.0.1:8080\" or \"[::1]:8080\"";
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || !read_number(text.substr(colon + 1), 65535)) return wrong(kExpected, text);
  std::string_view host = text.substr(0, colon);
  const bool in_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (in_brackets) host = host.substr(1, host.size() - 2);
  if (address_bits(host) != (in_brackets ? 128 : 32)) return wrong(kExpected, text);
  return std::string(text);
}

Read<std::filesystem::path> read_storage(std::string_view text, const std::filesystem::path& directory) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (text.starts_with("postgresql:") || text.starts_with("postgres:"))
    return std::unexpected(
        "must be \"sqlite:FILE\": PostgreSQL is not supported by this version (the URL is not shown, it may hold a "
        "password)");
  const std::string_view file = text.starts_with(kSqlite) ? text.substr(kSqlite.size()) : "";
  if (file.empty() || file.starts_with(':')) return wrong("must be \"sqlite:FILE\"", text);
  return (directory / file).lexically_normal();
}

Read<std::string> read_foreign_issuer(std::string_view text) {
  using relying_party::kTenantPlaceholder;
  std::string instance(text);
  const auto place = instance.find(kTenantPlaceholder);
  if (place != std::string::npos) instance.replace(place, kTenantPlaceholder.size(), "tenant");
  const auto url = parse_http_url(instance);
  if (!url) return wrong("must be the URL that the provider's metadata names as its issuer", text);
  if (url->has_userinfo) return refuse_userinfo();
  if (url->has_query || url->has_fragment) return wrong("must have no query or fragment", text);
  if (url->scheme != "https" && !is_loopback_host(url->host))
    return wrong("must be https; http is for loopback (127.0.0.1, [::1], localhost) alone", text);
  if (place != std::string::npos && place < url->origin().size())
    return wrong("must have {tenantid} in its path", text);
  return std::string(text);
}

Read<std::string> read_absolute_uri(std::string_view text) {
  if (!is_absolute_uri(text))
    return std::unexpected(fmt::format("must be an absolute URI without a fragment, not \"{}\"", text));
  return std::string(text);
}

Read<std::string> read_address_block(std::string_view text) {
  constexpr std::string_view kExpected = "must hold addresses or blocks such as \"10.0.0.0/8\" or \"::1\"";
  const auto slash = text.find('/');
  const auto bits = address_bits(text.substr(0, slash));
  if (!bits) return wrong(kExpected, text);
  if (slash != std::string_view::npos && !read_number(text.substr(slash + 1), *bits)) return wrong(kExpected, text);
  return std::string(text);
}

Read<milliseconds> read_lifetime(std::string_view text) {
  const auto duration = parse_duration(text);
  if (!duration) return wrong("must be a duration such as \"59s\", \"12h\" or \"30d\"", text);
  if (*duration < std::chrono::seconds{1}) return wrong("must be at least \"1s\"", text);
  return *duration;
}

Read<crypto::SignatureAlgorithm> read_signature_algorithm(std::string_view text) {
  if (const auto algorithm = crypto::parse_signature_algorithm(text)) return *algorithm;
  std::string names;
  for (const auto algorithm : crypto::kSignatureAlgorithms)
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", to_string(algorithm));
  return wrong(fmt::format("must be one of {}", names), text);
}

Read<std::vector<crypto::SignatureAlgorithm>> read_signature_algorithms(const std::vector<std::string>& names) {
  std::vector algorithms{crypto::SignatureAlgorithm::ES256};
  for (const auto& name : names) {
    const auto algorithm = read_signature_algorithm(name);
    if (!algorithm) return std::unexpected(algorithm.error());
    if (std::ranges::find(algorithms, *algorithm) == algorithms.end()) algorithms.push_back(*algorithm);
  }
  return algorithms;
}

Read<std::optional<milliseconds>> read_rotation(std::string_view text) {
  if (text == "off") return std::nullopt;
  const auto duration = parse_duration(text);
  if (!duration) return wrong("must be a duration such as \"90d\", or \"off\"", text);
  if (*duration < std::chrono::hours{1}) return wrong("must be at least \"1h\", or \"off\"", text);
  return *duration;
}

Read<std::optional<limits::Rate>> read_rate(std::string_view text) {
  if (text == "off") return std::nullopt;
  const std::size_t slash = std::min(text.find('/'), text.size());
  limits::Rate rate;
  const auto [end, error] = std::from_chars(text.data(), text.data() + slash, rate.count);
  const bool is_count = error == std::errc() && end == text.data() + slash && rate.count > 0 && rate.count <= 1'000'000;
  const auto window = slash == text.size() ? std::nullopt : read_window(text.substr(slash + 1));
  if (!is_count || !window)
    return wrong("must be so many in so long, such as \"600/1m\", at most 1000000 within 1s to 30d, or \"off\"", text);
  rate.window = *window;
  return rate;
}

Read<std::string> read_path_prefix(std::string_view text) {
  const auto is_path_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '/' || c == '.' || c == '~';
  };
  if (text.empty()) return std::string();
  if (!text.starts_with('/') || text.ends_with('/') || text.find("//") != std::string_view::npos ||
      !std::ranges::all_of(text, is_path_character))
    return wrong("must be a path such as \"/auth\", without a slash at its end", text);
  return std::string(text);
}

bool is_scope_token(std::string_view text) {
  const auto scope = oauth::Scope::parse(text);
  return scope && scope->tokens().size() == 1 && scope->tokens().front() == text;
}

}  // namespace chatelaine::app
