#include "oauth/authorize/query.hpp"

#include <algorithm>

#include "oauth/form_error.hpp"
#include "oauth/parameters.hpp"

namespace chatelaine::oauth {
namespace {

using Kind = UnredirectableError::Kind;

/// How a parameter came in a query that cannot be read as a whole.
struct Occurrence {
  int count = 0;
  /// Of its last; nothing where that does not decode.
  std::optional<std::string> value;

  [[nodiscard]] bool is_in_doubt() const { return count > 1 || (count == 1 && !value); }
};

/// One pair at a time, so that one that cannot be decoded does not hide the others.
Occurrence find_occurrence(std::string_view query, std::string_view name) {
  Occurrence found;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    // A name that does not decode is none of those that are looked for.
    const auto sent_name = parse_form_fields(pair.substr(0, pair.find('=')));
    if (!sent_name || sent_name->empty() || sent_name->front().name != name) continue;
    ++found.count;
    const auto field = parse_form_fields(pair);
    found.value = field ? std::optional(field->front().value) : std::nullopt;
  }
  return found;
}

UnredirectableError to_unredirectable(FormError error) {
  switch (error.kind) {
    case FormError::Kind::repeated_parameter:
      return {Kind::repeated_parameter, std::move(error.parameter)};
    case FormError::Kind::bad_percent_encoding:
    case FormError::Kind::too_many_parameters:
      break;
  }
  return {Kind::malformed_query, std::move(error.parameter)};
}

std::expected<AuthorizationQuery, UnredirectableError> salvage(std::string_view query, FormError error) {
  AuthorizationQuery read{.form = {}, .fault = describe_form_error(error)};
  for (const char* name : {"client_id", "redirect_uri"}) {
    auto found = find_occurrence(query, name);
    if (found.is_in_doubt()) {
      const auto kind = found.count > 1 ? FormError::Kind::repeated_parameter : FormError::Kind::bad_percent_encoding;
      return std::unexpected(to_unredirectable({kind, name}));
    }
    if (found.value) read.form.add(name, std::move(*found.value));
  }
  // Without a client the query's own fault is what its author must hear of first.
  if (!read.form.get("client_id")) return std::unexpected(to_unredirectable(std::move(error)));
  for (const char* name : {"state", "response_mode", "request_uri"}) {
    if (auto found = find_occurrence(query, name); found.value && !found.is_in_doubt())
      read.form.add(name, std::move(*found.value));
  }
  return read;
}

}  // namespace

std::expected<AuthorizationQuery, UnredirectableError> read_authorization_query(std::string_view query) {
  if (query.size() > kLongestAuthorizationQuery) return std::unexpected(UnredirectableError{Kind::query_too_long, {}});
  auto form = parse_parameters(query);
  if (!form) return salvage(query, std::move(form.error()));
  if (encode_form(*form).size() > kLongestAuthorizationQuery)
    return std::unexpected(UnredirectableError{Kind::query_too_long, {}});
  return AuthorizationQuery{.form = std::move(*form), .fault = std::nullopt};
}

}  // namespace chatelaine::oauth
