#include <algorithm>
#include <array>
#include <utility>

#include "crypto/digest.hpp"
#include "oauth/handle.hpp"
#include "relying_party/authorization_response.hpp"
#include "relying_party/openid/id_token_check.hpp"
#include "relying_party/openid/userinfo.hpp"
#include "relying_party/provider_text.hpp"
#include "user_sources/account.hpp"
#include "user_sources/claims.hpp"
#include "user_sources/context.hpp"
#include "user_sources/pages.hpp"
#include "user_sources/secrets.hpp"

namespace chatelaine::user_sources {
namespace {

using relying_party::CheckedIdToken;
using relying_party::ExpectedIdToken;
using relying_party::IdTokenFault;
using relying_party::OpenIdProvider;
using relying_party::TokenAnswer;
using relying_party::TokenFailure;

/// Why it went wrong: what the person is told, and what the log is.
struct Fault {
  Failure failure;
  std::string detail;
};
template <class T>
using Outcome = std::expected<T, Fault>;

std::unexpected<Fault> fail(Failure failure, std::string detail) {
  return std::unexpected(Fault{failure, std::move(detail)});
}

/// A sign-in that came back to the browser in which it was begun.
struct ReturnedSignIn {
  const UserSource& source;
  const OpenIdProvider& provider;
  const storage::SignInAttempt& attempt;
  const Form& query;
  std::string_view state;
};

/// RFC 6749 §10.12, THREATS N22: the state is ours, unused, in time, this browser's and this source's.
Task<std::optional<storage::SignInAttempt>> take_attempt(const Context& context, const net::Request& request,
                                                         const UserSource& source, std::string_view state) {
  const auto handle = oauth::parse_handle(kStatePrefix, state);
  const std::string binding = context.accounts.browser_binding(request);
  if (!handle || binding.empty()) co_return std::nullopt;
  const storage::SignInAttemptId id{handle->id};
  auto attempt =
      co_await context.storage.sign_in_attempts().take_sign_in_attempt(id, handle->hash(), crypto::sha256(binding));
  if (!attempt || attempt->expires_at <= context.clock.now() || attempt->source != source.name) co_return std::nullopt;
  co_return attempt;
}

/// RFC 9207 §2.4. An issuer with a placeholder stands for each of its tenants'.
relying_party::ExpectedIssuer expected_issuer(const ReturnedSignIn& returned) {
  const auto issuers = returned.source.issuers();
  const auto said = returned.query.get_or_empty("iss");
  const auto is_it = [said](const oauth::Issuer& issuer) { return issuer.value() == said; };
  const auto found = std::ranges::find_if(issuers, is_it);
  return {found == issuers.end() ? issuers.front().value() : found->value(), returned.provider.issuer_parameter};
}

/// Whose turn it is (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6).
Failure judge_error(std::string_view error) {
  if (error == "server_error" || error == "temporarily_unavailable") return Failure::out_of_reach;
  constexpr std::array<std::string_view, 5> kOfThePerson{"access_denied", "login_required", "interaction_required",
                                                         "account_selection_required", "consent_required"};
  const bool is_of_the_person = std::ranges::find(kOfThePerson, error) != kOfThePerson.end();
  return is_of_the_person ? Failure::denied : Failure::misconfigured;
}

Outcome<oauth::AuthorizationCodeSecret> read_code(const ReturnedSignIn& returned) {
  using Kind = relying_party::AuthorizationFailure::Kind;
  auto code = relying_party::judge_authorization_response(returned.query, expected_issuer(returned));
  if (code) return std::move(*code);
  const std::string error = relying_party::quote_provider_text(returned.query.get_or_empty("error"), {}, 64);
  const std::string why = relying_party::quote_provider_text(returned.query.get_or_empty("error_description"));
  switch (code.error().kind) {
    case Kind::denied:
    case Kind::provider_error:
      return fail(judge_error(returned.query.get_or_empty("error")),
                  "the source answered " + error + (why.empty() ? "" : ": " + why));
    case Kind::wrong_issuer:
      return fail(Failure::not_believed, "iss is missing or another issuer's (RFC 9207)");
    case Kind::malformed:
      return fail(Failure::not_believed, "there is neither a usable code nor an error");
  }
  std::unreachable();
}

/// OpenID Connect Core §3.1.3.
Task<Outcome<TokenAnswer>> exchange(const Context& context, const ReturnedSignIn& returned,
                                    oauth::AuthorizationCodeSecret code) {
  const relying_party::TokenEndpoint endpoint{.url = returned.provider.token_endpoint,
                                              .encoding = oauth::TokenRequestEncoding::form,
                                              .credentials = returned.provider.credentials,
                                              .networks = returned.source.networks};
  const relying_party::CodeExchange request{std::move(code), context.redirect_uri(returned.source),
                                            derive_code_verifier(context.settings.key, returned.state)};
  auto answer = co_await relying_party::exchange_code(context.fetcher, endpoint, returned.source.client, request);
  if (!answer) {
    // The browser brought the code: where it is void, that says nothing of the source.
    const bool is_code_void = answer.error().kind == TokenFailure::Kind::grant_refused;
    co_return fail(is_code_void ? Failure::not_believed : Failure::out_of_reach, std::move(answer.error().message));
  }
  if (!answer->id_token) co_return fail(Failure::out_of_reach, "the token endpoint sent no ID token");
  co_return std::move(*answer);
}

/// Before which the person cannot have signed in for this attempt to count.
Instant earliest_sign_in(const Context& context, const storage::SignInAttempt& attempt) {
  if (attempt.max_age) return attempt.began_at - *attempt.max_age;
  return attempt.began_at - context.settings.oldest_sign_in;
}

ExpectedIdToken expected_id_token(const Context& context, const ReturnedSignIn& returned, const TokenAnswer& answer) {
  ExpectedIdToken expected{.issuers = returned.source.issuers(),
                           .client_id = returned.source.client.client_id,
                           .nonce = derive_nonce(context.settings.key, returned.state),
                           .access_token = answer.access_token.reveal(),
                           .earliest_sign_in = std::nullopt};
  if (!returned.source.tenants.empty()) expected.issuer_of_all = returned.source.issuer;
  switch (returned.source.reauthentication) {
    case Reauthentication::login:
      expected.earliest_sign_in = earliest_sign_in(context, returned.attempt);
      break;
    case Reauthentication::select_account:
      break;
  }
  return expected;
}

Fault describe(IdTokenFault fault) {
  switch (fault.kind) {
    case IdTokenFault::Kind::tells_no_time:
      return {Failure::misconfigured,
              fault.detail + "; have the source tell it, or set reauthentication = \"select_account\" for it"};
    case IdTokenFault::Kind::not_authenticated:
      return {Failure::not_signed_in_anew, std::move(fault.detail)};
    case IdTokenFault::Kind::unknown_key:
    case IdTokenFault::Kind::refused:
      break;
  }
  return {Failure::not_believed, std::move(fault.detail)};
}

/// With the keys that are known, then, where none of them made the token, with those that are published now.
Task<Outcome<CheckedIdToken>> verify(const Context& context, const ReturnedSignIn& returned,
                                     const TokenAnswer& answer) {
  const ExpectedIdToken expected = expected_id_token(context, returned, answer);
  const Instant now = context.clock.now();
  auto keys = co_await context.documents->find_keys(returned.source, returned.provider.jwks_uri);
  if (!keys) co_return fail(Failure::out_of_reach, std::move(keys.error()));
  auto checked = relying_party::check_id_token(answer.id_token->reveal(), **keys, expected, now);
  if (!checked && checked.error().kind == IdTokenFault::Kind::unknown_key) {
    keys = co_await context.documents->find_newer_keys(returned.source, returned.provider.jwks_uri, *keys);
    if (!keys) co_return fail(Failure::out_of_reach, std::move(keys.error()));
    checked = relying_party::check_id_token(answer.id_token->reveal(), **keys, expected, now);
  }
  if (!checked) co_return std::unexpected(describe(std::move(checked.error())));
  co_return std::move(*checked);
}

/// What the source proves of the person.
struct Proven {
  CheckedIdToken id_token;
  ToldClaims claims;
  /// Why there is nothing from the UserInfo endpoint, though it was asked; empty otherwise.
  std::string userinfo_fault;
};

Task<Proven> gather_claims(const Context& context, const ReturnedSignIn& returned, const TokenAnswer& answer,
                           CheckedIdToken id_token) {
  Proven proven{.id_token = std::move(id_token), .claims = {}, .userinfo_fault = {}};
  proven.claims.id_token = proven.id_token.claims;
  const std::string& endpoint = returned.provider.userinfo_endpoint;
  if (endpoint.empty() || !lacks_claims(returned.source, proven.id_token.claims)) co_return proven;
  auto userinfo = co_await relying_party::fetch_userinfo(context.fetcher, endpoint, returned.source.networks,
                                                         answer.access_token, proven.id_token.subject);
  if (userinfo)
    proven.claims.userinfo = std::move(*userinfo);
  else
    proven.userinfo_fault = std::move(userinfo.error());
  co_return proven;
}

/// When the person signed in, as we go on telling it. One that was asked for counts as no earlier than what was asked
/// for, however the source's clock differs from ours; where nobody says when it was, it can have been long ago.
Instant find_sign_in_time(const Context& context, const ReturnedSignIn& returned, const CheckedIdToken& id_token) {
  const Instant now = context.clock.now();
  const Instant earliest = earliest_sign_in(context, returned.attempt);
  switch (returned.source.reauthentication) {
    case Reauthentication::login:
      break;
    case Reauthentication::select_account:
      // The operator has decided that the choice counts, where the person was asked for it.
      if (returned.attempt.is_again) return now;
      break;
  }
  return std::min(std::max(id_token.authenticated_at.value_or(earliest), earliest), now);
}

Task<Outcome<Proven>> prove(const Context& context, const ReturnedSignIn& returned) {
  auto code = read_code(returned);
  if (!code) co_return std::unexpected(std::move(code.error()));
  const auto answer = co_await exchange(context, returned, std::move(*code));
  if (!answer) co_return std::unexpected(answer.error());
  auto id_token = co_await verify(context, returned, *answer);
  if (!id_token) co_return std::unexpected(std::move(id_token.error()));
  auto proven = co_await gather_claims(context, returned, *answer, std::move(*id_token));
  co_return proven;
}

net::Response say_failed(const Context& context, const net::Request& request, const ReturnedSignIn& returned,
                         Failure failure, const std::string& detail) {
  request.note([&](FlightNotes& notes) {
    notes.tell(failure == Failure::denied ? FlightOutcome::odd : FlightOutcome::failed, detail + ".");
  });
  context.log.warning("A sign-in at a user source failed", {{"source", returned.source.name}, {"reason", detail}});
  // The same person would fail again whose sign-in was too old.
  const bool is_again = returned.attempt.is_again || failure == Failure::not_signed_in_anew;
  const accounts::SignInDemand demand{.mode = is_again ? accounts::SignInMode::again : accounts::SignInMode::once};
  return user_sources::say_failed(context, returned.source, failure, {returned.attempt.return_to, demand});
}

/// Whether it can be for want of what the UserInfo endpoint would have told.
bool is_for_want_of_claims(Refusal::Kind kind) {
  switch (kind) {
    case Refusal::Kind::not_admitted:
    case Refusal::Kind::no_email:
    case Refusal::Kind::unusable_subject:
      return true;
    case Refusal::Kind::email_taken:
    case Refusal::Kind::no_account:
    case Refusal::Kind::account_disabled:
      return false;
  }
  return false;
}

net::Response refuse(const Context& context, const net::Request& request, const ReturnedSignIn& returned,
                     const Proven& proven, const Refusal& refusal) {
  if (!proven.userinfo_fault.empty() && is_for_want_of_claims(refusal.kind))
    return say_failed(context, request, returned, Failure::out_of_reach, proven.userinfo_fault);
  request.note([&](FlightNotes& notes) { notes.tell(FlightOutcome::failed, refusal.detail + "."); });
  context.log.info("A person of a user source was not let in",
                   {{"source", returned.source.name}, {"reason", refusal.detail}});
  return say_refused(context, returned.source, refusal.kind, returned.attempt.return_to);
}

Task<net::Response> let_in(const Context& context, const net::Request& request, const ReturnedSignIn& returned,
                           const Proven& proven) {
  const auto person = admit_person(returned.source, proven.claims);
  if (!person) co_return refuse(context, request, returned, proven, person.error());
  const Instant signed_in_at = find_sign_in_time(context, returned, proven.id_token);
  // An account that changes under our hands is read once more: a password that is set meanwhile is no reason to stay
  // out.
  for (int i = 0; i < 2; ++i) {
    const auto user = co_await find_account(context, returned.source, proven.id_token, *person);
    if (!user) co_return refuse(context, request, returned, proven, user.error());
    auto response = co_await context.accounts.let_in(request, *user, returned.attempt.return_to, signed_in_at);
    if (!response) continue;
    context.throttle->take_back(count_of(request));
    context.log.info("Signed in", {{"user", format_id(user->id.value)}, {"source", returned.source.name}});
    co_return std::move(*response);
  }
  co_return pages::render_busy(context.renderer);
}

}  // namespace

Task<net::Response> finish_sign_in(const Context& context, const net::Request& request) {
  const std::string own_path(request.path.substr(context.settings.page_prefix.size()));
  const UserSource* source = context.find_source(net::path_segment(path::kCallback, own_path, "source"));
  if (source == nullptr) co_return say_no_such_source(context);
  // RFC 9110 §9.2.1: HEAD is safe.
  if (request.method == net::Method::head) co_return answer_head();
  const auto query = parse_form(request.query);
  if (!query) co_return say_not_begun_here(context, *source);
  const std::string state(query->get_or_empty("state"));
  const auto attempt = co_await take_attempt(context, request, *source, state);
  if (!attempt) {
    context.log.info("A sign-in came back to another browser, twice or too late", {{"source", source->name}});
    co_return say_not_begun_here(context, *source);
  }
  note_source(request, *source, attempt->return_to);
  const auto provider = co_await context.documents->find_provider(*source);
  if (!provider) {
    context.log.warning("A user source cannot be used", {{"source", source->name}, {"reason", provider.error()}});
    request.note([&](FlightNotes& notes) { notes.tell(FlightOutcome::failed, provider.error()); });
    co_return user_sources::say_failed(context, *source, Failure::out_of_reach, {attempt->return_to, {}});
  }
  const ReturnedSignIn returned{*source, *provider, *attempt, *query, state};
  const auto proven = co_await prove(context, returned);
  if (!proven) co_return say_failed(context, request, returned, proven.error().failure, proven.error().detail);
  co_return co_await let_in(context, request, returned, *proven);
}

}  // namespace chatelaine::user_sources
