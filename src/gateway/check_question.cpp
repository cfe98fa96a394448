#include "gateway/check_question.hpp"

#include <algorithm>
#include <array>

#include "net/grammar.hpp"

namespace chatelaine::gateway {
namespace {

struct HeaderPair {
  Dialect dialect;
  std::string_view method;
  std::string_view uri;
};

constexpr std::array kPairs{HeaderPair{Dialect::original_headers, "X-Original-Method", "X-Original-URI"},
                            HeaderPair{Dialect::forwarded_headers, "X-Forwarded-Method", "X-Forwarded-Uri"}};

bool has_any(const net::Request& request, const HeaderPair& pair) {
  return request.header(pair.method) || request.header(pair.uri);
}

struct Target {
  std::string_view path;
  std::string_view query;
};

/// The length of `https://` or `http://` at its beginning, or 0.
std::size_t scheme_size(std::string_view uri) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (net::equals_ignoring_case(uri.substr(0, scheme.size()), scheme)) return scheme.size();
  }
  return 0;
}

/// RFC 9112 §3.2.2: in absolute form, too; the host says nothing.
Target split_target(std::string_view uri) {
  const std::size_t scheme = scheme_size(uri);
  if (scheme > 0) uri.remove_prefix(std::min(uri.find_first_of("/?#", scheme), uri.size()));
  const std::size_t mark = std::min(uri.find('?'), uri.size());
  Target target{.path = uri.substr(0, mark), .query = uri.substr(std::min(mark + 1, uri.size()))};
  // RFC 9110 §4.2.3: behind a host no path means the root.
  if (scheme > 0 && target.path.empty()) target.path = "/";
  return target;
}

std::expected<Question, std::string_view> check_question(Question question) {
  if (!net::is_token(question.method)) return std::unexpected("The method of the call is not the name of a method.");
  // RFC 9110 §9.3.6: it asks for a tunnel, which is no call of the API.
  if (net::equals_ignoring_case(question.method, "CONNECT")) return std::unexpected("CONNECT is not let through.");
  if (!question.path.starts_with('/') || !net::is_target_text(question.path) || !net::is_target_text(question.query)) {
    return std::unexpected(
        "The URI of the call is not a path: it must begin with a slash, and hold visible ASCII without a fragment.");
  }
  return question;
}

std::expected<Question, std::string_view> read_headers(const net::Request& request, const HeaderPair& pair) {
  if (request.has_repeated_header(pair.method) || request.has_repeated_header(pair.uri)) {
    return std::unexpected("A header that names the call came twice: the proxy must replace what its client sends.");
  }
  const auto method = request.header(pair.method);
  const auto uri = request.header(pair.uri);
  if (!method || !uri) {
    return std::unexpected(
        "Of the two headers that name the call one is missing: the proxy must send its method and its URI.");
  }
  const Target target = split_target(*uri);
  return check_question({.dialect = pair.dialect, .method = *method, .path = target.path, .query = target.query});
}

}  // namespace

std::expected<Question, std::string_view> read_question(const net::Request& request, std::string_view check_path) {
  const auto pair = std::ranges::find_if(kPairs, [&](const HeaderPair& known) { return has_any(request, known); });
  const bool has_path = request.path.size() > check_path.size();
  const bool has_several =
      std::ranges::count_if(kPairs, [&](const auto& known) { return has_any(request, known); }) > 1;
  if (has_several || (has_path && pair != kPairs.end())) {
    return std::unexpected(
        "The call is named in more than one way: let the proxy send either X-Original-Method and X-Original-URI, or "
        "X-Forwarded-Method and X-Forwarded-Uri, or the call's own path below this one, and remove the others.");
  }
  if (pair != kPairs.end()) return read_headers(request, *pair);
  if (!has_path) {
    return std::unexpected(
        "No call is named: let the proxy send X-Original-Method and X-Original-URI, or X-Forwarded-Method and "
        "X-Forwarded-Uri, or the call's own path below this one.");
  }
  return check_question({.dialect = Dialect::path_below,
                         .method = request.method_name,
                         .path = request.path.substr(check_path.size()),
                         .query = request.query});
}

}  // namespace chatelaine::gateway
