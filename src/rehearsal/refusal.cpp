#include "rehearsal/refusal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "base/ascii.hpp"
#include "base/json_members.hpp"
#include "inspection/document.hpp"
#include "rehearsal/page.hpp"
#include "relying_party/provider_text.hpp"

namespace chatelaine::rehearsal {
namespace {

using inspection::quote;
using inspection::Visit;

constexpr std::size_t kMostJudgedBytes = 64 * 1024;
/// A page says more than an `error_description`, and what matters often last.
constexpr std::size_t kMostQuoted = 320;

/// The words of a refusal, in small letters and without URLs: what those are made of says nothing.
std::string read_plainly(std::string_view words) {
  std::string lower = to_lower(words);
  for (std::size_t at = lower.find("://"); at != std::string::npos; at = lower.find("://", at)) {
    const std::size_t begin = lower.find_last_of(" \"'(<", at);
    const std::size_t first = begin == std::string::npos ? 0 : begin + 1;
    const std::size_t end = lower.find_first_of(" \"')>", at);
    lower.erase(first, end == std::string::npos ? std::string::npos : end - first);
    at = first;
  }
  return lower;
}

/// Whether one of `words` is there otherwise than as the beginning or end of one of `others`.
bool mentions(std::string lower, std::initializer_list<std::string_view> words,
              std::initializer_list<std::string_view> others = {}) {
  for (const std::string_view other : others)
    for (std::size_t at = lower.find(other); at != std::string::npos; at = lower.find(other))
      lower.erase(at, other.size());
  return std::ranges::any_of(words, [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

bool sends_resource(const oauth::AssistantProfile& profile) {
  const auto has = [](const std::vector<std::string>& names) {
    return std::ranges::find(names, "resource") != names.end();
  };
  return has(profile.authorization_parameters) || has(profile.token_parameters);
}

bool is_about_resource(const std::string& lower) {
  return mentions(lower, {"resource", "invalid_target"},
                  {"resource owner", "resource server", "requested resource", "protected resource"});
}

/// What a refusal is about, by its words as a person reads them. Entra names scopes where it refuses `resource`, so
/// that this comes before scopes.
Point find_subject(std::string_view words, const oauth::AssistantProfile& profile, Point otherwise) {
  const std::string lower = read_plainly(words);
  if (profile.pkce == oauth::PkceAbility::none && mentions(lower, {"code_challenge", "pkce"}))
    return Point::pkce_optional;
  if (mentions(lower, {"redirect", "callback url", "reply url"}, {"redirected", "redirecting"}))
    return Point::redirect_uri;
  if (sends_resource(profile) && is_about_resource(lower)) return Point::resource_indicator;
  if (mentions(lower, {"scope"})) return Point::scope_optional;
  if (mentions(lower, {"client"}, {"your client"})) return Point::client;
  return otherwise;
}

std::string change_client(const Client& client) {
  switch (client.way) {
    case oauth::RegistrationWay::by_hand:
      return fmt::format("Add the client {} at the server, or see in its log why it does not take this one.",
                         quote(client.id.value()));
    case oauth::RegistrationWay::dynamic:
      return fmt::format("Take {} at the authorization endpoint, which the registration endpoint has just given.",
                         quote(client.id.value()));
    case oauth::RegistrationWay::metadata_document:
      return fmt::format(
          "Nobody adds this client: the server reads {} by itself. Let it out to there, or where it cannot reach the "
          "internet, give it a document of yours to read: --client-id-document.",
          client.id.value());
  }
  return {};
}

std::string change_for(Point subject, const UsedRedirect& redirect, const Client& client) {
  if (subject == Point::redirect_uri) {
    const bool is_example = client.way == oauth::RegistrationWay::by_hand && redirect.of != nullptr &&
                            redirect.of->uri.placeholder() == "id" && redirect.uri.value() == redirect.of->example;
    return fmt::format(
        "{}Register {} for this client, byte for byte.",
        is_example ? "Say by --redirect-id which id this client was added with. If it has none yet: " : "",
        redirect.uri.value());
  }
  if (subject == Point::client) return change_client(client);
  return {};
}

struct PageWords {
  /// All that is to be read.
  std::string whole;
  /// What is worth to be quoted.
  std::string best;
};

PageWords read_words(const net::FetchedDocument& answer) {
  const std::string_view body = std::string_view(answer.body).substr(0, kMostJudgedBytes);
  const auto parsed = parse_json(body);
  if (parsed && parsed->is_object()) {
    const std::string error(text_of(parsed->get_object(), "error"));
    const std::string description(text_of(parsed->get_object(), "error_description"));
    if (!error.empty()) {
      const std::string both = description.empty() ? error : fmt::format("{}: {}", error, description);
      return {both, both};
    }
  }
  const Page page = read_page(body);
  return {fmt::format("{} {}", page.alert, page.text), page.alert.empty() ? page.text : page.alert};
}

/// Whether the words of a page with this status are worth a guess: others are of what stands before the server, or of
/// its own trouble.
bool is_judgement(int status) { return status < 500 && status != 404 && status != 410 && status != 429; }

/// What to do where nothing says what the page is about.
std::string change_by_status(int status, const std::string& url) {
  constexpr std::string_view kOpen = "Open it in a browser to see the whole page:";
  if (status >= 500) return fmt::format("See in the server's log why it fails. {} {}", kOpen, url);
  if (status == 404 || status == 410)
    return fmt::format("See whether this is the authorization endpoint, and what it does not find. {} {}", kOpen, url);
  if (status == 429) return fmt::format("Try again later, or let this machine ask more often. {} {}", kOpen, url);
  return fmt::format("Mend what the page says. {} {}", kOpen, url);
}

}  // namespace

std::string quote_words(std::string_view words, Sent sent, std::size_t limit) {
  const std::string quoted = relying_party::quote_provider_text(words, sent, limit);
  if (quoted.empty()) return {};
  return fmt::format(" It says: \"{}\"{}", quoted, quoted.ends_with('.') ? "" : ".");
}

Remark judge_refused_page(const Visit& visit, const Speech& speech, const UsedRedirect& redirect) {
  if (!visit.answer) return find_fault(Point::sign_in, inspection::describe_answer(visit));
  const int status = visit.answer->status;
  const PageWords words = read_words(*visit.answer);
  Point subject = is_judgement(status) ? find_subject(words.whole, speech.profile, Point::sign_in) : Point::sign_in;
  const bool has_document = speech.client.way == oauth::RegistrationWay::metadata_document;
  if (has_document && words.whole.find(speech.client.id.value()) != std::string::npos) subject = Point::client;
  std::string seen =
      fmt::format("the authorization endpoint answers with status {} where it should show its sign-in", status);
  if (subject == Point::redirect_uri) seen += fmt::format(", for the redirect URI {}", redirect.uri.value());
  seen += '.' + quote_words(words.best, {}, kMostQuoted);
  const std::string_view request_id = visit.answer->header("X-Request-Id");
  if (!request_id.empty()) seen += fmt::format(" Its X-Request-Id is {}.", quote(request_id));
  std::string change =
      subject == Point::sign_in ? change_by_status(status, visit.url) : change_for(subject, redirect, speech.client);
  return find_fault(subject, std::move(seen), std::move(change));
}

Remark judge_refused_authorization(std::string_view error, std::string_view description, const Speech& speech,
                                   const UsedRedirect& redirect) {
  const std::string seen =
      fmt::format("the authorization endpoint answers with {}.{}", quote(error), quote_words(description));
  if (error == "access_denied")
    return find_fault(Point::sign_in, seen, "Allow the assistant at the sign-in, or see why this person may not.");
  const Point by_words = find_subject(description, speech.profile, Point::answer);
  const bool is_about_scope = error == "invalid_scope" && by_words != Point::resource_indicator;
  Point subject = is_about_scope ? Point::scope_optional : by_words;
  // RFC 8707 §2.
  if (error == "invalid_target") subject = Point::resource_indicator;
  return find_fault(subject, seen, change_for(subject, redirect, speech.client));
}

void blame_given_scope(Remarks& remarks, const Given& given) {
  if (given.scope.empty()) return;
  for (Remark& remark : remarks)
    if (remark.code == describe(Point::scope_optional).code && !remark.change.empty())
      remark.change = "Give another --scope, its parts with blanks between them, or let this client have these scopes.";
}

Point find_refused_part(std::string_view error, std::string_view description, const oauth::AssistantProfile& profile,
                        Point otherwise) {
  if (!sends_resource(profile)) return otherwise;
  const bool is_about_request = error == "invalid_request" || error == "invalid_scope";
  // RFC 8707 §2.
  if (error == "invalid_target") return Point::resource_indicator;
  return is_about_request && is_about_resource(read_plainly(description)) ? Point::resource_indicator : otherwise;
}

}  // namespace chatelaine::rehearsal
