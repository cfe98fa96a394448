#include "gateway/confirmation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "gateway/shown_text.hpp"
#include "oauth/content_type.hpp"

namespace chatelaine::gateway {
namespace {

bool covers(ConfirmedCalls calls, openapi::Effect effect, std::optional<bool> is_consequential) {
  switch (calls) {
    case ConfirmedCalls::none:
      return false;
    case ConfirmedCalls::consequential:
      return is_consequential.value_or(false);
    case ConfirmedCalls::deleting:
      return is_consequential.value_or(false) || effect == openapi::Effect::remove;
    case ConfirmedCalls::changing:
      return is_consequential.value_or(effect != openapi::Effect::read) || effect == openapi::Effect::remove;
  }
  return true;
}

/// Whether a body of that type is text by its own word: then it is shown as such, whatever stands in it.
bool is_said_to_be_text(std::string_view type) {
  const std::string essence = to_lower(type.substr(0, type.find(';')));
  return essence.starts_with("text/") || essence.contains("json") || essence.contains("xml") ||
         essence.contains("yaml") || essence.starts_with("application/x-www-form-urlencoded");
}

/// UTF-8 without the control characters that no text has.
bool is_text(std::string_view text) {
  const bool is_plain = std::ranges::none_of(
      text, [](unsigned char c) { return (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f; });
  return is_plain && make_valid_utf8(text) == text;
}

/// Where it is no text, nothing of it could be read: the page says how much there is of what.
std::string describe_body(const net::Request& call, std::string_view body) {
  constexpr std::size_t kLongestType = 100;
  const std::string_view type = call.header("Content-Type").value_or("no stated type");
  std::string shown = make_visible(body);
  if (shown == body || is_said_to_be_text(type)) return shown;
  // A character that hides is one that somebody wrote; bytes that are no text, or control it, are not.
  if (is_text(body)) return shown;
  // Many an API reads JSON by whatever type it comes.
  const std::size_t start = body.find_first_not_of(" \t\r\n");
  if (start != std::string_view::npos && (body[start] == '{' || body[start] == '[')) return shown;
  return fmt::format("{} bytes of {}", body.size(), make_visible(type.substr(0, kLongestType)));
}

/// Whether an API may take one name for the other: servers that hand headers on as variables know neither case nor what
/// stands between the words (RFC 3875 §4.1.18).
bool is_same_name(std::string_view a, std::string_view b) {
  const auto fold = [](char c) { return c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, fold, fold);
}

/// What of the call's cookies bears that name, each as it came.
void add_cookie_lines(std::string& text, const net::Request& call, std::string_view name) {
  for (const net::HeaderView& header : call.headers) {
    if (!net::equals_ignoring_case(header.name, "Cookie")) continue;
    for (std::string_view rest = header.value; !rest.empty();) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      std::string_view pair = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      pair = oauth::trim_blanks(pair);
      // Many a server cuts the blanks before the sign too.
      if (oauth::trim_blanks(pair.substr(0, pair.find('='))) == name) text += fmt::format("\nCookie: {}", pair);
    }
  }
}

/// Method, path and query, and a line for each header and cookie that the description names as a parameter.
std::string describe_call(const net::Request& call, const openapi::Operation* operation) {
  std::string text = fmt::format("{} {}", call.method_name, call.path);
  if (!call.query.empty()) text.append("?").append(call.query);
  if (operation == nullptr) return make_visible(text);
  for (const openapi::Parameter& parameter : operation->parameters) {
    if (parameter.place == openapi::ParameterPlace::cookie) add_cookie_lines(text, call, parameter.name);
    if (parameter.place != openapi::ParameterPlace::header) continue;
    for (const net::HeaderView& header : call.headers)
      if (is_same_name(header.name, parameter.name)) text += fmt::format("\n{}: {}", header.name, header.value);
  }
  return make_visible(text);
}

/// Each part with its length in front, so that no two calls have the same text.
void add_part(std::string& text, std::string_view part) { text += fmt::format("{}:{}", part.size(), part); }

void add_header(std::string& text, const net::Request& call, std::string_view name) {
  for (const net::HeaderView& header : call.headers) {
    if (!is_same_name(header.name, name)) continue;
    add_part(text, to_lower(header.name));
    add_part(text, header.value);
  }
}

crypto::Sha256 hash_call(const net::Request& call, std::string_view body, const openapi::Operation* operation) {
  std::string text;
  add_part(text, call.method_name);
  add_part(text, call.path);
  add_part(text, call.query);
  add_part(text, body);
  add_header(text, call, "Content-Type");
  if (operation != nullptr) {
    for (const openapi::Parameter& parameter : operation->parameters) {
      if (parameter.place == openapi::ParameterPlace::header) add_header(text, call, parameter.name);
      if (parameter.place == openapi::ParameterPlace::cookie) add_header(text, call, "Cookie");
    }
  }
  return crypto::sha256(text);
}

}  // namespace

bool needs_confirmation(const ConfirmationPolicy& policy, const openapi::Operation& operation) {
  return policy.operations.contains(operation.id) || covers(policy.calls, operation.effect, operation.is_consequential);
}

bool needs_confirmation(const ConfirmationPolicy& policy, std::string_view method) {
  return covers(policy.calls, openapi::effect_of(to_upper(method)), std::nullopt);
}

storage::Confirmation make_question(const net::Request& call, std::string_view body,
                                    const openapi::Operation* operation, std::string name) {
  return {.id = {},
          .grant_id = {},
          .call_hash = hash_call(call, body, operation),
          .operation = std::move(name),
          .call = describe_call(call, operation),
          .body = describe_body(call, body),
          .asked_at = {},
          .expires_at = {},
          .state = storage::ConfirmationState::asked,
          .client_id = oauth::ClientId("")};
}

bool is_showable(const storage::Confirmation& question) {
  return question.call.size() + question.body.size() <= kMostShown;
}

Task<UsersAnswer> ask_user(storage::Confirmations& confirmations, const storage::Confirmation& question, Instant now) {
  const auto known = co_await confirmations.find_confirmation_of_call(question.grant_id, question.call_hash, now);
  if (known) {
    switch (known->state) {
      case storage::ConfirmationState::asked:
        co_return UsersAnswer{UsersWord::waits, known->id};
      case storage::ConfirmationState::denied:
        co_return UsersAnswer{UsersWord::denied};
      case storage::ConfirmationState::approved: {
        const bool is_spent = co_await confirmations.spend_confirmation(known->id, now);
        if (is_spent) co_return UsersAnswer{UsersWord::approved};
        // The same call came twice at once, and the other one had it.
        break;
      }
    }
  }
  const auto id = co_await confirmations.ask_confirmation(question, now);
  if (!id) co_return UsersAnswer{UsersWord::too_many_wait};
  co_return UsersAnswer{UsersWord::waits, *id};
}

}  // namespace chatelaine::gateway
