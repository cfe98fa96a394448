#include "oauth/openid/authentication_request.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/utf8.hpp"

namespace chatelaine::oauth {
namespace {

std::optional<Prompt> parse_prompt(std::string_view text) {
  const auto found = std::ranges::find(kPrompts, text, [](Prompt prompt) { return to_string(prompt); });
  if (found == kPrompts.end()) return std::nullopt;
  return *found;
}

Result<std::vector<Prompt>> parse_prompts(std::string_view text) {
  std::vector<Prompt> prompts;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    const auto prompt = parse_prompt(word);
    if (!prompt) {
      return refuse(ErrorCode::invalid_request, "The prompt '" + std::string(word) +
                                                    "' is not supported: send none, login, consent or select_account.");
    }
    if (std::ranges::find(prompts, *prompt) == prompts.end()) prompts.push_back(*prompt);
  }
  const bool has_none = std::ranges::find(prompts, Prompt::none) != prompts.end();
  if (has_none && prompts.size() > 1)
    return refuse(ErrorCode::invalid_request, "prompt=none cannot stand beside another prompt.");
  return prompts;
}

/// A number of seconds that no clock of ours overflows by: a hundred years and more count alike.
Result<std::optional<seconds>> parse_max_age(std::string_view text) {
  if (text.empty()) return std::nullopt;
  constexpr std::int64_t kHundredYears = 3'153'600'000;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = end == text.data() + text.size() && error != std::errc::invalid_argument;
  if (!is_number)
    return refuse(ErrorCode::invalid_request, "max_age must be a number of seconds, 0 or more, in decimal digits.");
  const bool is_huge = error == std::errc::result_out_of_range || value > kHundredYears;
  return seconds(is_huge ? kHundredYears : static_cast<std::int64_t>(value));
}

}  // namespace

std::string_view to_string(Prompt prompt) {
  switch (prompt) {
    case Prompt::none:
      return "none";
    case Prompt::login:
      return "login";
    case Prompt::consent:
      return "consent";
    case Prompt::select_account:
      return "select_account";
  }
  std::unreachable();
}

bool AuthenticationRequest::asks_for(Prompt prompt) const {
  return std::ranges::find(prompts, prompt) != prompts.end();
}

Result<AuthenticationRequest> parse_authentication_request(const Form& query, std::optional<seconds> default_max_age) {
  AuthenticationRequest request;
  request.nonce = query.get_or_empty("nonce");
  if (request.nonce.size() > kLongestNonce)
    return refuse(ErrorCode::invalid_request, "The nonce is too long: send at most 512 bytes.");
  // It comes back in JSON.
  if (make_valid_utf8(request.nonce) != request.nonce)
    return refuse(ErrorCode::invalid_request, "The nonce is not UTF-8: send letters and digits.");
  request.login_hint = query.get_or_empty("login_hint");
  if (request.login_hint.size() > kLongestLoginHint)
    return refuse(ErrorCode::invalid_request, "The login_hint is too long: send an e-mail address.");
  request.id_token_hint = query.get_or_empty("id_token_hint");

  auto prompts = parse_prompts(query.get_or_empty("prompt"));
  if (!prompts) return std::unexpected(std::move(prompts.error()));
  request.prompts = std::move(*prompts);

  const auto max_age = parse_max_age(query.get_or_empty("max_age"));
  if (!max_age) return std::unexpected(max_age.error());
  request.max_age = *max_age ? *max_age : default_max_age;

  // OpenID Connect Core §7.2.1: a request that describes its client in place of a registration.
  if (!query.get_or_empty("registration").empty()) {
    return refuse(ErrorCode::registration_not_supported,
                  "The parameter registration is not supported: register the client.");
  }
  return request;
}

}  // namespace chatelaine::oauth
