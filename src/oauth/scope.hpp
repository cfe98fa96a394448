#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oauth/oauth_error.hpp"

namespace chatelaine::oauth {

/// A set of scope tokens (RFC 6749 §3.3), sorted, each once. The empty set is a legal scope: "no more than who it is".
class Scope {
 public:
  Scope() = default;
  /// Reads tokens parted by blanks (one or more; outer blanks are forgiven, since manifests in the wild have them).
  /// Nothing where a character lies outside %x21 / %x23-5B / %x5D-7E.
  [[nodiscard]] static std::optional<Scope> parse(std::string_view text);
  explicit Scope(std::vector<std::string> tokens);

  [[nodiscard]] const std::vector<std::string>& tokens() const { return tokens_; }
  [[nodiscard]] bool empty() const { return tokens_.empty(); }
  [[nodiscard]] bool contains(std::string_view token) const;
  [[nodiscard]] bool includes(const Scope& other) const;
  [[nodiscard]] Scope united_with(const Scope& other) const;
  /// The tokens that both sets have.
  [[nodiscard]] Scope intersected_with(const Scope& other) const;
  /// The tokens of this set that `other` lacks.
  [[nodiscard]] Scope without(const Scope& other) const;
  /// Tokens parted by single blanks.
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const Scope&, const Scope&) = default;

 private:
  std::vector<std::string> tokens_;
};

/// Narrows `requested` (absent or empty: all of `allowed`) to a scope, or invalid_scope (RFC 6749 §3.3).
[[nodiscard]] Result<Scope> narrow_scope(std::optional<std::string_view> requested, const Scope& allowed);

}  // namespace chatelaine::oauth
