#include "openapi/tool_call.hpp"

#include <algorithm>

#include "targets.hpp"

namespace chatelaine::fuzz {
namespace {

/// Every style, place and kind of body.
constexpr std::string_view kDescription = R"(
openapi: 3.1.0
components:
  schemas:
    Tree: {type: object, properties: {name: {type: string}, children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}
    Form:
      allOf:
        - {type: [object, array], minProperties: 1, maxItems: 3, uniqueItems: true, prefixItems: [{type: string, minLength: 1}], items: {$ref: '#/components/schemas/Form'}}
        - {anyOf: [{required: [a]}, {additionalProperties: {$ref: '#/components/schemas/Form'}}, {enum: [{}, []]}]}
paths:
  /a/{simple}/{label}/m{matrix}:
    post:
      parameters:
        - {name: simple, in: path, schema: {}}
        - {name: label, in: path, style: label, explode: true, schema: {}}
        - {name: matrix, in: path, style: matrix, explode: true, schema: {}}
        - {name: form, in: query, schema: {}}
        - {name: deep, in: query, style: deepObject, schema: {}}
        - {name: pipe, in: query, style: pipeDelimited, explode: false, schema: {}}
        - {name: text, in: query, content: {application/json: {}}}
        - {name: X-Header, in: header, schema: {}}
        - {name: cookie, in: cookie, schema: {}}
        - {name: forms, in: query, schema: {oneOf: [{$ref: '#/components/schemas/Form'}, {type: integer, multipleOf: 3, minimum: 1}, {type: string, maxLength: 3}, {const: {a: [1]}}]}}
      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {tree: {$ref: '#/components/schemas/Tree'}}}}}}
  /form: {put: {requestBody: {content: {application/x-www-form-urlencoded: {schema: {}, encoding: {deep: {style: deepObject}, form: {explode: false}}}}}}}
  /parts: {put: {requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {file: {type: string, format: binary}}}}}}}}
  /bytes: {put: {requestBody: {content: {image/png: {}}}}}
  /text: {put: {requestBody: {content: {text/plain: {}}}}}
)";

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

/// The segments of the template, and no more.
bool stays_in_place(const openapi::Tool& tool, const openapi::ToolRequest& request) {
  const std::string_view target = request.target;
  const std::string_view path = target.substr(0, std::min(target.find('?'), target.size()));
  return std::ranges::count(path, '/') == std::ranges::count(tool.path, '/') &&
         target.find_first_of(" #\\{}") == std::string_view::npos && !has_control_character(target);
}

}  // namespace

/// The arguments of a tool's call: what becomes a request stays within the operation, and what does not has a fault.
void check_tool_call(std::string_view bytes) {
  static const auto tools =
      openapi::make_tools(*openapi::read_document(kDescription), *openapi::read_description(kDescription)).tools;
  require(tools.size() == 5);
  const auto arguments = parse_json(bytes);
  if (!arguments || !arguments->is_object()) return;
  for (const openapi::Tool& tool : tools) {
    const auto request = openapi::make_request(tool, arguments->get_object());
    if (!request) {
      require(!request.error().empty());
      continue;
    }
    require(request->method == tool.method && stays_in_place(tool, *request));
    for (const auto& header : request->headers) {
      require(!has_control_character(header.name) && !has_control_character(header.value));
    }
  }
}

}  // namespace chatelaine::fuzz
