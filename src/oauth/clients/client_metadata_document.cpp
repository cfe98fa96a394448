#include "oauth/clients/client_metadata_document.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"
#include "oauth/authorize/redirect_uri.hpp"
#include "oauth/clients/client_keys.hpp"

namespace chatelaine::oauth {
namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::size_t kLongestUrl = 512;
constexpr std::size_t kLongestName = 200;
constexpr std::size_t kMostRedirectUris = 32;

using Parsed = std::expected<void, std::string>;
std::unexpected<std::string> wrong(std::string sentence) { return std::unexpected(std::move(sentence)); }

/// draft-ietf-oauth-client-id-metadata-document-03 §3: `.` and `..`, also as a browser reads them percent-encoded.
bool has_dot_segment(std::string_view path) {
  const std::string lower = to_lower(path);
  std::string_view rest = lower;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find('/'), rest.size());
    std::string segment(rest.substr(0, end));
    for (std::size_t at = segment.find("%2e"); at != std::string::npos; at = segment.find("%2e"))
      segment.replace(at, 3, ".");
    if (segment == "." || segment == "..") return true;
    rest.remove_prefix(end);
  }
  return false;
}

/// Nothing where the member is absent; wrong where it is no list of texts.
std::expected<std::optional<std::vector<std::string>>, std::string> find_texts(const json::object& document,
                                                                               std::string_view name) {
  const json::value* value = document.if_contains(name);
  if (value == nullptr) return std::nullopt;
  const auto is_text = [](const json::value& element) { return element.is_string(); };
  if (!value->is_array() || !std::ranges::all_of(value->get_array(), is_text))
    return wrong("The member " + std::string(name) + " must be a list of texts.");
  std::vector<std::string> texts;
  for (const auto& element : value->get_array()) texts.emplace_back(element.get_string());
  return texts;
}

/// Nothing where the member is absent; wrong where it is no text.
std::expected<std::optional<std::string>, std::string> find_text(const json::object& document, std::string_view name) {
  const json::value* value = document.if_contains(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) return wrong("The member " + std::string(name) + " must be a text.");
  return std::string(value->get_string());
}

/// A part of the document refuses it, or fills in what it says.
using Part = Parsed (*)(const json::object&, ClientMetadataDocument&);

// draft-ietf-oauth-client-id-metadata-document-03 §4: simple string comparison (RFC 3986 §6.2.1).
Parsed check_client_id(const json::object& document, ClientMetadataDocument& read) {
  const json::string* id = find_string(document, "client_id");
  if (id == nullptr) return wrong("The member client_id is missing.");
  if (*id != read.client_id.value()) return wrong("The member client_id must be the document's own URL.");
  return {};
}

// draft-ietf-oauth-client-id-metadata-document-03 §4.1: nothing that both sides would have to keep secret can stand in
// a public document.
Parsed check_secrets(const json::object& document, ClientMetadataDocument&) {
  for (const std::string_view name : {"client_secret", "client_secret_expires_at"}) {
    if (document.contains(name)) return wrong("The document is public: take the member " + std::string(name) + " out.");
  }
  return {};
}

/// Characters that make a text look like something else than what is written: controls, and marks of direction.
bool is_steering(char32_t c) {
  const bool is_control = c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
  return is_control || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}
bool is_plain(std::string_view text) {
  while (!text.empty()) {
    const auto character = decode_first(text);
    if (!character || is_steering(character->value)) return false;
    text.remove_prefix(character->size);
  }
  return true;
}

// MCP authorization: client_id, client_name and redirect_uris are required.
Parsed read_name(const json::object& document, ClientMetadataDocument& read) {
  auto name = find_text(document, "client_name");
  if (!name) return wrong(std::move(name.error()));
  if (!*name || (*name)->find_first_not_of(' ') == std::string::npos)
    return wrong("The member client_name is missing: people see it before they allow.");
  if ((*name)->size() > kLongestName) return wrong("The member client_name is longer than 200 bytes.");
  if (!is_plain(**name)) return wrong("The member client_name holds a character that steers how text is shown.");
  read.name = std::move(**name);
  return {};
}

// draft-ietf-oauth-client-id-metadata-document-03 §4.2: what stands here is registered.
Parsed read_redirect_uris(const json::object& document, ClientMetadataDocument& read) {
  auto texts = find_texts(document, "redirect_uris");
  if (!texts) return wrong(std::move(texts.error()));
  if (!*texts || (*texts)->empty()) return wrong("The member redirect_uris is missing.");
  if ((*texts)->size() > kMostRedirectUris) return wrong("The member redirect_uris holds more than 32.");
  for (const auto& text : **texts) {
    auto uri = check_redirect_uri_registration(text);
    if (!uri) return wrong(std::move(uri.error().description));
    read.redirect_uris.push_back(std::move(*uri));
  }
  return {};
}

// DEVIATION RFC 7591 §2: it has authorization_code alone where grant_types is left out. An assistant that may not
// refresh would ask its user again every hour, so that we give both to who does not say.
Parsed read_grant_types(const json::object& document, ClientMetadataDocument& read) {
  constexpr std::array kPossible{GrantType::authorization_code, GrantType::refresh_token};
  const auto names = find_texts(document, "grant_types");
  if (!names) return wrong(names.error());
  for (const GrantType type : kPossible) {
    const bool is_named = !*names || std::ranges::find(**names, to_string(type)) != (*names)->end();
    if (is_named) read.grant_types.push_back(type);
  }
  if (read.grant_types.empty() || read.grant_types.front() != GrantType::authorization_code)
    return wrong("The member grant_types must hold authorization_code.");
  const auto responses = find_texts(document, "response_types");
  if (!responses) return wrong(responses.error());
  if (*responses && std::ranges::find(**responses, "code") == (*responses)->end())
    return wrong("The member response_types must hold code.");
  return {};
}

Parsed read_keys(const json::object& document, ClientMetadataDocument& read) {
  const json::value* set = document.if_contains("jwks");
  auto uri = find_text(document, "jwks_uri");
  if (!uri) return wrong(std::move(uri.error()));
  if (set != nullptr && *uri)
    return wrong("The document has both jwks and jwks_uri: one must go (RFC 7591 section 2).");
  if (set != nullptr) {
    if (!set->is_object()) return wrong("The member jwks must be a JWK Set.");
    // draft-ietf-oauth-client-id-metadata-document-03 §4.1: no private key either, whatever the client would use it
    // for.
    auto keys = check_client_jwks(set->get_object());
    if (!keys) return wrong(std::move(keys.error().description));
    read.jwks = std::move(*keys);
  }
  if (*uri) {
    if (const auto checked = check_client_jwks_uri(**uri); !checked) return wrong(checked.error().description);
    read.jwks_uri = std::move(**uri);
  }
  return {};
}

// draft-ietf-oauth-client-id-metadata-document-03 §4.1: no method that rests on a shared secret.
// DEVIATION RFC 7591 §2: its default, client_secret_basic, is one, so that who says nothing has none.
Parsed read_method(const json::object& document, ClientMetadataDocument& read) {
  const auto text = find_text(document, "token_endpoint_auth_method");
  if (!text) return wrong(text.error());
  const auto method = *text ? parse_authentication_method(**text) : AuthenticationMethod::none;
  if (method != AuthenticationMethod::none && method != AuthenticationMethod::private_key_jwt)
    return wrong("The member token_endpoint_auth_method must be none or private_key_jwt.");
  read.method = *method;
  const bool has_keys = !read.jwks.empty() || !read.jwks_uri.empty();
  if (read.method == AuthenticationMethod::private_key_jwt && !has_keys)
    return wrong("private_key_jwt needs the client's public keys: jwks or jwks_uri.");
  // Keys that nothing asks for.
  if (read.method == AuthenticationMethod::none) read.jwks = read.jwks_uri = "";
  return {};
}

Parsed read_scope(const json::object& document, ClientMetadataDocument& read) {
  const auto text = find_text(document, "scope");
  if (!text) return wrong(text.error());
  if (!*text) return {};
  read.scope = Scope::parse(**text);
  if (!read.scope) return wrong("The member scope must hold scopes parted by blanks.");
  return {};
}

// RFC 9126 §6.
Parsed read_pushed_requests(const json::object& document, ClientMetadataDocument& read) {
  const json::value* value = document.if_contains("require_pushed_authorization_requests");
  if (value == nullptr) return {};
  if (!value->is_bool()) return wrong("The member require_pushed_authorization_requests must be true or false.");
  read.requires_pushed_requests = value->get_bool();
  return {};
}

constexpr std::array<Part, 9> kParts{check_client_id, check_secrets, read_name,  read_redirect_uris,  read_grant_types,
                                     read_keys,       read_method,   read_scope, read_pushed_requests};

}  // namespace

bool names_document(const ClientId& client_id) { return client_id.value().starts_with(kScheme); }

std::expected<HttpUrl, std::string> parse_document_url(const ClientId& client_id) {
  const std::string& text = client_id.value();
  const auto wrong_url = [](std::string_view reason) { return wrong("The client_id " + std::string(reason) + "."); };
  if (!names_document(client_id)) return wrong_url("must start with https://");
  if (text.size() > kLongestUrl) return wrong_url("is longer than 512 characters");
  auto url = parse_http_url(text);
  if (!url) return wrong_url(url.error());
  if (url->has_userinfo) return wrong_url("must not hold a user name or password");
  if (url->has_fragment) return wrong_url("must not have a fragment");
  if (url->path.empty()) return wrong_url("must have a path, such as https://example.com/client.json");
  if (has_dot_segment(url->path)) return wrong_url("must not have . or .. in its path");
  return url;
}

std::expected<ClientMetadataDocument, std::string> parse_client_metadata_document(const ClientId& client_id,
                                                                                  std::string_view text) {
  const auto parsed = parse_json(text);
  if (!parsed) return wrong("The document is not JSON: " + parsed.error().message + ".");
  const json::object* document = parsed->if_object();
  if (document == nullptr) return wrong("The document must be a JSON object.");
  ClientMetadataDocument read;
  read.client_id = client_id;
  for (const Part part : kParts) {
    if (auto outcome = part(*document, read); !outcome) return std::unexpected(std::move(outcome.error()));
  }
  return read;
}

Client make_client(const ClientMetadataDocument& document, const Scope& offered, Instant now) {
  Client client;
  client.id = document.client_id;
  client.name = document.name;
  client.authentication_methods = {document.method};
  client.redirect_uris = document.redirect_uris;
  client.grant_types = document.grant_types;
  client.scope = document.scope ? document.scope->intersected_with(offered) : offered;
  client.openid = !document.scope || document.scope->contains("openid");
  client.pkce = PkcePolicy::required;
  client.jwks = document.jwks;
  client.jwks_uri = document.jwks_uri;
  client.requires_pushed_requests = document.requires_pushed_requests;
  client.origin = ClientOrigin::metadata_document;
  client.created_at = now;
  return client;
}

}  // namespace chatelaine::oauth
