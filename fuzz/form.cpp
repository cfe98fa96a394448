#include "base/form.hpp"

#include <algorithm>

#include "oauth/clients/authentication.hpp"
#include "oauth/parameters.hpp"
#include "oauth/resource.hpp"
#include "oauth/tokens/token_request.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {
namespace {

/// Each name once, but RFC 8707's `resource`.
void check_names(const Form& form, std::optional<std::string_view> repeatable) {
  for (const Form::Field& field : form.fields()) {
    const auto values = form.get_all(field.name);
    require(values.size() == 1 || field.name == repeatable);
    require(form.get(field.name) == values.front() && std::ranges::find(values, field.value) != values.end());
  }
}

void check_fields(const Form& form, std::optional<std::string_view> repeatable) {
  check_names(form, repeatable);
  const auto again = parse_form(encode_form(form), repeatable);
  require(again && again->fields().size() == form.fields().size());
  for (std::size_t i = 0; i < form.fields().size(); ++i) {
    require(again->fields()[i].name == form.fields()[i].name && again->fields()[i].value == form.fields()[i].value);
  }
}

/// Whatever is asked for, it is served and asked for once.
void check_target(const Form& request) {
  static const oauth::ProtectedResources resources(
      {.identifier = oauth::Resource("https://a.example")},
      {{.identifier = oauth::Resource("urn:b"), .scopes = oauth::Scope({"s"})}});
  const auto target = oauth::check_target(request, oauth::Scope({"s"}), resources);
  if (!target) return;
  require(!target->resources.empty() && target->resources.size() <= resources.all().size());
  require(target->audience.size() <= target->resources.size() + oauth::kMostResources);
  for (const oauth::Resource& one : target->audience) require(resources.find(one.value()) != nullptr);
}

}  // namespace

/// A form, and a token request in either encoding: what was read has each name once, apart from `resource`, and
/// survives being written. What that asks for is bounded, whoever serves it.
void check_form(std::string_view bytes) {
  if (const auto form = parse_form(bytes)) check_fields(*form, std::nullopt);
  if (const auto form = oauth::parse_parameters(bytes)) check_fields(*form, oauth::kResourceParameter);
  static_cast<void>(parse_form_fields(bytes));
  if (const auto decoded = percent_decode(bytes)) require(percent_decode(percent_encode(*decoded)) == decoded);
  for (const std::string_view type : {"application/json", "application/x-www-form-urlencoded; charset=utf-8"}) {
    const auto request = oauth::parse_token_request_body(type, bytes);
    if (!request) continue;
    check_names(*request, oauth::kResourceParameter);
    check_target(*request);
    static_cast<void>(oauth::check_grant_type(*request, oauth::Client{}, oauth::Flows{}));
    static_cast<void>(oauth::parse_client_credentials(std::nullopt, *request));
  }
  // As a content type of its own.
  static_cast<void>(oauth::parse_token_request_body(bytes, "{}"));
}

}  // namespace chatelaine::fuzz
