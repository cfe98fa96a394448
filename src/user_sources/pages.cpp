#include "user_sources/pages.hpp"

#include <fmt/format.h>

#include <utility>

namespace chatelaine::user_sources {
namespace {

net::Response render(const Context& context, pages::ErrorPage page, const WayOn& way_on) {
  page.next_href = context.accounts.sign_in_url(way_on.return_to, way_on.demand);
  if (page.next_label.empty()) page.next_label = "Back to the sign-in";
  return pages::render_error(context.renderer, page);
}

/// What the person could do to be let in.
std::string advise(const UserSource& source, Refusal::Kind kind) {
  constexpr const char* kAsk = "Ask whoever runs this service to let you in.";
  switch (kind) {
    case Refusal::Kind::not_admitted:
    case Refusal::Kind::no_account:
      return fmt::format(
          "If you have another account at {}, sign in with that. Else ask whoever runs this service to "
          "let you in.",
          source.label);
    case Refusal::Kind::account_disabled:
      return kAsk;
    case Refusal::Kind::no_email:
      return fmt::format("Confirm your e-mail address at {}, then sign in again. If it is confirmed: {}", source.label,
                         kAsk);
    case Refusal::Kind::email_taken:
      return "Sign in the way that you did before. Whoever runs this service can bring the two together.";
    case Refusal::Kind::unusable_subject:
      return kAsk;
  }
  std::unreachable();
}

std::string describe(const UserSource& source, Refusal::Kind kind) {
  switch (kind) {
    case Refusal::Kind::not_admitted:
      return fmt::format("{} knows who you are, but this service lets in others of its people.", source.label);
    case Refusal::Kind::no_email:
      return fmt::format("{} told no e-mail address of yours that it has checked, and an account here needs one.",
                         source.label);
    case Refusal::Kind::email_taken:
      return "There is an account with your e-mail address already, which you have not signed in to this way before.";
    case Refusal::Kind::no_account:
      return fmt::format("{} knows who you are, but you have no account here.", source.label);
    case Refusal::Kind::account_disabled:
      return "Your account here is switched off.";
    case Refusal::Kind::unusable_subject:
      return fmt::format("What {} told of you cannot be made an account here.", source.label);
  }
  std::unreachable();
}

pages::ErrorPage describe(const UserSource& source, Failure failure) {
  const std::string& label = source.label;
  switch (failure) {
    case Failure::out_of_reach:
      return {
          .status = 502,
          .title = fmt::format("{} cannot be asked", label),
          .what_happened = fmt::format("{} gave no answer that this service could use. You are not signed in.", label),
          .what_to_do =
              "Try again in a minute. If it stays so, tell whoever runs this service: it is theirs or "
              "the other side's to mend, not yours."};
    case Failure::misconfigured:
      return {.status = 502,
              .title = fmt::format("{} cannot be used", label),
              .what_happened =
                  fmt::format("{} and this service are not set up to fit together. You are not signed in.", label),
              .what_to_do = "Tell whoever runs this service: it is theirs to mend, not yours."};
    case Failure::denied:
      return {
          .status = 403,
          .title = "You are not signed in",
          .what_happened = fmt::format("The sign-in at {} was not completed: you or {} broke it off.", label, label),
          .what_to_do = "Begin again if you want to sign in."};
    case Failure::not_believed:
      return {
          .status = 400,
          .title = "You are not signed in",
          .what_happened = fmt::format("What came back from {} does not prove who you are, so it was not used.", label),
          .what_to_do = "Begin again. If it happens again, tell whoever runs this service."};
    case Failure::not_signed_in_anew:
      return {.status = 403,
              .title = "Please sign in anew",
              .what_happened = fmt::format("You were to prove anew at {} who you are, and {} says that you did so "
                                           "earlier.",
                                           label, label),
              .what_to_do = "Begin again. If it happens again, tell whoever runs this service."};
  }
  std::unreachable();
}

}  // namespace

net::Response say_no_such_source(const Context& context) {
  pages::ErrorPage page{.status = 404,
                        .title = "There is no such sign-in",
                        .what_happened = "This service has no sign-in of that name, or has it no more.",
                        .what_to_do = "Choose one on the sign-in page."};
  const std::string return_to = context.settings.page_prefix + "/account";
  return render(context, std::move(page), {return_to, {}});
}

net::Response say_not_begun_here(const Context& context, const UserSource& source) {
  pages::ErrorPage page{.status = 400,
                        .title = "You are not signed in",
                        .what_happened = fmt::format("This sign-in at {} was not begun in this browser, was used "
                                                     "before, or is older than ten minutes.",
                                                     source.label),
                        .what_to_do = "Begin again."};
  const std::string return_to = context.settings.page_prefix + "/account";
  return render(context, std::move(page), {return_to, {}});
}

net::Response say_failed(const Context& context, const UserSource& source, Failure failure, const WayOn& way_on) {
  return render(context, describe(source, failure), way_on);
}

net::Response say_refused(const Context& context, const UserSource& source, Refusal::Kind kind,
                          std::string_view return_to) {
  pages::ErrorPage page{.status = 403,
                        .title = "You cannot come in this way",
                        .what_happened = describe(source, kind),
                        .what_to_do = advise(source, kind),
                        .next_label = "Sign in as somebody else"};
  return render(context, std::move(page), {return_to, {.mode = accounts::SignInMode::again}});
}

}  // namespace chatelaine::user_sources
