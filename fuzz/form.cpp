#include "base/form.hpp"

#include "oauth/clients/authentication.hpp"
#include "oauth/tokens/token_request.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {
namespace {

void check_fields(const Form& form) {
  for (const Form::Field& field : form.fields()) require(form.get(field.name) == std::string_view(field.value));
  const auto again = parse_form(encode_form(form));
  require(again && again->fields().size() == form.fields().size());
  for (std::size_t i = 0; i < form.fields().size(); ++i) {
    require(again->fields()[i].name == form.fields()[i].name && again->fields()[i].value == form.fields()[i].value);
  }
}

}  // namespace

/// A form, and a token request in either encoding: what was read has each name once, and survives being written.
void check_form(std::string_view bytes) {
  if (const auto form = parse_form(bytes)) check_fields(*form);
  static_cast<void>(parse_form_fields(bytes));
  if (const auto decoded = percent_decode(bytes)) require(percent_decode(percent_encode(*decoded)) == decoded);
  for (const std::string_view type : {"application/json", "application/x-www-form-urlencoded; charset=utf-8"}) {
    const auto request = oauth::parse_token_request_body(type, bytes);
    if (!request) continue;
    for (const Form::Field& field : request->fields())
      require(request->get(field.name) == std::string_view(field.value));
    static_cast<void>(oauth::check_grant_type(*request, oauth::Client{}, oauth::Flows{}));
    static_cast<void>(oauth::parse_client_credentials(std::nullopt, *request));
  }
  // As a content type of its own.
  static_cast<void>(oauth::parse_token_request_body(bytes, "{}"));
}

}  // namespace chatelaine::fuzz
