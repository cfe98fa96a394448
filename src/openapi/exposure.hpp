#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "openapi/description.hpp"

/// Which scope opens which operation, where a description leaves that to whoever exposes the API.
namespace chatelaine::openapi {

/// A scope, what it lets a client do in words, and the operations that ask for it beside what the file says.
struct ScopeOpening {
  std::string name;
  std::string description;
  /// Each an operationId, or a method and a path as `get /todos/{id}`. Nothing: scopes are left to the file's own word;
  /// an empty list opens none, and says that they are given out by hand.
  std::optional<std::vector<std::string>> operations;
};

/// The operation that a name of ScopeOpening means: its id, or its method (in any case) and its path, with or without
/// the description's base path.
[[nodiscard]] const Operation* find_named_operation(const Description& description, std::string_view name);

/// A scope opening that names an operation which the description does not have.
struct UnknownOperation {
  std::string scope;
  std::string operation;
};

/// Adds to each operation's scopes those that open it. Where any opening has a list, an operation that no opening and
/// no `security` speaks of becomes closed: what the file gained since must not stand open to every token. Where none
/// does, the file's own word counts alone, and such an operation needs no scope.
[[nodiscard]] std::expected<void, UnknownOperation> open_operations(Description& description,
                                                                    const std::vector<ScopeOpening>& openings);

/// Closes the named operations to everybody, whatever opens them elsewhere; the error is the name of one that is not
/// there.
[[nodiscard]] std::expected<void, std::string> close_operations(Description& description,
                                                                const std::vector<std::string>& names);

/// Scopes for the operations of which `security` says nothing, by their first tag (else the first telling segment of
/// the path) and what they do (`weigh_effect`): `todos.read`, `todos.write`, `todos.delete`; and, without operations,
/// the scopes that the file's own `security` names, with the sentences of its security schemes. Sorted as the
/// operations stand; a proposed name that the file itself uses opens its operations under that name. Two subjects never
/// share a name: the later one gets a number. An operation that `openings` or `closed` name is left out.
[[nodiscard]] std::vector<ScopeOpening> propose_scopes(const Description& description,
                                                       const std::vector<ScopeOpening>& openings,
                                                       const std::vector<std::string>& closed);

/// What an operation does to its user: what its method promises, but for one that reads by its method and has
/// consequences by the file's own word (`x-openai-isConsequential: true`), which changes something.
[[nodiscard]] Effect weigh_effect(const Operation& operation);

/// What an operation does, as a line that a person reads: its summary, else the first sentence of its description, else
/// its id in words; without a full stop, at most 100 characters, beginning with a capital.
[[nodiscard]] std::string describe_operation(const Operation& operation);

}  // namespace chatelaine::openapi
