#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace chatelaine::host {

/// A fault or warning in a plugin's documents.
struct Finding {
  /// A path in `ai-plugin.json` (`auth.client_url`), or in the OpenAPI description with `openapi:` in front.
  std::string path;
  std::string code;
  std::string message;
  std::string expected;
};

/// Why a verb was not carried out. `message` is a whole sentence for the person who asked, and holds no secret.
struct HostError {
  enum class Kind : std::uint8_t {
    bad_request,    ///< what was asked for makes no sense: the person changes it
    forbidden,      ///< not for this person, browser or address
    not_found,      ///< no such plugin, operation or user
    not_ready,      ///< credentials or verification are missing
    needs_sign_in,  ///< the user connects (again) first
    connected,      ///< the user is connected already, and disconnects first
    denied,         ///< the user did not allow it at the plugin's sign-in
    plugin_fault,   ///< the plugin's documents or answers are wrong, or it cannot be reached
  };
  Kind kind;
  std::string message;
  /// Every fault of the documents, where they are the reason, and what beside them is probably not meant.
  std::vector<Finding> findings = {};
  std::vector<Finding> warnings = {};
};

template <class T>
using Outcome = std::expected<T, HostError>;

[[nodiscard]] inline std::unexpected<HostError> refuse(HostError::Kind kind, std::string message) {
  return std::unexpected(HostError{kind, std::move(message)});
}

}  // namespace chatelaine::host
