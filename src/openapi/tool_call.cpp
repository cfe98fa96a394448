#include "openapi/tool_call.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.hpp"
#include "base/base64url.hpp"
#include "openapi/json_text.hpp"
#include "openapi/multipart.hpp"
#include "openapi/reference.hpp"
#include "openapi/value_check.hpp"

namespace chatelaine::openapi {
namespace {

/// What could end a header's line and begin another one.
bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

/// Models write null for what they leave out.
json::object drop_nulls(const Tool& tool, const json::object& arguments) {
  json::object kept;
  const json::value* properties = tool.input_schema.if_contains("properties");
  for (const auto& [name, value] : arguments) {
    const json::value* schema = properties == nullptr ? nullptr : properties->get_object().if_contains(name);
    if (value.is_null() && schema != nullptr && !fits(tool.input_schema, *schema, value)) continue;
    kept[name] = value;
  }
  return kept;
}

class RequestMaker {
 public:
  RequestMaker(const Tool& tool, const json::object& arguments) : tool_(tool), arguments_(arguments) {}

  std::expected<ToolRequest, std::vector<Fault>> make() {
    request_.method = tool_.method;
    path_ = tool_.path;
    request_.headers.push_back({"Accept", "application/json, */*;q=0.5"});
    // RFC 9110 §12.5.3: without it any coding is welcome, and what is coded no model can read.
    request_.headers.push_back({"Accept-Encoding", "identity"});
    for (const ToolParameter& parameter : tool_.parameters) {
      const json::value* value = arguments_.if_contains(parameter.argument);
      if (value != nullptr && !value->is_null()) {
        place(parameter, *value);
      } else if (parameter.place == ParameterPlace::path) {
        // Whatever its schema allows: a path without it leads elsewhere.
        refuse(parameter.argument, "this is required and was not given", "what names one thing");
      }
    }
    request_.target = query_.empty() ? path_ : path_ + '?' + join_pairs(query_);
    if (!cookies_.empty()) request_.headers.push_back({"Cookie", cookies_});
    if (tool_.body) add_body(*tool_.body);
    if (!faults_.empty()) return std::unexpected(std::move(faults_));
    return std::move(request_);
  }

 private:
  void refuse(const std::string& argument, std::string message, std::string expected) {
    add_fault('/' + escape_pointer(argument), std::move(message), std::move(expected));
  }
  void add_fault(std::string pointer, std::string message, std::string expected) {
    faults_.push_back({std::move(pointer), "bad_value", std::move(message), std::move(expected)});
  }

  void place(const ToolParameter& parameter, const json::value& value) {
    switch (parameter.place) {
      case ParameterPlace::path:
        place_in_path(parameter, value);
        break;
      case ParameterPlace::query:
        std::ranges::move(write_pairs(parameter.style, parameter.name, value), std::back_inserter(query_));
        break;
      case ParameterPlace::header:
        place_in_header(parameter, value);
        break;
      case ParameterPlace::cookie:
        place_in_cookie(parameter, value);
        break;
    }
  }

  /// A value stays within its segment, whatever is in it (THREATS N05).
  void place_in_path(const ToolParameter& parameter, const json::value& value) {
    const std::string text = write_in_path(parameter.style, parameter.name, value);
    const auto decoded = percent_decode(text);
    const bool is_risky = !decoded || decoded->find_first_of("/\\") != std::string::npos ||
                          has_control_character(*decoded) || *decoded == "." || *decoded == "..";
    if (text.empty() || is_risky)
      return refuse(parameter.argument, text.empty() ? "this is empty" : "this cannot stand in a path",
                    "what names one thing: not empty, no slash or backslash, neither . nor ..");
    const std::string marker = '{' + parameter.name + '}';
    for (std::size_t at = path_.find(marker); at != std::string::npos; at = path_.find(marker, at + text.size()))
      path_.replace(at, marker.size(), text);
  }

  void place_in_header(const ToolParameter& parameter, const json::value& value) {
    // Ours says what can be read.
    if (to_lower(parameter.name) == "accept-encoding") return;
    std::string text = write_in_header(parameter.style, value);
    if (has_control_character(text))
      return refuse(parameter.argument, "this has a character that cannot stand in a header", "one line of text");
    request_.headers.push_back({parameter.name, std::move(text)});
  }

  /// RFC 6265 §4.1.1: what a cookie's value may not hold is percent-encoded, the comma too.
  void place_in_cookie(const ToolParameter& parameter, const json::value& value) {
    for (const auto& [name, text] : write_pairs(parameter.style, parameter.name, value)) {
      cookies_ += fmt::format("{}{}=", cookies_.empty() ? "" : "; ", name);
      for (const char c : text) cookies_ += c == ',' ? "%2C" : std::string(1, c);
    }
  }

  void add_body(const ToolBody& body) {
    const json::value value = body.whole.empty() ? gather(body) : find_whole(body);
    if (!body.whole.empty() && !arguments_.contains(body.whole)) return;
    switch (body.kind) {
      case BodyKind::json:
        request_.body = write_json(value);
        break;
      case BodyKind::form:
        request_.body = write_form(body, value);
        break;
      case BodyKind::multipart:
        return add_multipart(body, value);
      case BodyKind::text:
        request_.body = to_text(value);
        break;
      case BodyKind::base64:
        auto bytes = base64_decode(to_text(value));
        if (!bytes) return refuse(body.whole, "this is not base64", kBase64);
        request_.body = *std::move(bytes);
        break;
    }
    request_.headers.push_back({"Content-Type", body.media_type});
  }

  [[nodiscard]] json::value gather(const ToolBody& body) const {
    json::object object;
    for (const ToolBody::Member& member : body.members) {
      if (const json::value* value = arguments_.if_contains(member.argument)) object[member.name] = *value;
    }
    return object;
  }
  [[nodiscard]] json::value find_whole(const ToolBody& body) const {
    const json::value* value = arguments_.if_contains(body.whole);
    return value == nullptr ? json::value(nullptr) : *value;
  }

  /// OpenAPI 3.1 §4.8.15.1: each property by its own style, else a list by its name repeated, what has members as JSON.
  static std::string write_form(const ToolBody& body, const json::value& value) {
    std::vector<Form::Field> fields;
    if (!value.is_object()) return {};
    for (const auto& [name, member] : value.get_object()) {
      if (member.is_null()) continue;
      ParameterStyle style{member.is_object() ? StyleName::json_text : StyleName::form, Explosion::apart};
      const auto encoding = body.encodings.find(std::string_view(name));
      if (encoding != body.encodings.end()) style = encoding->second.style.value_or(style);
      std::ranges::move(write_pairs(style, name, member), std::back_inserter(fields));
    }
    return join_pairs(fields);
  }

  /// OpenAPI 3.1 §4.8.14.4: text as it is, bytes as a file, what has members as JSON, a list by a part for each.
  void add_multipart(const ToolBody& body, const json::value& value) {
    std::vector<Part> parts;
    static const json::object kNone;
    for (const auto& [name, member] : value.is_object() ? value.get_object() : kNone) {
      const json::object* schema = find_part_schema(body, name);
      if (const json::array* list = member.if_array()) {
        const json::value* items = schema == nullptr ? nullptr : schema->if_contains("items");
        for (const json::value& one : *list)
          add_part(body, name, one, items == nullptr ? nullptr : items->if_object(), parts);
      } else if (!member.is_null()) {
        add_part(body, name, member, schema, parts);
      }
    }
    Multipart written = write_multipart(parts);
    request_.headers.push_back({"Content-Type", std::move(written.content_type)});
    request_.body = std::move(written.body);
  }

  void add_part(const ToolBody& body, std::string_view name, const json::value& value, const json::object* schema,
                std::vector<Part>& parts) {
    const bool is_bytes = schema != nullptr && schema->contains("contentEncoding");
    Part part{.name = std::string(name), .file_name = std::nullopt, .media_type = {}, .content = to_text(value)};
    if (value.is_object() || value.is_array()) part.media_type = "application/json";
    const auto encoding = body.encodings.find(name);
    if (encoding != body.encodings.end() && !encoding->second.media_type.empty())
      part.media_type = encoding->second.media_type;
    if (is_bytes) {
      auto bytes = base64_decode(part.content);
      if (!bytes) return add_fault(find_pointer(body, name), "this is not base64", kBase64);
      const json::string* media_type = find_string(*schema, "contentMediaType");
      part.content = *std::move(bytes);
      part.file_name = part.name;
      if (part.media_type.empty())
        part.media_type = media_type == nullptr || has_control_character(*media_type) ? "application/octet-stream"
                                                                                      : std::string(*media_type);
    }
    parts.push_back(std::move(part));
  }

  /// Null where nothing is said of that part.
  [[nodiscard]] const json::object* find_part_schema(const ToolBody& body, std::string_view name) const {
    const json::object* properties = &tool_.input_schema.at("properties").get_object();
    if (!body.whole.empty()) {
      const json::object* whole = properties->at(body.whole).if_object();
      const json::value* own = whole == nullptr ? nullptr : whole->if_contains("properties");
      properties = own == nullptr ? nullptr : own->if_object();
    }
    const json::value* schema = properties == nullptr ? nullptr : properties->if_contains(find_argument(body, name));
    return schema == nullptr ? nullptr : schema->if_object();
  }

  /// What the part of that name is called among its siblings.
  static std::string find_argument(const ToolBody& body, std::string_view name) {
    const auto found = std::ranges::find(body.members, name, &ToolBody::Member::name);
    return found == body.members.end() ? std::string(name) : found->argument;
  }

  static std::string find_pointer(const ToolBody& body, std::string_view name) {
    const std::string above = body.whole.empty() ? "" : '/' + escape_pointer(body.whole);
    return above + '/' + escape_pointer(find_argument(body, name));
  }

  static constexpr const char* kBase64 = "bytes in base64, with padding (RFC 4648 §4)";

  const Tool& tool_;
  const json::object& arguments_;
  ToolRequest request_;
  std::string path_;
  std::vector<Form::Field> query_;
  std::string cookies_;
  std::vector<Fault> faults_;
};

}  // namespace

std::expected<ToolRequest, std::vector<Fault>> make_request(const Tool& tool, const json::object& arguments) {
  const json::object given = drop_nulls(tool, arguments);
  auto faults = check_value(tool.input_schema, given, WholeNumbers::of_64_bits);
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return RequestMaker(tool, given).make();
}

}  // namespace chatelaine::openapi
