#include "oauth/scope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace chatelaine::oauth {
namespace {

/// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).
bool is_scope_character(char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; }

std::string describe_foreign_scope(const Scope& foreign, const Scope& allowed) {
  const std::string& token = foreign.tokens().front();
  if (token.find(',') != std::string::npos)
    return fmt::format("The scope '{}' is unknown: scopes are parted by blanks, not by commas.", token);
  if (allowed.empty())
    return fmt::format("The scope '{}' is unknown or not allowed: no scope may be asked for.", token);
  return fmt::format("The scope '{}' is unknown or not allowed. Allowed: {}.", token, allowed.to_string());
}

}  // namespace

Scope::Scope(std::vector<std::string> tokens) : tokens_(std::move(tokens)) {
  std::ranges::sort(tokens_);
  const auto repeated = std::ranges::unique(tokens_);
  tokens_.erase(repeated.begin(), repeated.end());
}

std::optional<Scope> Scope::parse(std::string_view text) {
  std::vector<std::string> tokens;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view token = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (token.empty()) continue;
    if (!std::ranges::all_of(token, is_scope_character)) return std::nullopt;
    tokens.emplace_back(token);
  }
  return Scope(std::move(tokens));
}

bool Scope::contains(std::string_view token) const { return std::ranges::binary_search(tokens_, token); }

bool Scope::includes(const Scope& other) const { return std::ranges::includes(tokens_, other.tokens_); }

Scope Scope::united_with(const Scope& other) const {
  Scope out;
  std::ranges::set_union(tokens_, other.tokens_, std::back_inserter(out.tokens_));
  return out;
}

Scope Scope::intersected_with(const Scope& other) const {
  Scope out;
  std::ranges::set_intersection(tokens_, other.tokens_, std::back_inserter(out.tokens_));
  return out;
}

Scope Scope::without(const Scope& other) const {
  Scope out;
  std::ranges::set_difference(tokens_, other.tokens_, std::back_inserter(out.tokens_));
  return out;
}

std::string Scope::to_string() const {
  std::string out;
  for (const std::string& token : tokens_) {
    if (!out.empty()) out += ' ';
    out += token;
  }
  return out;
}

Result<Scope> narrow_scope(std::optional<std::string_view> requested, const Scope& allowed) {
  auto scope = Scope::parse(requested.value_or(""));
  if (!scope) return refuse(ErrorCode::invalid_scope, "The scope holds a character that RFC 6749 section 3.3 forbids.");
  if (scope->empty()) return allowed;
  const Scope foreign = scope->without(allowed);
  if (!foreign.empty()) return refuse(ErrorCode::invalid_scope, describe_foreign_scope(foreign, allowed));
  return std::move(*scope);
}

}  // namespace chatelaine::oauth
