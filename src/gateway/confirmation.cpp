#include "gateway/confirmation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.hpp"
#include "base/utf8.hpp"

namespace chatelaine::gateway {
namespace {

/// What a person would still read.
constexpr std::size_t kLongestCall = 2'000;
constexpr std::size_t kLongestBody = 4'000;

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

bool is_readable(std::string_view text) {
  const bool is_plain = std::ranges::none_of(
      text, [](unsigned char c) { return (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f; });
  return is_plain && make_valid_utf8(text) == text;
}

/// At most so many bytes, and whole characters.
std::string cut(std::string_view text, std::size_t longest) {
  if (text.size() <= longest) return std::string(text);
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return fmt::format("{} … and {} more bytes", text.substr(0, end), text.size() - end);
}

std::string describe_body(const net::Request& call, std::string_view body) {
  if (body.empty() || is_readable(body)) return cut(body, kLongestBody);
  return fmt::format("{} bytes of {}", body.size(), cut(call.header("Content-Type").value_or("no stated type"), 100));
}

/// Each part with its length in front, so that no two calls have the same text.
void add_part(std::string& text, std::string_view part) { text += fmt::format("{}:{}", part.size(), part); }

void add_header(std::string& text, const net::Request& call, std::string_view name) {
  for (const net::HeaderView& header : call.headers) {
    if (!net::equals_ignoring_case(header.name, name)) continue;
    add_part(text, to_lower(name));
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
  std::string line = fmt::format("{} {}", call.method_name, call.path);
  if (!call.query.empty()) line.append("?").append(call.query);
  return {.id = {},
          .grant_id = {},
          .call_hash = hash_call(call, body, operation),
          .operation = std::move(name),
          .call = cut(make_valid_utf8(line), kLongestCall),
          .body = describe_body(call, body),
          .asked_at = {},
          .expires_at = {},
          .state = storage::ConfirmationState::asked,
          .client_id = oauth::ClientId("")};
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
