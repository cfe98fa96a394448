#include "rehearsal/messages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/base64url.hpp"
#include "base/form.hpp"
#include "base/uri.hpp"
#include "oauth/clients/client_assertion.hpp"
#include "oauth/pkce.hpp"

namespace chatelaine::rehearsal {
namespace {

using oauth::AuthenticationMethod;
using oauth::StateForm;
using oauth::TokenRequestEncoding;

/// What a parameter's name stands for; what is not there is not sent.
using Values = std::map<std::string_view, std::string>;

std::vector<Form::Field> in_order(const std::vector<std::string>& names, const Values& values) {
  std::vector<Form::Field> fields;
  for (const std::string& name : names) {
    const auto found = values.find(name);
    if (found != values.end()) fields.push_back({name, found->second});
  }
  return fields;
}

/// RFC 9562 §5.4.
std::string make_uuid(std::string bytes) {
  bytes[6] = static_cast<char>((static_cast<unsigned char>(bytes[6]) & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((static_cast<unsigned char>(bytes[8]) & 0x3f) | 0x80);
  const std::string hex = hex_encode(bytes);
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4), hex.substr(16, 4),
                     hex.substr(20));
}

std::optional<std::string> draw_state(StateForm form, Randomness& randomness) {
  switch (form) {
    case StateForm::none:
      return std::nullopt;
    case StateForm::uuid:
      return make_uuid(randomness.bytes(16));
    case StateForm::hex:
      return hex_encode(randomness.bytes(16));
    case StateForm::base64:
      return base64_encode(randomness.bytes(16));
    case StateForm::base64url:
      return base64url_encode(randomness.bytes(24));
    case StateForm::uri:
      return fmt::format("app://authorize?nonce={}&window=1", hex_encode(randomness.bytes(8)));
  }
  return std::nullopt;
}

const std::vector<std::string>& authorization_parameters(const oauth::AssistantProfile& profile,
                                                         const UsedRedirect& redirect) {
  const bool has_own = redirect.of != nullptr && !redirect.of->authorization_parameters.empty();
  return has_own ? redirect.of->authorization_parameters : profile.authorization_parameters;
}

void add_credentials(const Speech& speech, Values& values) {
  const Client& client = speech.client;
  switch (client.method) {
    case AuthenticationMethod::none:
      values["client_id"] = client.id.value();
      return;
    case AuthenticationMethod::private_key_jwt:
      // RFC 7523 §2.2; RFC 7521 §4.2 lets client_id be there.
      values["client_id"] = client.id.value();
      values["client_assertion_type"] = oauth::kJwtBearerAssertionType;
      values["client_assertion"] = speech.client_assertion;
      return;
    case AuthenticationMethod::client_secret_post:
      values["client_id"] = client.id.value();
      if (client.secret) values["client_secret"] = client.secret->reveal();
      return;
    case AuthenticationMethod::client_secret_basic:
      if (speech.profile.sends_client_id_with_basic.value_or(true)) values["client_id"] = client.id.value();
      return;
  }
}

/// RFC 6749 §2.3.1: both are form-encoded before they are put together.
std::string make_basic(const Client& client) {
  const std::string_view secret = client.secret ? client.secret->reveal() : std::string_view();
  return "Basic " + base64_encode(percent_encode(client.id.value()) + ':' + percent_encode(secret));
}

/// A `%20` in what `encode_form` writes stands for a blank alone, since a percent sign is written as `%25`.
std::string write_form(const oauth::AssistantProfile& profile, const std::vector<Form::Field>& fields) {
  constexpr std::string_view kBlank = "%20";
  std::string form = encode_form(fields);
  if (profile.blank == kBlank) return form;
  for (std::size_t at = form.find(kBlank); at != std::string::npos; at = form.find(kBlank, at))
    form.replace(at, kBlank.size(), profile.blank);
  return form;
}

std::string write_body(const oauth::AssistantProfile& profile, TokenRequestEncoding encoding,
                       const std::vector<Form::Field>& fields) {
  switch (encoding) {
    case TokenRequestEncoding::form:
      return write_form(profile, fields);
    case TokenRequestEncoding::json: {
      json::object body;
      for (const Form::Field& field : fields) body[field.name] = field.value;
      return json::serialize(body);
    }
  }
  return {};
}

std::string_view media_type(TokenRequestEncoding encoding) {
  switch (encoding) {
    case TokenRequestEncoding::form:
      return "application/x-www-form-urlencoded";
    case TokenRequestEncoding::json:
      return "application/json";
  }
  return {};
}

inspection::Question post(const Speech& speech, std::string url, TokenRequestEncoding encoding,
                          const std::vector<Form::Field>& fields) {
  inspection::Question question;
  question.method = "POST";
  question.url = std::move(url);
  question.headers = {{"Content-Type", std::string(media_type(encoding))}, {"Accept", "application/json"}};
  if (speech.profile.token_user_agent) question.headers.push_back({"User-Agent", *speech.profile.token_user_agent});
  if (speech.client.method == AuthenticationMethod::client_secret_basic)
    question.headers.push_back({"Authorization", make_basic(speech.client)});
  question.body = write_body(speech.profile, encoding, fields);
  return question;
}

bool sends_resource(const oauth::AssistantProfile& profile) {
  return std::ranges::find(profile.token_parameters, "resource") != profile.token_parameters.end();
}

json::array strings(const auto& list, auto name_of) {
  json::array array;
  for (const auto& element : list) array.emplace_back(std::string(name_of(element)));
  return array;
}

/// A client of the assistant's kind, where its own words are not known.
json::object make_registration(const oauth::AssistantProfile& profile, AuthenticationMethod method) {
  json::object body{{"client_name", profile.title}};
  body["redirect_uris"] = strings(profile.redirects, [](const auto& redirect) { return redirect.example; });
  body["grant_types"] = strings(profile.grant_types, [](auto type) { return oauth::to_string(type); });
  body["response_types"] = json::array{"code"};
  body["token_endpoint_auth_method"] = oauth::to_string(method);
  return body;
}

}  // namespace

OneTime draw_one_time(const oauth::AssistantProfile& profile, const UsedRedirect& redirect, Randomness& randomness) {
  const auto own = redirect.of == nullptr ? std::nullopt : redirect.of->state;
  OneTime one_time;
  const auto& names = authorization_parameters(profile, redirect);
  const bool has_state = std::ranges::find(names, "state") != names.end();
  if (has_state) one_time.state = draw_state(own.value_or(profile.state.value_or(StateForm::base64url)), randomness);
  if (profile.pkce == oauth::PkceAbility::S256) one_time.verifier.emplace(base64url_encode(randomness.bytes(32)));
  return one_time;
}

std::string make_authorization_url(const Speech& speech, const UsedRedirect& redirect, std::string_view scope,
                                   const OneTime& one_time) {
  Values values{
      {"response_type", "code"}, {"client_id", speech.client.id.value()}, {"redirect_uri", redirect.uri.value()}};
  if (!scope.empty() || speech.profile.sends_empty_scope.value_or(false)) values["scope"] = scope;
  if (one_time.state) values["state"] = *one_time.state;
  if (one_time.verifier) {
    values["code_challenge"] = oauth::derive_code_challenge(one_time.verifier->reveal()).value;
    values["code_challenge_method"] = "S256";
  }
  if (!speech.server.resource.empty()) values["resource"] = speech.server.resource;
  if (scope.find("offline_access") != std::string_view::npos) values["prompt"] = "consent";
  const auto fields = in_order(authorization_parameters(speech.profile, redirect), values);
  return append_query(speech.server.authorization_endpoint, write_form(speech.profile, fields));
}

oauth::TokenRequestEncoding choose_encoding(const Speech& speech) {
  const auto& able = speech.profile.encodings;
  if (speech.server.manifest) {
    const TokenRequestEncoding wanted = speech.server.manifest->encoding;
    if (std::ranges::find(able, wanted) != able.end()) return wanted;
  }
  return able.empty() ? TokenRequestEncoding::form : able.front();
}

inspection::Question make_code_question(const Speech& speech, const UsedRedirect& redirect, const OneTime& one_time,
                                        std::string_view code) {
  Values values{
      {"grant_type", "authorization_code"}, {"code", std::string(code)}, {"redirect_uri", redirect.uri.value()}};
  add_credentials(speech, values);
  if (one_time.verifier) values["code_verifier"] = one_time.verifier->reveal();
  if (!speech.server.resource.empty()) values["resource"] = speech.server.resource;
  return post(speech, speech.server.token_endpoint, choose_encoding(speech),
              in_order(speech.profile.token_parameters, values));
}

inspection::Question make_refresh_question(const Speech& speech, std::string_view refresh_token) {
  Values values{{"grant_type", "refresh_token"}, {"refresh_token", std::string(refresh_token)}};
  add_credentials(speech, values);
  if (!speech.server.resource.empty() && sends_resource(speech.profile)) values["resource"] = speech.server.resource;
  static const std::vector<std::string> kUsual{"grant_type",      "refresh_token", "client_id",
                                               "client_secret",   "resource",      "client_assertion_type",
                                               "client_assertion"};
  return post(speech, speech.server.token_endpoint, choose_encoding(speech),
              in_order(speech.profile.refresh_parameters.value_or(kUsual), values));
}

inspection::Question make_revocation_question(const Speech& speech, std::string url, std::string_view refresh_token) {
  Values values{{"token", std::string(refresh_token)}, {"token_type_hint", "refresh_token"}};
  add_credentials(speech, values);
  static const std::vector<std::string> kUsual{"token",         "token_type_hint",       "client_id",
                                               "client_secret", "client_assertion_type", "client_assertion"};
  // RFC 7009 §2.1 knows forms alone.
  return post(speech, std::move(url), TokenRequestEncoding::form,
              in_order(speech.profile.revocation_parameters.value_or(kUsual), values));
}

inspection::Question make_registration_question(const oauth::AssistantProfile& profile, std::string url,
                                                AuthenticationMethod method, const crypto::SigningKey* key) {
  inspection::Question question;
  question.method = "POST";
  question.url = std::move(url);
  question.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  if (profile.token_user_agent) question.headers.push_back({"User-Agent", *profile.token_user_agent});
  json::object body = profile.registration_request.value_or(make_registration(profile, method));
  if (key != nullptr) {
    body["token_endpoint_auth_method"] = oauth::to_string(method);
    // RFC 7591 §2: never both.
    body.erase("jwks_uri");
    body["jwks"] = json::object{{"keys", json::array{key->public_jwk()}}};
  }
  question.body = json::serialize(body);
  return question;
}

inspection::Question make_call(const oauth::AssistantProfile& profile, std::string url, std::string_view access_token) {
  inspection::Question question;
  question.url = std::move(url);
  question.most_bytes = 4 * 1024 * 1024;
  question.headers = {{"Accept", "application/json"}};
  if (!access_token.empty()) question.headers.push_back({"Authorization", fmt::format("Bearer {}", access_token)});
  if (profile.user_agent) question.headers.push_back({"User-Agent", *profile.user_agent});
  return question;
}

std::optional<milliseconds> patience_of(const oauth::AssistantProfile& profile) { return profile.timeout; }

std::optional<milliseconds> refresh_patience_of(const oauth::AssistantProfile& profile) {
  return profile.refresh_timeout ? profile.refresh_timeout : profile.timeout;
}

}  // namespace chatelaine::rehearsal
