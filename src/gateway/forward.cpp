#include "gateway/forward.hpp"

#include <algorithm>
#include <array>

#include "net/grammar.hpp"
#include "net/hop_by_hop.hpp"

namespace chatelaine::gateway {
namespace {

/// X-Forwarded-* and Chatelaine-*.
constexpr std::size_t kMostAdded = 8;

constexpr std::array kRemoved = std::to_array<std::string_view>(
    // RFC 9700 §4.9.3, §4.13: no token goes on, and nothing that the API believes comes from outside.
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
     "x-original-method", "x-original-uri"});

constexpr std::size_t kLongestRemoved = std::ranges::max(kRemoved, {}, &std::string_view::size).size();

/// The beginning of a name as an indulgent server may see it: lower case, every character but letters and digits a
/// dash. CGI turns dashes into underscores, so that `Chatelaine_Subject` would be read as `Chatelaine-Subject`
/// (THREATS N04).
class FoldedName {
 public:
  explicit FoldedName(std::string_view name) : size_(std::min(name.size(), text_.size())) {
    std::ranges::transform(name.substr(0, size_), text_.begin(), [](char c) {
      if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-';
    });
  }
  [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }

 private:
  /// One more than the longest that is compared, so that no longer name equals it.
  std::array<char, kLongestRemoved + 1> text_{};
  std::size_t size_;
};

bool is_removed(std::string_view name) {
  const FoldedName folded(name);
  const std::string_view text = folded.view();
  return text.starts_with("chatelaine-") || text == "chatelaine" || text.starts_with("x-forwarded-") ||
         text.starts_with("proxy-") || std::ranges::find(kRemoved, text) != kRemoved.end();
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

/// `https` and `example.com:8443` of `https://example.com:8443/prefix`.
std::pair<std::string_view, std::string_view> split_origin(std::string_view issuer) {
  const std::size_t colon = issuer.find("://");
  if (colon == std::string_view::npos) return {};
  const std::string_view rest = issuer.substr(colon + 3);
  return {issuer.substr(0, colon), rest.substr(0, std::min(rest.find('/'), rest.size()))};
}

}  // namespace

ForwardedHeaders::ForwardedHeaders(const net::Request& request, const GatewaySettings& settings) {
  headers_.reserve(request.headers.size() + kMostAdded);
  add_passed(request, settings);
  const auto [scheme, host] = split_origin(settings.issuer.value());
  headers_.push_back({"X-Forwarded-For", request.remote_address});
  headers_.push_back({"X-Forwarded-Proto", scheme});
  headers_.push_back({"X-Forwarded-Host", host});
}

void ForwardedHeaders::add_passed(const net::Request& request, const GatewaySettings& settings) {
  headers_.assign(request.headers.begin(), request.headers.end());
  net::remove_hop_by_hop(headers_);
  std::erase_if(headers_, [](const net::HeaderView& header) { return is_removed(header.name); });
  if (settings.own_cookie_names.empty()) return;
  for (net::HeaderView& header : headers_) {
    if (!net::equals_ignoring_case(header.name, "Cookie")) continue;
    header.value = cookies_.emplace_back(keep_foreign_cookies(header.value, settings.own_cookie_names));
  }
  std::erase_if(headers_, [](const net::HeaderView& header) {
    return header.value.empty() && net::equals_ignoring_case(header.name, "Cookie");
  });
}

void ForwardedHeaders::add_identity(std::shared_ptr<const Identity> identity) {
  identity_ = std::move(identity);
  for_each_header(*identity_,
                  [this](std::string_view name, std::string_view value) { headers_.push_back({name, value}); });
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
