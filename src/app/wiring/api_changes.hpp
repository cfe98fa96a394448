#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/confirmation.hpp"
#include "oauth/scope.hpp"
#include "openapi/description.hpp"

/// What a changed description, or a changed configuration, takes away of what stood between a token and the API.
namespace chatelaine::app {

/// A call that some token may make.
struct OpenCall {
  /// Method and path, as `DELETE /v1/lists/{id}`.
  std::string call;
  /// All that it asks for; empty: nothing, so that any token will do.
  oauth::Scope scope;
  /// Whether its user confirms each one (`[confirmation]`).
  bool is_confirmed = false;
};

/// All that are not closed, as they stand in the description.
[[nodiscard]] std::vector<OpenCall> list_open_calls(const openapi::Description& description,
                                                    const gateway::ConfirmationPolicy& policy);

/// A call that tokens may make which could not before.
struct WidenedCall {
  std::string call;
  oauth::Scope scope;
  /// What it asked for; nothing where it was not open at all.
  std::optional<oauth::Scope> before;
};

struct ApiChanges {
  std::vector<WidenedCall> widened;
  /// Calls that their user confirmed each time, and confirms no more.
  std::vector<std::string> no_longer_confirmed;
};

/// A call is widened where it is new, or asks no more for a scope that it asked for; one that asks for more is not.
/// What its body and parameters may say is not compared (docs/adr/0023).
[[nodiscard]] ApiChanges compare_open_calls(const std::vector<OpenCall>& before, const std::vector<OpenCall>& after);

/// The calls as a file keeps them, one a line, so that two of them can be compared by whatever compares lines.
[[nodiscard]] std::string write_open_calls(const std::vector<OpenCall>& calls);
/// The error is a sentence about the text.
[[nodiscard]] std::expected<std::vector<OpenCall>, std::string> read_open_calls(std::string_view text);

}  // namespace chatelaine::app
