#include "oauth/clients/registration_members.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "oauth/clients/registration_values.hpp"

namespace chatelaine::oauth {
namespace {

using Draft = RequestedMetadata;
using Taken = Result<void>;

struct Member {
  std::string_view name;
  Taken (*take)(Draft& draft, std::string_view name, const json::value& value);
};

/// Puts what was read where it belongs, or hands the error on.
template <class T, class Place>
Taken keep(Result<T> read, Place& place) {
  if (!read) return std::unexpected(std::move(read.error()));
  place = std::move(*read);
  return {};
}

template <std::string ClientDescription::* Place>
Taken take_page(Draft& draft, std::string_view name, const json::value& value) {
  return keep(read_https_url(name, value), draft.metadata.description.*Place);
}

template <std::string ClientDescription::* Place>
Taken take_word(Draft& draft, std::string_view name, const json::value& value) {
  return keep(read_text(name, value, kLongestWord), draft.metadata.description.*Place);
}

/// RFC 7591 §3.2.2: a redirect URI has a code of its own.
Taken take_redirect_uris(Draft& draft, std::string_view name, const json::value& value) {
  auto uris = read_redirect_uris(name, value);
  if (!uris) return refuse(ErrorCode::invalid_redirect_uri, std::move(uris.error().description));
  draft.metadata.redirect_uris = std::move(*uris);
  return {};
}

Taken take_method(Draft& draft, std::string_view name, const json::value& value) {
  return keep(read_choice(name, value, kAuthenticationMethods), draft.authentication_method);
}

Taken take_grant_types(Draft& draft, std::string_view name, const json::value& value) {
  return keep(read_choices(name, value, kGrantTypes), draft.grant_types);
}

// DEVIATION RFC 7591 §2.1: the response type token, and OpenID Connect's id_token, are not there to be registered (RFC
// 9700 §2.1.2).
Taken take_response_types(Draft& draft, std::string_view name, const json::value& value) {
  const auto types = read_texts(name, value);
  if (!types) return std::unexpected(types.error());
  const auto other = std::ranges::find_if(*types, [](const std::string& type) { return type != "code"; });
  if (other != types->end()) return refuse_member(name, fmt::format("cannot hold '{}': code is all there is", *other));
  draft.names_code_response = true;
  return {};
}

Taken take_scope(Draft& draft, std::string_view name, const json::value& value) {
  const auto text = read_text(name, value, kLongestText);
  if (!text) return std::unexpected(text.error());
  draft.scope = Scope::parse(*text);
  if (!draft.scope) return refuse_member(name, "must be scopes parted by blanks (RFC 6749 section 3.3)");
  return {};
}

Taken take_algorithm(Draft& draft, std::string_view name, const json::value& value) {
  return keep(read_choice(name, value, crypto::kSignatureAlgorithms), draft.metadata.id_token_algorithm);
}

Taken take_max_age(Draft& draft, std::string_view name, const json::value& value) {
  const std::int64_t* number = value.if_int64();
  if (number == nullptr || *number < 0 || *number > std::numeric_limits<std::int32_t>::max())
    return refuse_member(name, "must be a number of seconds, 0 or more");
  draft.metadata.default_max_age = seconds(*number);
  return {};
}

Taken take_application_type(Draft& draft, std::string_view name, const json::value& value) {
  constexpr std::array kTypes{ApplicationType::web, ApplicationType::native};
  return keep(read_choice(name, value, kTypes), draft.metadata.description.application_type);
}

/// OpenID Connect Dynamic Client Registration §2: one subject for all clients is what we have.
Taken take_subject_type(Draft&, std::string_view name, const json::value& value) {
  if (value == "public") return {};
  return refuse_member(name, "must be public: subjects that differ from client to client are not supported");
}

/// RFC 7591 §2.3, §3.2.2: nobody's statements are approved of, so that none could be believed.
Taken refuse_statement(Draft&, std::string_view, const json::value& value) {
  if (!is_shaped_as_jws(value))
    return refuse(ErrorCode::invalid_software_statement, "The software_statement is not a signed JWT.");
  return refuse(ErrorCode::unapproved_software_statement,
                "This server trusts nobody's software statements: send the metadata as plain members.");
}

constexpr std::array kMembers{
    Member{"redirect_uris", take_redirect_uris},
    Member{"token_endpoint_auth_method", take_method},
    Member{"grant_types", take_grant_types},
    Member{"response_types", take_response_types},
    Member{"client_name", [](Draft& d, std::string_view n,
                             const json::value& v) { return keep(read_text(n, v, kLongestName), d.metadata.name); }},
    Member{"client_uri", take_page<&ClientDescription::client_uri>},
    Member{"logo_uri", take_page<&ClientDescription::logo_uri>},
    Member{"tos_uri", take_page<&ClientDescription::tos_uri>},
    Member{"policy_uri", take_page<&ClientDescription::policy_uri>},
    Member{"scope", take_scope},
    Member{"contacts", [](Draft& d, std::string_view n,
                          const json::value& v) { return keep(read_texts(n, v), d.metadata.description.contacts); }},
    Member{"jwks",
           [](Draft& d, std::string_view n, const json::value& v) { return keep(read_jwks(n, v), d.metadata.jwks); }},
    Member{"jwks_uri", [](Draft& d, std::string_view n,
                          const json::value& v) { return keep(read_https_url(n, v), d.metadata.jwks_uri); }},
    Member{"software_id", take_word<&ClientDescription::software_id>},
    Member{"software_version", take_word<&ClientDescription::software_version>},
    Member{"software_statement", refuse_statement},
    // RFC 9126 §6.
    Member{"require_pushed_authorization_requests",
           [](Draft& d, std::string_view n, const json::value& v) {
             return keep(read_flag(n, v), d.metadata.requires_pushed_requests);
           }},
    // OpenID Connect Dynamic Client Registration §2, RP-Initiated Logout §3.1.
    Member{"application_type", take_application_type},
    Member{"subject_type", take_subject_type},
    Member{"id_token_signed_response_alg", take_algorithm},
    Member{"default_max_age", take_max_age},
    Member{"require_auth_time",
           [](Draft& d, std::string_view n, const json::value& v) {
             return keep(read_flag(n, v), d.metadata.description.require_auth_time);
           }},
    Member{"initiate_login_uri", take_page<&ClientDescription::initiate_login_uri>},
    Member{"post_logout_redirect_uris",
           [](Draft& d, std::string_view n, const json::value& v) {
             return keep(read_redirect_uris(n, v), d.metadata.post_logout_redirect_uris);
           }},
};

/// What a client would rely on, and would not get.
constexpr std::array<std::string_view, 17> kUnsupported{
    "request_uris",
    "sector_identifier_uri",
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "userinfo_signed_response_alg",
    "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc",
    "introspection_encrypted_response_alg",
    "introspection_encrypted_response_enc",
    "request_object_encryption_alg",
    "request_object_encryption_enc",
    "authorization_signed_response_alg",
    "authorization_encrypted_response_alg",
    "authorization_encrypted_response_enc",
    "require_signed_request_object",
    "dpop_bound_access_tokens",
    "tls_client_certificate_bound_access_tokens",
};

/// RFC 7592 §2.2 has null and empty values for what is to be deleted; a false says that a thing is not wanted.
bool is_empty(const json::value& value) {
  return value.is_null() || (value.is_string() && value.get_string().empty()) ||
         (value.is_array() && value.get_array().empty());
}

const json::value* find_member(const json::object& request, std::string_view name) {
  const json::value* value = request.if_contains(name);
  return value == nullptr || is_empty(*value) ? nullptr : value;
}

}  // namespace

Result<RequestedMetadata> read_requested_metadata(const boost::json::object& request) {
  for (const std::string_view name : kUnsupported) {
    const json::value* value = find_member(request, name);
    if (value != nullptr && *value != false)
      return refuse_member(name, "asks for what this server does not do: leave it out");
  }
  RequestedMetadata requested;
  // RFC 7591 §2, §2.2: every other member is ignored, and so are names and pages in a language (client_name#de).
  for (const auto& [name, take] : kMembers) {
    const json::value* value = find_member(request, name);
    if (value == nullptr) continue;
    if (auto taken = take(requested, name, *value); !taken) return std::unexpected(std::move(taken.error()));
  }
  return requested;
}

}  // namespace chatelaine::oauth
