#include "oauth/assistants/assistant_profile.hpp"

#include <boost/json/array.hpp>

#include "base/contains.hpp"

namespace chatelaine::oauth {
namespace {

namespace json = boost::json;

/// Two digits.
std::string pad(unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string format_date(std::chrono::year_month_day date) {
  return std::to_string(static_cast<int>(date.year())) + "-" + pad(static_cast<unsigned>(date.month())) + "-" +
         pad(static_cast<unsigned>(date.day()));
}

json::array list_names(const auto& values, auto name_of) {
  json::array names;
  for (const auto& value : values) names.emplace_back(name_of(value));
  return names;
}

json::array list_texts(const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); }

/// Null where it is not known.
template <class T>
json::value known(const std::optional<T>& fact, auto write) {
  return fact ? json::value(write(*fact)) : json::value();
}

/// Null where it is empty.
json::value there_is(const std::string& text) { return text.empty() ? json::value() : json::value(text); }

json::array list_redirects(const AssistantProfile& profile) {
  json::array list;
  for (const AssistantRedirect& redirect : profile.redirects) {
    json::object object{{"template", redirect.uri.text()}, {"example", redirect.example}, {"note", redirect.note}};
    object["metadata_document"] = there_is(redirect.metadata_document);
    const auto& parameters = redirect.authorization_parameters;
    object["parameters"] = parameters.empty() ? json::value() : json::value(list_texts(parameters));
    object["state"] = known(redirect.state, [](StateForm form) { return to_string(form); });
    list.push_back(std::move(object));
  }
  return list;
}

}  // namespace

bool AssistantProfile::registers(RegistrationWay way) const { return contains(registration, way); }

bool AssistantProfile::repeats_redirect_uri() const {
  return contains(token_parameters, std::string_view("redirect_uri"));
}

std::string_view to_string(AssistantGeneration generation) {
  switch (generation) {
    case AssistantGeneration::plugin:
      return "plugin";
    case AssistantGeneration::action:
      return "action";
    case AssistantGeneration::connector:
      return "connector";
  }
  return "";
}

std::string_view to_string(RegistrationWay way) {
  switch (way) {
    case RegistrationWay::metadata_document:
      return "metadata_document";
    case RegistrationWay::dynamic:
      return "dynamic";
    case RegistrationWay::by_hand:
      return "by_hand";
  }
  return "";
}

std::string_view to_string(PkceAbility pkce) {
  switch (pkce) {
    case PkceAbility::none:
      return "none";
    case PkceAbility::S256:
      return "S256";
  }
  return "";
}

std::string_view to_string(TokenRequestEncoding encoding) {
  switch (encoding) {
    case TokenRequestEncoding::json:
      return "json";
    case TokenRequestEncoding::form:
      return "form";
  }
  return "";
}

std::string_view to_string(DiscoveryStep step) {
  switch (step) {
    case DiscoveryStep::plugin_manifest:
      return "plugin_manifest";
    case DiscoveryStep::challenge:
      return "challenge";
    case DiscoveryStep::resource_path:
      return "resource_path";
    case DiscoveryStep::resource_root:
      return "resource_root";
    case DiscoveryStep::server_path:
      return "server_path";
    case DiscoveryStep::server_root:
      return "server_root";
    case DiscoveryStep::openid_path:
      return "openid_path";
    case DiscoveryStep::openid_appended:
      return "openid_appended";
  }
  return "";
}

std::string_view to_string(StateForm form) {
  switch (form) {
    case StateForm::none:
      return "none";
    case StateForm::uuid:
      return "uuid";
    case StateForm::hex:
      return "hex";
    case StateForm::base64:
      return "base64";
    case StateForm::base64url:
      return "base64url";
    case StateForm::uri:
      return "uri";
  }
  return "";
}

std::string_view to_string(ScopeSource source) {
  switch (source) {
    case ScopeSource::manifest:
      return "manifest";
    case ScopeSource::settings:
      return "settings";
    case ScopeSource::challenge:
      return "challenge";
    case ScopeSource::resource_metadata:
      return "resource_metadata";
    case ScopeSource::server_metadata:
      return "server_metadata";
  }
  return "";
}

std::string_view to_string(RefreshTrigger trigger) {
  switch (trigger) {
    case RefreshTrigger::unauthorized:
      return "unauthorized";
    case RefreshTrigger::expiry:
      return "expiry";
  }
  return "";
}

json::object to_json(const AssistantProfile& profile) {
  const auto name_of = [](auto value) { return to_string(value); };
  const auto names_of = [&](const auto& values) { return list_names(values, name_of); };
  const auto as_it_is = [](const auto& value) { return value; };
  const auto count = [](seconds duration) { return duration.count(); };
  return {{"name", profile.name},
          {"title", profile.title},
          {"aliases", list_texts(profile.aliases)},
          {"generation", to_string(profile.generation)},
          {"registration", names_of(profile.registration)},
          {"metadata_document", there_is(profile.metadata_document)},
          {"user_agent", known(profile.user_agent, as_it_is)},
          {"discovery", known(profile.discovery, names_of)},
          {"discovery_version", there_is(profile.discovery_version)},
          {"redirect", list_redirects(profile)},
          {"registration_request", known(profile.registration_request, as_it_is)},
          {"authorization",
           {{"pkce", to_string(profile.pkce)},
            {"parameters", list_texts(profile.authorization_parameters)},
            {"state", known(profile.state, name_of)},
            {"scopes", known(profile.scopes, names_of)},
            {"empty_scope", known(profile.sends_empty_scope, as_it_is)},
            {"offline_access", known(profile.asks_for_offline_access, as_it_is)},
            {"scope_separator", profile.scope_separator},
            {"blank", profile.blank}}},
          {"token",
           {{"user_agent", known(profile.token_user_agent, as_it_is)},
            {"encodings", names_of(profile.encodings)},
            {"authentication_methods", names_of(profile.authentication_methods)},
            {"document_methods", known(profile.document_methods, names_of)},
            {"signing_algorithm",
             known(profile.signing_algorithm, [](auto algorithm) { return crypto::to_string(algorithm); })},
            {"client_id_with_basic", known(profile.sends_client_id_with_basic, as_it_is)},
            {"grant_types", list_names(profile.grant_types, [](GrantType type) { return short_name(type); })},
            {"parameters", list_texts(profile.token_parameters)},
            {"refresh_parameters", known(profile.refresh_parameters, list_texts)},
            {"revocation_parameters", known(profile.revocation_parameters, list_texts)},
            {"timeout", known(profile.timeout, count)},
            {"refresh_timeout", known(profile.refresh_timeout, count)},
            {"refresh_on", known(profile.refreshes_on, names_of)},
            {"refresh_ahead", known(profile.refreshes_ahead, count)},
            {"concurrent_refresh", known(profile.refreshes_concurrently, as_it_is)},
            {"revokes", known(profile.revokes, as_it_is)}}},
          {"metadata", profile.metadata_needs},
          {"preferred_metadata", profile.metadata_wishes},
          {"notes", list_texts(profile.notes)},
          {"sources", list_texts(profile.sources)},
          {"read_on", format_date(profile.read_on)},
          {"unknown", list_texts(profile.unknown)}};
}

}  // namespace chatelaine::oauth
