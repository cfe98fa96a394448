#include "oauth/tokens/token_request.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "oauth/content_type.hpp"
#include "oauth/form_error.hpp"
#include "oauth/parameters.hpp"

namespace chatelaine::oauth {
namespace {

constexpr std::size_t kMostParameters = 128;  // as base/form.hpp

Result<Form> parse_form_body(std::string_view body) {
  // The whole of such a body could pass for one parameter's name.
  if (trim_blanks(body).starts_with('{')) {
    return refuse(ErrorCode::invalid_request,
                  "The body looks like JSON, but Content-Type says that it is a form: send application/json.");
  }
  auto form = parse_parameters(body);
  if (!form) return std::unexpected(describe_form_error(form.error()));
  return std::move(*form);
}

/// The texts of one member: a string, or where it may come several times a list of strings, as RFC 8707 §2.1 writes
/// them in JSON. Nothing where it is neither.
std::optional<std::vector<std::string_view>> find_texts(std::string_view name, const json::value& value) {
  if (const json::string* text = value.if_string()) return std::vector<std::string_view>{*text};
  const json::array* list = name == kResourceParameter ? value.if_array() : nullptr;
  if (list == nullptr) return std::nullopt;
  std::vector<std::string_view> texts;
  for (const json::value& element : *list) {
    if (!element.is_string()) return std::nullopt;
    texts.emplace_back(element.get_string());
  }
  return texts;
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
  Form form;
  for (const auto& member : *object) {
    const std::string_view name = member.key();
    const auto texts = find_texts(name, member.value());
    if (!texts) {
      return refuse(
          ErrorCode::invalid_request,
          name == kResourceParameter
              ? fmt::format("The JSON member '{}' must be a string or a list of strings.", name)
              : fmt::format("The JSON member '{}' must be a string, not {}.", name, name_of(member.value().kind())));
    }
    if (form.fields().size() + texts->size() > kMostParameters)
      return refuse(ErrorCode::invalid_request, fmt::format("The body holds more than {} members.", kMostParameters));
    for (const std::string_view text : *texts) form.add(std::string(name), std::string(text));
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
  const ContentType type = parse_content_type(*content_type);
  const bool is_form = type.media_type == "application/x-www-form-urlencoded";
  if (!is_form && type.media_type != "application/json") {
    return refuse(ErrorCode::invalid_request,
                  fmt::format("The Content-Type '{}' is not supported: {}.", type.media_type, kExpected));
  }
  if (!type.is_utf8)
    return refuse(ErrorCode::invalid_request, "The body must be UTF-8: Content-Type names another charset.");
  return is_form ? parse_form_body(body) : parse_json_body(body);
}

Result<GrantType> check_grant_type(const Form& request, const Client& client, const Flows& flows) {
  auto grant_type = find_grant_type(request, flows);
  if (!grant_type) return grant_type;
  if (auto allowed = check_may_use(client, *grant_type); !allowed) return std::unexpected(std::move(allowed.error()));
  // RFC 6749 §4.4: whatever its registration says.
  if (*grant_type == GrantType::client_credentials && !client.is_confidential()) {
    return refuse(ErrorCode::unauthorized_client,
                  "The grant type client_credentials is for clients with a secret; this one has none.");
  }
  return grant_type;
}

}  // namespace chatelaine::oauth
