#include "user_sources/claims.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "accounts/accounts.hpp"
#include "base/ascii.hpp"
#include "base/utf8.hpp"

namespace chatelaine::user_sources {
namespace {

constexpr std::size_t kMostNameBytes = 200;

const json::value* find(const ToldClaims& claims, std::string_view name) {
  const json::value* told = claims.id_token.if_contains(name);
  return told != nullptr ? told : claims.userinfo.if_contains(name);
}

std::string_view find_text(const ToldClaims& claims, std::string_view name) {
  const json::value* told = find(claims, name);
  const json::string* text = told == nullptr ? nullptr : told->if_string();
  return text == nullptr ? std::string_view{} : std::string_view(*text);
}

/// What a document says of whether its address is checked. Some sources write the boolean as text.
enum class Verification : std::uint8_t { confirmed, denied, unsaid };
Verification find_verification(const json::object& document) {
  const json::value* told = document.if_contains("email_verified");
  if (told == nullptr) return Verification::unsaid;
  const bool is_confirmed = told->is_bool() ? told->get_bool() : told->is_string() && told->get_string() == "true";
  return is_confirmed ? Verification::confirmed : Verification::denied;
}

/// OpenID Connect Core §5.1: email_verified speaks of `email` and of no other claim, and of the one beside it: an
/// address and a word on it are never taken from two documents. So where the ID token has an address without such a
/// word, and the UserInfo answer has both, it is the UserInfo answer that counts.
const json::object& find_email_teller(const UserSource& source, const ToldClaims& claims) {
  const std::string& name = source.claims.email;
  if (!claims.id_token.contains(name)) return claims.userinfo;
  const bool is_told_there = claims.userinfo.contains(name) && claims.userinfo.contains("email_verified");
  return is_told_there && !claims.id_token.contains("email_verified") ? claims.userinfo : claims.id_token;
}

bool is_verified(const UserSource& source, const json::object& teller) {
  // Of another claim nobody says anything.
  const auto said = source.claims.email == "email" ? find_verification(teller) : Verification::unsaid;
  switch (source.email_trust) {
    case EmailTrust::unless_denied:
      return said != Verification::denied;
    case EmailTrust::where_verified:
      return said == Verification::confirmed;
  }
  return false;
}

std::optional<std::string> find_email(const UserSource& source, const ToldClaims& claims) {
  const json::object& teller = find_email_teller(source, claims);
  const json::string* email = find_string(teller, source.claims.email);
  if (email == nullptr || !accounts::check_email(*email) || !is_verified(source, teller)) return std::nullopt;
  return std::string(*email);
}

/// A name that is too long or holds what would break a line is none.
std::string find_name(const UserSource& source, const ToldClaims& claims) {
  const auto name = find_text(claims, source.claims.name);
  const auto breaks = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (name.size() > kMostNameBytes || std::ranges::any_of(name, breaks)) return {};
  return make_valid_utf8(name);
}

std::optional<oauth::Subject> find_subject(const UserSource& source, const ToldClaims& claims) {
  if (source.claims.subject.empty()) return std::nullopt;
  const auto subject = find_text(claims, source.claims.subject);
  if (!accounts::is_subject(subject)) return std::nullopt;
  return oauth::Subject(std::string(subject));
}

bool has_value(const json::value* told, std::string_view wanted) {
  const auto is_it = [wanted](const json::value& value) { return value.is_string() && value.get_string() == wanted; };
  if (told == nullptr) return false;
  const json::array* list = told->if_array();
  return list == nullptr ? is_it(*told) : std::ranges::any_of(*list, is_it);
}

bool is_of_domains(const std::optional<std::string>& email, const std::vector<std::string>& domains) {
  if (domains.empty()) return true;
  if (!email) return false;
  const std::string domain = to_lower(email->substr(email->find('@') + 1));
  return std::ranges::find(domains, domain) != domains.end();
}

}  // namespace

bool lacks_claims(const UserSource& source, const json::object& id_token) {
  const auto is_missing = [&](const std::string& name) { return !name.empty() && !id_token.contains(name); };
  const bool needs_word = source.email_trust == EmailTrust::where_verified && is_missing("email_verified");
  return needs_word || is_missing(source.claims.email) || is_missing(source.claims.name) ||
         is_missing(source.claims.subject) ||
         std::ranges::any_of(source.required_claims, [&](const auto& claim) { return is_missing(claim.first); });
}

std::expected<TellingPerson, Refusal> admit_person(const UserSource& source, const ToldClaims& claims) {
  for (const auto& [name, value] : source.required_claims) {
    if (!has_value(find(claims, name), value)) {
      return std::unexpected(
          Refusal{Refusal::Kind::not_admitted, fmt::format("the claim {} has not the required value", name)});
    }
  }
  TellingPerson person{
      .email = find_email(source, claims), .name = find_name(source, claims), .subject = find_subject(source, claims)};
  if (!is_of_domains(person.email, source.email_domains)) {
    return std::unexpected(Refusal{Refusal::Kind::not_admitted, person.email
                                                                    ? "the e-mail address is of no allowed domain"
                                                                    : "no e-mail address was told that is verified"});
  }
  return person;
}

}  // namespace chatelaine::user_sources
