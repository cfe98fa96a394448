#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "openapi/description.hpp"
#include "openapi/parameter_style.hpp"

namespace chatelaine::openapi {

/// One argument of a tool that becomes a parameter of the request.
struct ToolParameter {
  /// Its name among the arguments, and the one that the request has.
  std::string argument;
  std::string name;
  ParameterPlace place = ParameterPlace::query;
  ParameterStyle style;
};

/// How a body is written: its media type says so. What arguments make best comes first.
enum class BodyKind : std::uint8_t { json, form, multipart, text, base64 };

/// What a form's description says of how one of its members is written (OpenAPI 3.1 §4.8.15).
struct MemberEncoding {
  std::optional<ParameterStyle> style;
  /// Of a part of a multipart body; empty: its value says so.
  std::string media_type;
};

/// Where the body of the request comes from.
struct ToolBody {
  struct Member {
    std::string argument;
    std::string name;
  };
  std::string media_type;
  BodyKind kind = BodyKind::json;
  /// The argument that is the whole body; empty: the body is an object of `members`, each an argument of its own.
  std::string whole;
  std::vector<Member> members;
  /// By the names that the members have in the body.
  std::map<std::string, MemberEncoding, std::less<>> encodings = {};
};

/// How an answer in JSON becomes structured content, which is an object.
enum class AnswerForm : std::uint8_t {
  /// An object as it is, all else as the member `result`.
  natural,
  /// Whatever it is, as the member `result`.
  member,
  /// The same; what is no JSON, or nothing at all, is an object without members.
  member_if_json,
};

/// An operation as a model may call it. Both schemas are JSON Schema 2020-12 and stand alone.
struct Tool {
  /// Unique among the tools; letters, digits, `_` and `-`, at most 64 of them.
  std::string name;
  /// For people: the summary, else the operation's id.
  std::string title;
  /// For models; never empty.
  std::string description;
  /// Of type object, without further properties than those that are named.
  json::object input_schema;
  /// What every good answer is, where the description says so; of type object (openapi/tool_output.hpp).
  std::optional<json::object> output_schema;
  AnswerForm answer_form = AnswerForm::natural;
  /// Of the operation: its method, and its template below the description's base path.
  std::string method;
  std::string path;
  std::vector<ToolParameter> parameters;
  std::optional<ToolBody> body;
  /// It changes nothing (GET), and its author says nothing else (`x-openai-isConsequential`).
  bool is_read_only = false;
  /// It may take away or overwrite what is there (DELETE, PUT, PATCH), or its author says that it has consequences.
  /// Nothing: a POST may do so or not, unless its author says that it has none.
  std::optional<bool> is_destructive = std::nullopt;
  /// Once is as good as twice (RFC 9110 §9.2.2).
  bool is_idempotent = false;
};

struct Tools {
  std::vector<Tool> tools;
  /// Operations that are no tool, each with the reason.
  std::vector<Fault> left_out;
};

/// Every operation of `description`, in its order, as a tool; `document` is what it was read from. OPTIONS, HEAD and
/// TRACE are not among them, nor what sends only kinds of body that arguments cannot make (`multipart/mixed`), nor what
/// is at a server of its own, nor what the gateway would refuse.
///
/// All arguments stand in one object. A parameter has its own name there, and so has each property of a required JSON
/// or form body that is a plain object. Bytes are base64. Where names clash, or are none that models may be told
/// (letters, digits, `_`, `-` and `.`, at most 64), a parameter is called by its place too (`query_id`), and the body
/// is one argument, `body`.
///
/// Schemas are bounded: 64 KiB a tool, 8 MiB together; what goes beyond that allows everything, and the API says what
/// is wrong.
[[nodiscard]] Tools make_tools(const json::value& document, const Description& description);

}  // namespace chatelaine::openapi
