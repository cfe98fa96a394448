#include "oauth/tokens/token_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/ascii.hpp"
#include "base/json.hpp"
#include "oauth/form_error.hpp"

namespace chatelaine::oauth {
namespace {

constexpr std::size_t kMostParameters = 128;  // as base/form.hpp

std::string_view trim(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \t") - start + 1);
}

/// Whether the parameters of a media type name no other charset than UTF-8 (RFC 9110 §8.3.1).
bool is_utf8(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::size_t end = std::min(parameters.find(';'), parameters.size());
    const std::string_view parameter = trim(parameters.substr(0, end));
    parameters.remove_prefix(std::min(end + 1, parameters.size()));
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    if (to_lower(trim(parameter.substr(0, equals))) != "charset") continue;
    std::string_view value = trim(parameter.substr(std::min(equals + 1, parameter.size())));
    if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) value = value.substr(1, value.size() - 2);
    if (const std::string charset = to_lower(value); charset != "utf-8" && charset != "us-ascii") return false;
  }
  return true;
}

Result<Form> parse_form_body(std::string_view body) {
  // The whole of such a body could pass for one parameter's name.
  if (trim(body).starts_with('{')) {
    return refuse(ErrorCode::invalid_request,
                  "The body looks like JSON, but Content-Type says that it is a form: send application/json.");
  }
  auto form = parse_form(body);
  if (!form) return std::unexpected(describe_form_error(form.error()));
  return std::move(*form);
}

std::string_view name_of(json::kind kind) {
  switch (kind) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "a boolean";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_:
      return "a number";
    case json::kind::string:
      return "a string";
    case json::kind::array:
      return "an array";
    case json::kind::object:
      return "an object";
  }
  std::unreachable();
}

Result<Form> parse_json_body(std::string_view body) {
  const auto value = parse_json(body);
  if (!value) {
    return refuse(ErrorCode::invalid_request,
                  fmt::format("The body is not readable JSON: {} (line {}, column {}).", value.error().message,
                              value.error().line, value.error().column));
  }
  const json::object* object = value->if_object();
  if (object == nullptr)
    return refuse(ErrorCode::invalid_request,
                  fmt::format("The body must be a JSON object, not {}.", name_of(value->kind())));
  if (object->size() > kMostParameters)
    return refuse(ErrorCode::invalid_request, fmt::format("The body holds more than {} members.", kMostParameters));
  Form form;
  for (const auto& member : *object) {
    const json::string* text = member.value().if_string();
    if (text == nullptr) {
      return refuse(ErrorCode::invalid_request,
                    fmt::format("The JSON member '{}' must be a string, not {}.", std::string_view(member.key()),
                                name_of(member.value().kind())));
    }
    form.add(std::string(member.key()), std::string(*text));
  }
  return form;
}

/// "a, b or c".
std::string list_grant_types(const Flows& flows) {
  const auto types = flows.grant_types();
  std::string list;
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (i > 0) list += i + 1 == types.size() ? " or " : ", ";
    list += to_string(types[i]);
  }
  return list;
}

Result<GrantType> find_grant_type(const Form& request, const Flows& flows) {
  const std::string_view text = request.get_or_empty("grant_type");
  if (text.empty()) return refuse(ErrorCode::invalid_request, "The parameter grant_type is missing.");
  if (const auto grant_type = parse_grant_type(text); grant_type && flows.takes(*grant_type)) return *grant_type;
  if (flows.authorization_code) {
    // DEVIATION RFC 6749 §4.3: the password grant shows the password to the client (RFC 9700 §2.4).
    if (text == "password") {
      return refuse(ErrorCode::unsupported_grant_type,
                    "The password grant is not supported, since the client would see the user's password: send the "
                    "user to the authorization endpoint and use authorization_code.");
    }
    if (text == "implicit") {
      return refuse(ErrorCode::unsupported_grant_type,
                    "The implicit grant is not supported (RFC 9700 section 2.1.2): use authorization_code.");
    }
  }
  return refuse(ErrorCode::unsupported_grant_type,
                fmt::format("The grant_type '{}' is not supported: use {}.", text, list_grant_types(flows)));
}

}  // namespace

Result<Form> parse_token_request_body(std::optional<std::string_view> content_type, std::string_view body) {
  constexpr std::string_view kExpected = "send application/x-www-form-urlencoded or application/json";
  if (!content_type) return refuse(ErrorCode::invalid_request, fmt::format("Content-Type is missing: {}.", kExpected));
  const std::size_t semicolon = std::min(content_type->find(';'), content_type->size());
  const std::string media_type = to_lower(trim(content_type->substr(0, semicolon)));
  const bool is_form = media_type == "application/x-www-form-urlencoded";
  if (!is_form && media_type != "application/json") {
    return refuse(ErrorCode::invalid_request,
                  fmt::format("The Content-Type '{}' is not supported: {}.", media_type, kExpected));
  }
  if (!is_utf8(content_type->substr(semicolon)))
    return refuse(ErrorCode::invalid_request, "The body must be UTF-8: Content-Type names another charset.");
  return is_form ? parse_form_body(body) : parse_json_body(body);
}

Result<GrantType> check_grant_type(const Form& request, const Client& client, const Flows& flows) {
  auto grant_type = find_grant_type(request, flows);
  if (!grant_type) return grant_type;
  const std::string_view name = to_string(*grant_type);
  if (!client.may_use(*grant_type)) {
    return refuse(ErrorCode::unauthorized_client,
                  fmt::format("This client is not registered for the grant type {0}: chatelaine client update ID "
                              "--grant with every grant type it shall have, {0} among them.",
                              name));
  }
  // RFC 6749 §4.4: whatever its registration says.
  if (*grant_type == GrantType::client_credentials && !client.is_confidential()) {
    return refuse(ErrorCode::unauthorized_client,
                  "The grant type client_credentials is for clients with a secret; this one has none.");
  }
  return grant_type;
}

}  // namespace chatelaine::oauth
