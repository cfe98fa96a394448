#include "host/call_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "host/argument_value.hpp"
#include "net/request.hpp"

namespace chatelaine::host {
namespace {

using openapi::Operation;
using openapi::Parameter;
using openapi::ParameterPlace;

template <class T>
using Checked = std::expected<T, std::string>;

/// The arguments of one name.
std::vector<std::string> values_of(const std::vector<Argument>& arguments, std::string_view name) {
  std::vector<std::string> out;
  for (const Argument& argument : arguments) {
    if (argument.name == name) out.push_back(argument.value);
  }
  return out;
}

bool is_described(const Operation& operation, std::string_view name) {
  const auto is_named = [&](const auto& described) { return described.name == name; };
  return std::ranges::any_of(operation.parameters, is_named) ||
         (operation.body && std::ranges::any_of(operation.body->properties, is_named));
}

/// Whether `body=…` means the body as a whole.
bool takes_whole_body(const Operation& operation) { return operation.body && !is_described(operation, "body"); }

std::string list_names(const Operation& operation) {
  std::vector<std::string> names;
  const auto note = [&](const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (const Parameter& parameter : operation.parameters) note(parameter.name);
  if (operation.body) {
    for (const openapi::BodyProperty& property : operation.body->properties) note(property.name);
  }
  if (takes_whole_body(operation)) note("body");
  if (names.empty()) return "It takes no arguments.";
  return fmt::format("It takes: {}.", fmt::join(names, ", "));
}

Checked<void> check_names(const Operation& operation, const std::vector<Argument>& arguments) {
  for (const Argument& argument : arguments) {
    if (is_described(operation, argument.name)) continue;
    if (argument.name == "body" && takes_whole_body(operation)) continue;
    return std::unexpected(
        fmt::format("The operation {} has no argument \"{}\". {}", operation.id, argument.name, list_names(operation)));
  }
  return {};
}

/// A whole body makes every property unnecessary.
Checked<void> check_required(const Operation& operation, const std::vector<Argument>& arguments) {
  std::vector<std::string> missing;
  const auto note = [&](const std::string& name) {
    if (values_of(arguments, name).empty() && std::ranges::find(missing, name) == missing.end())
      missing.push_back(name);
  };
  for (const Parameter& parameter : operation.parameters) {
    if (parameter.required) note(parameter.name);
  }
  if (operation.body && (!takes_whole_body(operation) || values_of(arguments, "body").empty())) {
    for (const openapi::BodyProperty& property : operation.body->properties) {
      if (property.required) note(property.name);
    }
    if (operation.body->required && operation.body->properties.empty()) note("body");
  }
  if (missing.empty()) return {};
  return std::unexpected(
      fmt::format("The operation {} needs {}. {}", operation.id, fmt::join(missing, ", "), list_names(operation)));
}

/// A segment `.` or `..`, in any encoding, would leave the path that the description names.
bool has_dot_segment(std::string_view path) {
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const auto segment = percent_decode(path.substr(start, end - start));
    if (!segment || *segment == "." || *segment == "..") return true;
    start = end + 1;
  }
  return false;
}

Checked<std::string> fill_path(const Operation& operation, const std::vector<Argument>& arguments) {
  std::string path = operation.path;
  if (!path.starts_with('/') || path.find_first_of("?#\\") != std::string::npos) {
    return std::unexpected(
        fmt::format("The path of the operation {} is not one: it must start with \"/\".", operation.id));
  }
  for (const Parameter& parameter : operation.parameters) {
    if (parameter.place != ParameterPlace::path) continue;
    const std::vector<std::string> values = values_of(arguments, parameter.name);
    if (values.size() != 1 || values.front().empty()) {
      return std::unexpected(
          fmt::format("\"{}\" stands in the path and needs one value that is not empty.", parameter.name));
    }
    const std::string marker = '{' + parameter.name + '}';
    const std::size_t at = path.find(marker);
    if (at != std::string::npos) path.replace(at, marker.size(), percent_encode(values.front()));
  }
  if (has_dot_segment(path)) {
    return std::unexpected("A value in the path may not make it \".\" or \"..\": that would be another operation.");
  }
  return path;
}

Checked<std::vector<Form::Field>> fill_query(const Operation& operation, const std::vector<Argument>& arguments) {
  std::vector<Form::Field> query;
  for (const Parameter& parameter : operation.parameters) {
    if (parameter.place != ParameterPlace::query) continue;
    const auto texts = read_texts(parameter.name, parameter.type, values_of(arguments, parameter.name));
    if (!texts) return std::unexpected(texts.error());
    // OpenAPI 3 §4.8.12.2: an array in the query is its name repeated (style form, explode true).
    for (const std::string& text : *texts) query.push_back({parameter.name, text});
  }
  return query;
}

/// OpenAPI 3 §4.8.12.1 leaves Accept, Content-Type and Authorization to others; the rest is the connection's business.
bool is_own_header(std::string_view name) {
  constexpr std::array<std::string_view, 14> kOwn{"accept",
                                                  "authorization",
                                                  "connection",
                                                  "content-length",
                                                  "content-type",
                                                  "cookie",
                                                  "expect",
                                                  "host",
                                                  "keep-alive",
                                                  "proxy-authorization",
                                                  "te",
                                                  "trailer",
                                                  "transfer-encoding",
                                                  "upgrade"};
  return std::ranges::any_of(kOwn, [&](std::string_view own) { return net::equals_ignoring_case(own, name); });
}

/// What could end a header's line and begin another one.
bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool is_header_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

Checked<std::vector<net::Header>> fill_headers(const Operation& operation, const std::vector<Argument>& arguments) {
  std::vector<net::Header> headers{{"Accept", "application/json, */*;q=0.5"}};
  for (const Parameter& parameter : operation.parameters) {
    if (parameter.place == ParameterPlace::path || parameter.place == ParameterPlace::query) continue;
    const auto texts = read_texts(parameter.name, parameter.type, values_of(arguments, parameter.name));
    if (!texts) return std::unexpected(texts.error());
    if (texts->empty()) continue;
    if (parameter.place == ParameterPlace::cookie) {
      return std::unexpected(fmt::format("\"{}\" is a cookie; this host sends none.", parameter.name));
    }
    if (is_own_header(parameter.name) || !is_header_name(parameter.name)) {
      return std::unexpected(fmt::format("The header \"{}\" is not for a caller to choose.", parameter.name));
    }
    std::string value = fmt::format("{}", fmt::join(*texts, ","));
    if (has_control_character(value)) {
      return std::unexpected(
          fmt::format("\"{}\" is a header and holds a character that cannot stand in one.", parameter.name));
    }
    headers.push_back({parameter.name, std::move(value)});
  }
  return headers;
}

bool is_json(std::string_view media_type) {
  const std::string_view essence = media_type.substr(0, media_type.find(';'));
  return net::equals_ignoring_case(essence, "application/json") || essence.ends_with("+json");
}

Checked<std::string> fill_json(const openapi::RequestBody& body, const std::vector<Argument>& arguments) {
  json::object object;
  for (const openapi::BodyProperty& property : body.properties) {
    const std::vector<std::string> values = values_of(arguments, property.name);
    if (values.empty()) continue;
    auto value = read_json_value(property.name, property.type, values);
    if (!value) return std::unexpected(value.error());
    object[property.name] = std::move(*value);
  }
  return json::serialize(object);
}

Checked<std::string> fill_form(const openapi::RequestBody& body, const std::vector<Argument>& arguments) {
  std::vector<Form::Field> fields;
  for (const openapi::BodyProperty& property : body.properties) {
    const auto texts = read_texts(property.name, property.type, values_of(arguments, property.name));
    if (!texts) return std::unexpected(texts.error());
    for (const std::string& text : *texts) fields.push_back({property.name, text});
  }
  return encode_form(fields);
}

/// Nothing where no body is to be sent.
Checked<std::optional<std::string>> fill_body(const Operation& operation, const std::vector<Argument>& arguments) {
  if (!operation.body) return std::nullopt;
  const openapi::RequestBody& body = *operation.body;
  if (takes_whole_body(operation)) {
    const std::vector<std::string> whole = values_of(arguments, "body");
    if (whole.size() > 1) return std::unexpected("\"body\" is the whole body and can be given once.");
    if (!whole.empty()) {
      if (!is_json(body.media_type)) return whole.front();
      const auto parsed = parse_json(whole.front());
      if (!parsed) return std::unexpected("\"body\" is not JSON: " + parsed.error().message + '.');
      return whole.front();
    }
  }
  const bool is_given = std::ranges::any_of(body.properties, [&](const openapi::BodyProperty& property) {
    return !values_of(arguments, property.name).empty();
  });
  if (!is_given && !body.required) return std::nullopt;
  if (is_json(body.media_type)) return fill_json(body, arguments);
  if (body.media_type.starts_with("application/x-www-form-urlencoded")) return fill_form(body, arguments);
  return std::unexpected(
      fmt::format("The operation {} takes {}: give the whole body as body=…", operation.id, body.media_type));
}

/// The last word, whatever the description said: the request stays on the base's origin and below its path.
Checked<void> check_stays(const HttpUrl& base, std::string_view text) {
  const auto url = parse_http_url(text);
  if (!url || url->origin() != base.origin() || url->has_userinfo || !url->path.starts_with(base.path)) {
    return std::unexpected("The operation's path does not make a URL of this plugin's API, so it was not called.");
  }
  return {};
}

}  // namespace

Checked<Argument> parse_argument(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return std::unexpected(fmt::format("\"{}\" is not of the form name=value.", text));
  }
  return Argument{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

Checked<CallRequest> make_call_request(const HttpUrl& base, const Operation& operation,
                                       const std::vector<Argument>& arguments) {
  if (auto checked = check_names(operation, arguments); !checked) return std::unexpected(checked.error());
  if (auto checked = check_required(operation, arguments); !checked) return std::unexpected(checked.error());
  const auto path = fill_path(operation, arguments);
  if (!path) return std::unexpected(path.error());
  const auto query = fill_query(operation, arguments);
  if (!query) return std::unexpected(query.error());
  auto headers = fill_headers(operation, arguments);
  if (!headers) return std::unexpected(headers.error());
  auto body = fill_body(operation, arguments);
  if (!body) return std::unexpected(body.error());

  CallRequest request{operation.method, append_query(base.text + *path, encode_form(*query)), std::move(*headers), {}};
  if (auto checked = check_stays(base, request.url); !checked) return std::unexpected(checked.error());
  if (*body) {
    if (has_control_character(operation.body->media_type)) {
      return std::unexpected(fmt::format("The media type of the operation {} is not one.", operation.id));
    }
    request.headers.push_back({"Content-Type", operation.body->media_type});
    request.body = std::move(**body);
  }
  return request;
}

}  // namespace chatelaine::host
