#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "net/request.hpp"
#include "relying_party/provider_text.hpp"
#include "relying_party/token_exchange.hpp"

namespace chatelaine::relying_party {
namespace {

using Kind = TokenFailure::Kind;
using Sent = std::span<const std::string_view>;

constexpr std::size_t kLongestToken = 16 * 1024;
/// Longer lives are cut to this, so that no sum of times overflows.
constexpr seconds kLongestLife{std::chrono::years{10}};

/// Every sentence about an answer that breaks the protocol begins alike, so that it is clear whose turn it is.
std::unexpected<TokenFailure> blame(const std::string& what) {
  return std::unexpected(TokenFailure{Kind::malformed_answer, "The token endpoint answered wrongly: " + what});
}

bool is_html(std::string_view body) {
  const std::size_t start = body.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && body[start] == '<';
}

/// RFC 6749 §5.2. GitHub and others send errors with status 200, so the member decides, not the status.
TokenFailure describe_error(const json::object& answer, std::string_view error, Sent sent) {
  const json::string* description = find_string(answer, "error_description");
  const std::string quoted = description == nullptr ? std::string() : quote_provider_text(*description, sent);
  const std::string why = quoted.empty() ? std::string() : fmt::format(" It says: \"{}\".", quoted);
  if (error == "invalid_grant") {
    return {Kind::grant_refused, "It answered invalid_grant." + why};
  }
  if (error == "invalid_client" || error == "unauthorized_client") {
    return {Kind::client_refused, fmt::format("The token endpoint refused the client ID or secret ({}): whoever "
                                              "entered them must do so again.{}",
                                              error, why)};
  }
  return {Kind::request_refused, fmt::format("The token endpoint refused the request with the error \"{}\".{}",
                                             quote_provider_text(error, sent, 64), why)};
}

std::expected<std::string_view, TokenFailure> check_token(const json::value& value, std::string_view member) {
  const json::string* text = value.if_string();
  if (text == nullptr) return blame(fmt::format("\"{}\" is {}, but must be a string.", member, name_of(value.kind())));
  if (text->empty()) return blame(fmt::format("\"{}\" is empty.", member));
  if (text->size() > kLongestToken) return blame(fmt::format("\"{}\" is longer than 16 KiB.", member));
  // RFC 6749 appendix A.12 and A.17 allow %x20-7E; a blank cannot stand in `Authorization: Bearer` (RFC 6750 §2.1).
  if (!std::ranges::all_of(*text, [](char c) { return c > 0x20 && c < 0x7f; })) {
    return blame(fmt::format("\"{}\" holds a blank or a character that is not printable ASCII.", member));
  }
  return std::string_view(*text);
}

/// RFC 6749 §7.1: a token of a type that we do not understand must not be used.
std::expected<void, TokenFailure> check_token_type(const json::object& answer, Sent sent) {
  const json::value* value = answer.if_contains("token_type");
  if (value == nullptr) return blame("\"token_type\" is missing; it must be \"bearer\" (RFC 6749 section 5.1).");
  const json::string* text = value->if_string();
  if (text == nullptr)
    return blame(fmt::format("\"token_type\" is {}, but must be \"bearer\".", name_of(value->kind())));
  if (!net::equals_ignoring_case(*text, "bearer")) {
    return blame(
        fmt::format("\"token_type\" is \"{}\"; only bearer tokens can be sent.", quote_provider_text(*text, sent, 32)));
  }
  return {};
}

std::expected<std::optional<seconds>, TokenFailure> check_expires_in(const json::object& answer) {
  const json::value* value = answer.if_contains("expires_in");
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) {
    return blame("\"expires_in\" is a string, but must be a number of seconds without quotes, such as 3600.");
  }
  if (value->is_double()) return blame("\"expires_in\" must be a whole number of seconds, such as 3600.");
  if (!value->is_int64() && !value->is_uint64()) {
    return blame(fmt::format("\"expires_in\" is {}, but must be a number of seconds.", name_of(value->kind())));
  }
  if (value->is_uint64()) return kLongestLife;
  if (value->get_int64() < 0) return blame("\"expires_in\" is negative.");
  return std::min(seconds(value->get_int64()), kLongestLife);
}

std::expected<void, TokenFailure> check_scope(const json::object& answer) {
  const json::value* value = answer.if_contains("scope");
  if (value == nullptr || value->is_string()) return {};
  return blame(
      fmt::format("\"scope\" is {}, but must be one string, its words parted by blanks.", name_of(value->kind())));
}

std::expected<json::object, TokenFailure> read_object(const net::FetchedDocument& answer, Sent sent) {
  if (is_html(answer.body)) {
    return blame(
        fmt::format("it sent an HTML page (status {}) instead of JSON. Perhaps \"authorization_url\" in the "
                    "manifest is not the token endpoint.",
                    answer.status));
  }
  if (answer.status >= 300 && answer.status < 400) {
    return blame(fmt::format("it redirects (status {}); a token endpoint must answer itself.", answer.status));
  }
  const auto parsed = parse_json(answer.body);
  if (!parsed && answer.status == 200 && answer.body.starts_with("access_token=")) {
    return blame("it sent a form instead of JSON (RFC 6749 section 5.1).");
  }
  if (!parsed && answer.status != 200) return blame(fmt::format("status {} without a JSON body.", answer.status));
  if (!parsed) {
    // A repeated member's name is the provider's text.
    return blame(fmt::format("its body is not JSON: {} (line {}, column {}).",
                             quote_provider_text(parsed.error().message, sent), parsed.error().line,
                             parsed.error().column));
  }
  if (!parsed->is_object()) return blame(fmt::format("its body is {}, not a JSON object.", name_of(parsed->kind())));
  return parsed->get_object();
}

std::expected<TokenAnswer, TokenFailure> read_members(const json::object& answer, Sent sent) {
  const json::value* access_member = answer.if_contains("access_token");
  if (access_member == nullptr) return blame("\"access_token\" is missing.");
  const auto access_token = check_token(*access_member, "access_token");
  if (!access_token) return std::unexpected(access_token.error());
  if (const auto type = check_token_type(answer, sent); !type) return std::unexpected(type.error());
  const auto expires_in = check_expires_in(answer);
  if (!expires_in) return std::unexpected(expires_in.error());
  if (const auto scope = check_scope(answer); !scope) return std::unexpected(scope.error());

  TokenAnswer out{oauth::AccessTokenSecret(*access_token), std::nullopt, *expires_in, std::nullopt};
  if (const json::value* refresh_member = answer.if_contains("refresh_token")) {
    const auto refresh_token = check_token(*refresh_member, "refresh_token");
    if (!refresh_token) return std::unexpected(refresh_token.error());
    out.refresh_token.emplace(*refresh_token);
  }
  // Nobody who did not ask for one looks at it, and who did judges it whole.
  if (const json::string* id_token = find_string(answer, "id_token")) out.id_token.emplace(*id_token);
  return out;
}

}  // namespace

std::expected<TokenAnswer, TokenFailure> judge_token_answer(const net::FetchedDocument& answer, Sent sent) {
  const auto object = read_object(answer, sent);
  if (!object) return std::unexpected(object.error());
  if (const json::value* error = object->if_contains("error")) {
    const json::string* code = error->if_string();
    if (code != nullptr) return std::unexpected(describe_error(*object, *code, sent));
    if (!error->is_null()) return blame(fmt::format("\"error\" is {}, but must be a string.", name_of(error->kind())));
  }
  // RFC 6749 §5.1: a token comes with 200.
  if (answer.status != 200) {
    return blame(fmt::format("status {} where a token comes with 200, an error with 400 or 401.", answer.status));
  }
  return read_members(*object, sent);
}

}  // namespace chatelaine::relying_party
