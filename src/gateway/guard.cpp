#include "gateway/guard.hpp"

#include <optional>
#include <string>
#include <utility>

#include "gateway/assertion.hpp"
#include "gateway/authenticate.hpp"
#include "gateway/guarded_body.hpp"
#include "gateway/notes.hpp"
#include "gateway/operations.hpp"
#include "gateway/refusal.hpp"
#include "net/path.hpp"
#include "oauth/openid/identity_scope.hpp"

namespace chatelaine::gateway {
namespace {

/// RFC 9068 §3: of a token for several resources, what means something at this one.
std::shared_ptr<const oauth::AccessToken> cut_to(const oauth::ProtectedResource& resource,
                                                 std::shared_ptr<const oauth::AccessToken> token) {
  if (!resource.scopes || resource.scopes->includes(token->scope)) return token;
  auto cut = std::make_shared<oauth::AccessToken>(*token);
  cut->scope = resource.understood(token->scope);
  return cut;
}

/// Who allowed a client to know who they are, or to use another resource, has allowed it nothing of the API, though an
/// operation may need no scope. `here`: what of the token's scope means something at this API.
bool means_something(const oauth::AccessToken& token, const oauth::Scope& here) {
  return token.scope.empty() || !here.without(oauth::identity_scope()).empty();
}

/// What a token allows of a call: nothing refuses it, or something does.
struct Judgement {
  std::string operation;
  const openapi::Operation* described = nullptr;
  bool needs_confirmation = false;
  /// What its user may not have been asked about.
  std::vector<oauth::Opened> opened;
  std::optional<net::Response> refusal;
  /// How the refusal is told to the flight recorder: what is asked of the user is no failure.
  FlightOutcome outcome = FlightOutcome::failed;
};

Judgement judge(const net::Request& call, const GatewaySettings& settings, const oauth::AccessToken& token,
                const oauth::Scope& here) {
  const auto needed = find_needed_scope(settings, call);
  const Needed* const known = std::get_if<Needed>(&needed);
  const openapi::Operation* const described = known == nullptr ? nullptr : known->operation;
  Judgement judgement{.operation = name_call(described, call),
                      .described = described,
                      // Of a client that acts for itself there is nobody to ask.
                      .needs_confirmation = known != nullptr && known->needs_confirmation && token.grant_id,
                      .opened = known != nullptr && token.grant_id ? known->opened : std::vector<oauth::Opened>(),
                      .refusal = {}};
  if (!means_something(token, here)) {
    judgement.refusal = refuse_identity(settings.realm);
  } else if (std::holds_alternative<NotListed>(needed)) {
    // Told to those with a token alone: strangers learn nothing of what the API has.
    judgement.refusal = refuse_unlisted(call.method_name, call.path);
  } else if (std::holds_alternative<Closed>(needed)) {
    judgement.refusal = refuse_closed(call.method_name, call.path);
  } else if (!here.includes(known->scope)) {
    judgement.refusal = refuse_scope(settings.realm, known->scope);
  }
  return judgement;
}

/// A token that is good.
struct Credentials {
  /// As it came, in the request's own memory.
  std::string_view text;
  std::shared_ptr<const oauth::AccessToken> whole;
  /// Of its scope, what means something here.
  std::shared_ptr<const oauth::AccessToken> here;
};

}  // namespace

struct Guard::State {
  GuardParts parts;
  const Clock& clock;
  Log& log;
  IdentityCache identities;
  limits::TokenBuckets buckets{};

  Task<std::shared_ptr<const Identity>> identify(const oauth::AccessToken& token, const GatewaySettings& settings) {
    const Instant now = clock.now();
    auto identity = identities.find(token, now);
    if (identity != nullptr) co_return identity;
    const crypto::SigningKey key = co_await parts.signing_key();
    identity = std::make_shared<const Identity>(make_identity(token, sign_assertion(token, settings, key, now)));
    identities.keep(token, identity, now);
    co_return identity;
  }

  /// Takes from the buckets of the call's limits; a refusal where one is empty.
  std::optional<net::Response> take_from_limits(Caller& caller, const GatewaySettings& settings) {
    const auto claims = list_claims(settings.limits, *caller.access, caller.operation);
    if (claims.empty()) return std::nullopt;
    const limits::Admission admission = buckets.take(claims, caller.began);
    if (admission.wait) return refuse_rate(admission);
    caller.limit = admission.tightest;
    return std::nullopt;
  }

  void note(const Caller& caller, const GatewaySettings& settings, int status) {
    if (!settings.records_calls) return;
    parts.record({.at = caller.began,
                  .door = caller.door,
                  .client_id = caller.access->client_id,
                  .grant_id = caller.access->grant_id,
                  .operation = caller.operation,
                  .status = static_cast<std::uint32_t>(status),
                  .took = clock.now() - caller.began});
  }

  /// A refusal where the user allowed the scope before it opened this.
  Task<std::optional<net::Response>> check_seen(const Caller& caller, const GatewaySettings& settings,
                                                const std::vector<oauth::Opened>& opened) {
    const auto consent = co_await parts.find_consent(*caller.access, settings.resource.identifier);
    for (const oauth::Opened& news : opened)
      if (!consent || !oauth::has_seen(*consent, news)) co_return refuse_unseen(settings.realm, news.scope);
    co_return std::nullopt;
  }

  /// RFC 9470 §3: a refusal where the sign-in is older than the call allows.
  Task<std::optional<net::Response>> check_sign_in(const Caller& caller, const GatewaySettings& settings) {
    const auto signed_in_at = co_await parts.find_sign_in(*caller.access->grant_id);
    const milliseconds lifetime = settings.confirmation.lifetime;
    if (signed_in_at && caller.began - *signed_in_at <= lifetime) co_return std::nullopt;
    co_return ask_for_sign_in(settings.realm, std::chrono::duration_cast<seconds>(lifetime));
  }

  Task<std::optional<net::Response>> ask_user(const net::Request& call, std::string_view body, const Caller& caller,
                                              const GatewaySettings& settings) {
    const Instant now = clock.now();
    storage::Confirmation question = make_question(call, body, caller.described, caller.operation);
    if (!is_showable(question)) co_return refuse_unshowable(kMostShown);
    question.grant_id = *caller.access->grant_id;
    question.asked_at = now;
    question.expires_at = now + settings.confirmation.lifetime;
    const UsersAnswer answer = co_await parts.ask_user(std::move(question), now);
    const std::string& page = settings.confirmation.page;
    switch (answer.word) {
      case UsersWord::approved:
        co_return std::nullopt;
      case UsersWord::denied:
        co_return refuse_denied();
      case UsersWord::waits:
        co_return ask_for_approval(page + "?call=" + format_id(answer.id.value));
      case UsersWord::too_many_wait:
        co_return refuse_more_questions(page);
    }
    std::unreachable();
  }

  Task<std::expected<Credentials, net::Response>> authenticate(const net::Request& request,
                                                               const GatewaySettings& settings) {
    const auto text = find_bearer_token(request);
    if (!text) {
      note_call(request, FlightOutcome::failed, std::string(text.error().description));
      co_return std::unexpected(refuse_authorization(settings.realm, text.error().description));
    }
    if (!*text) {
      if (const auto place = find_misplaced_token(request); !place.empty())
        note_call(request, FlightOutcome::failed, std::string(place));
      co_return std::unexpected(ask_for_token(settings.realm));
    }
    const auto token = co_await parts.verify(**text);
    if (!token) {
      const std::string why(describe(token.error().fault));
      log.debug("an access token was refused", {{"why", why}, {"path", std::string(request.path)}});
      // Assistants learn by an expired one that it is time to refresh.
      const bool is_usual = token.error().fault == tokens::TokenFault::expired;
      note_call(request, is_usual ? FlightOutcome::odd : FlightOutcome::failed, why);
      if (token.error().ended != nullptr) note_token(request, *token.error().ended);
      co_return std::unexpected(refuse_token(settings.realm));
    }
    co_return Credentials{**text, *token, cut_to(settings.resource, *token)};
  }

  Task<std::expected<Caller, net::Response>> admit(const net::Request& request, const GatewaySettings& settings) {
    const Instant began = clock.now();
    auto credentials = co_await authenticate(request, settings);
    if (!credentials) co_return std::unexpected(std::move(credentials.error()));
    if (!means_something(*credentials->whole, credentials->here->scope)) {
      net::Response refusal = refuse_identity(settings.realm);
      note_refused_call(request, *credentials->whole, {}, FlightOutcome::failed, refusal);
      co_return std::unexpected(std::move(refusal));
    }
    co_return Caller{
        .identity = nullptr, .token = credentials->text, .access = credentials->here, .operation = {}, .began = began};
  }

  Task<Decision> decide_with_token(const net::Request& call, const GatewaySettings& settings, storage::CallDoor door) {
    const Instant began = clock.now();
    auto credentials = co_await authenticate(call, settings);
    if (!credentials) co_return std::move(credentials.error());
    Judgement judgement = judge(call, settings, *credentials->whole, credentials->here->scope);
    Caller caller{.identity = nullptr,
                  .token = credentials->text,
                  .access = credentials->here,
                  .operation = std::move(judgement.operation),
                  .door = door,
                  .began = began,
                  .described = judgement.described};
    if (!judgement.refusal && !judgement.opened.empty())
      judgement.refusal = co_await check_seen(caller, settings, judgement.opened);
    if (!judgement.refusal) judgement.refusal = take_from_limits(caller, settings);
    if (!judgement.refusal && judgement.needs_confirmation) {
      if (settings.confirmation.by == ConfirmedBy::sign_in) {
        judgement.refusal = co_await check_sign_in(caller, settings);
        judgement.outcome = FlightOutcome::odd;
      } else {
        caller.awaits_approval = true;
      }
    }
    if (judgement.refusal) {
      if (caller.limit) add_rate_limit(*judgement.refusal, *caller.limit);
      note(caller, settings, judgement.refusal->status);
      note_refused_call(call, *credentials->whole, caller.operation, judgement.outcome, *judgement.refusal);
      co_return *std::move(judgement.refusal);
    }
    caller.identity = co_await identify(*caller.access, settings);
    co_return caller;
  }
};

Guard::Guard(GuardParts parts, const Clock& clock, Log& log)
    : state_(new State{std::move(parts), clock, log, IdentityCache()}) {}
Guard::~Guard() = default;

Task<Decision> Guard::decide(const net::Request& call, const GatewaySettings& settings, storage::CallDoor door) {
  if (net::is_path_ambiguous(call.path)) co_return note_refused(call, refuse_ambiguous_path());
  if (net::equals_ignoring_case(call.method_name, "TRACE")) co_return note_refused(call, refuse_trace());
  if (is_preflight(call) || is_public(settings, call.path)) co_return WithoutIdentity{};
  co_return co_await state_->decide_with_token(call, settings, door);
}

Task<std::optional<net::Response>> Guard::confirm(const net::Request& call, std::string_view body, const Caller& caller,
                                                  const GatewaySettings& settings) {
  auto refusal = co_await state_->ask_user(call, body, caller, settings);
  if (refusal) {
    if (caller.limit) add_rate_limit(*refusal, *caller.limit);
    state_->note(caller, settings, refusal->status);
    note_refused_call(call, *caller.access, caller.operation, FlightOutcome::odd, *refusal);
  }
  co_return refusal;
}

Task<std::expected<Caller, net::Response>> Guard::admit(const net::Request& request, const GatewaySettings& settings) {
  return state_->admit(request, settings);
}

void Guard::note(const Caller& caller, const GatewaySettings& settings, int status) {
  state_->note(caller, settings, status);
}

std::unique_ptr<net::BodySource> Guard::guard(std::unique_ptr<net::BodySource> body, const Caller& caller) {
  return guard_body(std::move(body), oauth::AccessTokenSecret(caller.token), caller.access->expires_at,
                    state_->parts.verify, state_->clock);
}

}  // namespace chatelaine::gateway
