#include "gateway/forward.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/id.hpp"
#include "net/grammar.hpp"
#include "net/hop_by_hop.hpp"

namespace chatelaine::gateway {
namespace {

/// The name as an indulgent server may see it: lower case, every character but letters and digits a dash. CGI turns
/// dashes into underscores, so that `Chatelaine_Subject` would be read as `Chatelaine-Subject` (THREATS N04).
std::string fold_name(std::string_view name) {
  std::string folded(name);
  std::ranges::transform(folded, folded.begin(), [](unsigned char c) {
    return std::isalnum(c) != 0 ? static_cast<char>(std::tolower(c)) : '-';
  });
  return folded;
}

constexpr std::array kRemoved = std::to_array<std::string_view>(
    {// The credentials that were for us (THREATS N01).
     "authorization",
     // What the connection to the upstream makes anew.
     "host", "content-length", "expect",
     // What proxies say of the client: ours is set instead.
     "forwarded", "x-real-ip", "x-client-ip", "true-client-ip",
     // What belongs to one connection (RFC 9110 §7.6.1), in spellings that net::is_hop_by_hop does not know.
     "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "http2-settings",
     // CGI makes HTTP_PROXY of it, which programs take for their own setting.
     "proxy",
     // What makes frameworks take another method or path than the one that was judged (THREATS N05).
     "x-http-method-override", "x-http-method", "x-method-override", "x-original-url", "x-rewrite-url",
     "x-original-method"});

bool is_removed(std::string_view name) {
  const std::string folded = fold_name(name);
  return folded.starts_with("chatelaine-") || folded == "chatelaine" || folded.starts_with("x-forwarded-") ||
         folded.starts_with("proxy-") || std::ranges::find(kRemoved, folded) != kRemoved.end();
}

bool is_own_cookie(std::string_view pair, const std::vector<std::string>& own_names) {
  // A browser keeps `=a=b` as a cookie without a name, and sends it back as `a=b`.
  pair.remove_prefix(std::min(pair.find_first_not_of("= \t"), pair.size()));
  const std::string_view name = net::trim_blanks(pair.substr(0, std::min(pair.find('='), pair.size())));
  return std::ranges::find(own_names, name) != own_names.end();
}

/// RFC 6265 §4.2.1: the pairs of a Cookie header without ours.
std::string keep_foreign_cookies(std::string_view value, const std::vector<std::string>& own_names) {
  std::string kept;
  while (!value.empty()) {
    const std::size_t end = std::min(value.find(';'), value.size());
    const std::string_view pair = net::trim_blanks(value.substr(0, end));
    value.remove_prefix(std::min(end + 1, value.size()));
    if (pair.empty() || is_own_cookie(pair, own_names)) continue;
    if (!kept.empty()) kept += "; ";
    kept += pair;
  }
  return kept;
}

/// Nothing that could end a header's line, or be read in two ways, passes.
std::string encode_value(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f && c != '%') {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 0xf];
    }
  }
  return out;
}

std::string encode_scope(const oauth::Scope& scope) {
  std::string out;
  for (const std::string& token : scope.tokens()) {
    if (!out.empty()) out += ' ';
    out += encode_value(token);
  }
  return out;
}

/// `https` and `example.com:8443` of `https://example.com:8443/prefix`.
std::pair<std::string_view, std::string_view> split_origin(std::string_view issuer) {
  const std::size_t colon = issuer.find("://");
  if (colon == std::string_view::npos) return {};
  const std::string_view rest = issuer.substr(colon + 3);
  return {issuer.substr(0, colon), rest.substr(0, std::min(rest.find('/'), rest.size()))};
}

}  // namespace

ForwardedHeaders::ForwardedHeaders(const net::Request& request, const GatewaySettings& settings) {
  add_passed(request, settings);
  const auto [scheme, host] = split_origin(settings.issuer.value());
  add("X-Forwarded-For", std::string(request.remote_address));
  add("X-Forwarded-Proto", std::string(scheme));
  add("X-Forwarded-Host", std::string(host));
}

void ForwardedHeaders::add_passed(const net::Request& request, const GatewaySettings& settings) {
  headers_.assign(request.headers.begin(), request.headers.end());
  net::remove_hop_by_hop(headers_);
  std::erase_if(headers_, [](const net::HeaderView& header) { return is_removed(header.name); });
  if (settings.own_cookie_names.empty()) return;
  for (net::HeaderView& header : headers_) {
    if (!net::equals_ignoring_case(header.name, "Cookie")) continue;
    header.value = owned_.emplace_back(keep_foreign_cookies(header.value, settings.own_cookie_names));
  }
  std::erase_if(headers_, [](const net::HeaderView& header) {
    return header.value.empty() && net::equals_ignoring_case(header.name, "Cookie");
  });
}

void ForwardedHeaders::add_identity(const oauth::AccessToken& token, std::string assertion) {
  add("Chatelaine-Subject", encode_value(token.subject.value()));
  add("Chatelaine-Client", encode_value(token.client_id.value()));
  add("Chatelaine-Scope", encode_scope(token.scope));
  if (token.grant_id) add("Chatelaine-Grant", format_id(token.grant_id->value));
  add("Chatelaine-Assertion", std::move(assertion));
}

void ForwardedHeaders::add(std::string_view name, std::string value) {
  headers_.push_back({name, owned_.emplace_back(std::move(value))});
}

void remove_own_cookies(net::Response& response, const std::vector<std::string>& own_names) {
  std::erase_if(response.headers, [&](const net::Header& header) {
    return net::equals_ignoring_case(header.name, "Set-Cookie") &&
           is_own_cookie(std::string_view(header.value).substr(0, header.value.find(';')), own_names);
  });
}

void forbid_shared_caching(net::Response& response) {
  const auto is_named = [](std::string_view name) {
    return [name](const net::Header& header) { return net::equals_ignoring_case(header.name, name); };
  };
  if (std::ranges::none_of(response.headers, is_named("Cache-Control"))) {
    response.add_header("Cache-Control", "private");
  }
  response.add_header("Vary", "Authorization");
}

}  // namespace chatelaine::gateway
