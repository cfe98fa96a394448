#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace chatelaine::openapi {

/// A fault of a description: where (a JSON pointer such as `/paths/~1todos/get`, or `line 3, column 7` for syntax),
/// what, and what was expected.
struct Fault {
  std::string path;
  std::string code;
  std::string message;
  std::string expected;
  /// Of the text, where the pointer leads there; 0: it is not known, or stands in the path.
  std::size_t line = 0;
};

/// `line 12, /paths/~1todos/get: this is …`, what was expected in parentheses behind it; one line, whatever the file
/// has in its names.
[[nodiscard]] std::string to_sentence(const Fault& fault);

enum class ParameterPlace : std::uint8_t { path, query, header, cookie };

struct Parameter {
  std::string name;
  ParameterPlace place = ParameterPlace::query;
  bool required = false;
  std::string description;
  /// The schema's `type` ("string", "integer", "array", …), empty where it says none.
  std::string type;
};

/// A property of a JSON or form request body's object schema, as far as the top level says.
struct BodyProperty {
  std::string name;
  bool required = false;
  std::string description;
  std::string type;
};

struct RequestBody {
  bool required = false;
  /// The media type to send: application/json where the description offers it, else the first.
  std::string media_type;
  std::vector<BodyProperty> properties;
};

/// What a call does to what the API keeps, as its method promises (RFC 9110 §9.2.1, §9.3.5). In the order of what a
/// person risks by allowing it.
enum class Effect : std::uint8_t { read, change, remove };
/// `method` is upper case; one that nobody knows may change something.
[[nodiscard]] Effect effect_of(std::string_view method);

/// What `security` says of an operation.
enum class Demand : std::uint8_t {
  /// Nothing at all, or only schemes that know no scopes (an API key, a bearer token).
  unsaid,
  /// That no scope is needed: an empty list of its own, an alternative that asks for nothing, or a scheme with scopes
  /// of which none is named.
  nothing,
  /// Those of `Operation::scopes`.
  scopes,
  /// Nothing, though elsewhere scopes are given out by hand: nobody may call it (openapi/exposure.hpp).
  closed,
};

/// A scope that the file's security schemes declare (OpenAPI 3.1 §4.8.29), with their sentence.
struct DeclaredScope {
  std::string name;
  std::string description;
};

/// One method of one path.
struct Operation {
  /// `operationId`; where the description has none: method and path, such as `get /todos/{id}`.
  std::string id;
  std::string method;  ///< upper case
  std::string path;    ///< the template, `{name}` segments included
  std::string summary;
  std::string description;
  std::vector<std::string> tags;
  Effect effect = Effect::read;
  /// Whether its author says that it has consequences (`x-openai-isConsequential`); nothing where nothing is said.
  std::optional<bool> is_consequential;
  std::vector<Parameter> parameters;
  std::optional<RequestBody> body;
  Demand demand = Demand::unsaid;
  /// The scopes that every alternative of `security` (the operation's, else the document's) asks for through an oauth2
  /// or openIdConnect scheme: the first alternative that names such a scheme. Empty: none.
  std::vector<std::string> scopes;
  /// The first server that the operation or its path names for itself, where that is none of the document's: it is not
  /// where the others are.
  std::optional<std::string> other_server;
};

/// What we understand of an OpenAPI document.
struct Description {
  std::string version;  ///< "3.0.1", "3.1.0", …
  std::string title;    ///< `info.title`; may be empty
  /// `servers[].url` with the defaults of their variables.
  std::vector<std::string> servers;
  /// The path of the first server, which the operations' paths count from: "/v1", or "" for none and for a server that
  /// cannot be read (`read_base_path`). Never ends in a slash.
  std::string base_path;
  /// The path of each server and "", each once: where somebody could look for the operations.
  std::vector<std::string> possible_base_paths;
  /// Of oauth2 flows, each name once, in the file's order.
  std::vector<DeclaredScope> declared_scopes;
  std::vector<Operation> operations;
  /// Where the first server cannot be read, which only counts where nobody says what stands before the paths.
  std::optional<Fault> server_fault;

  [[nodiscard]] const Operation* find_operation(std::string_view id) const;
};

/// What of a description is a fault.
enum class Care : std::uint8_t {
  /// What would keep an operation from being called, or hide what it asks for: of a stranger's file.
  callable,
  /// Also what is read as if it were not there, though a call or a tool would want it (schemas, answers, servers,
  /// scopes that no token can carry, methods in capitals): of a file whose author can mend it.
  whole,
};

/// Reads OpenAPI 3.x in YAML or JSON (found out from the text itself). `$ref`s inside the file are followed, with
/// cycles and depth bounded; at most 4 MiB; YAML aliases are bounded. Refused: HTML pages, Swagger 2.0, a document
/// without operations, one that costs more than a stranger's file may (openapi/budget.hpp: `too_large`), and whatever
/// would keep an operation from being called or hide a scope that it asks for, such as two templates that mean the same
/// path. What real files do and a caller can live with is taken: no `openapi` member, an undeclared path parameter
/// (added as a string), one that the path does not name or a second one of its name and place (left out), an
/// operationId that more than one operation has or that no line can show (such operations go by method and path). Every
/// fault says its line.
[[nodiscard]] std::expected<Description, std::vector<Fault>> read_description(std::string_view text,
                                                                              Care care = Care::callable);

/// YAML or JSON text as a JSON value (YAML 1.2's core schema for plain scalars); the error says line and column. A
/// repeated member and a second document are errors. A plain `<<` merges, as YAML 1.1 has it.
[[nodiscard]] std::expected<json::value, Fault> read_document(std::string_view text);

/// How a request's path is compared with a template's.
enum class Spelling : std::uint8_t {
  /// Segment by segment, percent-decoded; a trailing slash and the case differ.
  exact,
  /// As an indulgent framework would read it: a trailing slash and the case aside.
  lenient,
};

/// The path of a server's URL without the slash at its end; a relative one counts from the root of a host (OpenAPI 3.1
/// §4.8.5). Nothing where it is no URL of http or https, or names a variable that has no default.
[[nodiscard]] std::optional<std::string> read_base_path(std::string_view server);

/// Finds the operation for a request. `method` is upper case; `path` is still percent-encoded, and begins with
/// `base_path`; a template's `{name}` matches one or more characters of one segment. Concrete paths win over templates
/// (OpenAPI 3.1 §4.8.8), and of templates the one with more literal characters.
[[nodiscard]] const Operation* match_operation(const Description& description, std::string_view base_path,
                                               std::string_view method, std::string_view path,
                                               Spelling spelling = Spelling::exact);

/// Counted from the description's own base path.
[[nodiscard]] const Operation* match_operation(const Description& description, std::string_view method,
                                               std::string_view path, Spelling spelling = Spelling::exact);

}  // namespace chatelaine::openapi
