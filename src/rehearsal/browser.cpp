#include "rehearsal/browser.hpp"

#include <fmt/format.h>

#include "base/uri.hpp"
#include "inspection/document.hpp"
#include "rehearsal/refusal.hpp"

namespace chatelaine::rehearsal {
namespace {

using inspection::Question;
using inspection::Visit;

constexpr int kMostRedirects = 10;
constexpr std::size_t kMostPageBytes = 1024 * 1024;

Landing lose(std::string why) {
  Landing landing;
  landing.kind = Landing::Kind::lost;
  landing.why = std::move(why);
  return landing;
}

Question ask(std::string url) {
  Question question;
  question.url = std::move(url);
  question.most_bytes = kMostPageBytes;
  return question;
}

bool is_error(const Visit& visit) { return !visit.answer || visit.answer->status >= 400; }

}  // namespace

Browser::Browser(inspection::Outside& outside, const HttpUrl& start, oauth::RedirectUri redirect_uri)
    : outside_(outside), origin_(start.origin()), redirect_uri_(std::move(redirect_uri)) {}

bool is_return(std::string_view location, const oauth::RedirectUri& redirect_uri) {
  if (!location.starts_with(redirect_uri.value())) return false;
  const std::string_view rest = location.substr(redirect_uri.value().size());
  return rest.empty() || rest.front() == '?' || rest.front() == '#' || rest.front() == '&';
}

Task<Landing> Browser::follow(Question question) {
  for (int hop = 0; hop <= kMostRedirects; ++hop) {
    const auto url = parse_http_url(question.url);
    if (!url)
      co_return lose(fmt::format("the sign-in leads to {}, which {}", inspection::quote(question.url), url.error()));
    if (url->origin() != origin_)
      co_return lose(fmt::format("the sign-in leads on to {}, and the password is meant for {} alone",
                                 inspection::quote(url->origin()), origin_));
    question.headers.push_back({"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"});
    question.headers.push_back({"User-Agent", "Mozilla/5.0 (compatible; chatelaine-rehearse)"});
    if (const std::string cookies = cookies_.header_for(url->path); !cookies.empty())
      question.headers.push_back({"Cookie", cookies});
    Visit visit = co_await outside_.visit(std::move(question));
    if (visit.answer) cookies_.take(visit.answer->headers, url->path);
    if (!visit.answer || !inspection::is_redirect(visit.answer->status)) {
      Landing landing;
      landing.kind = Landing::Kind::page;
      landing.visit = std::move(visit);
      co_return landing;
    }
    const std::string location(visit.answer->header("Location"));
    if (is_return(location, redirect_uri_)) {
      Landing landing;
      landing.kind = Landing::Kind::returned;
      landing.location = location;
      co_return landing;
    }
    const auto next = resolve_url(*url, location);
    if (!next)
      co_return lose(
          fmt::format("the sign-in is redirected to {}, which is no URL to ask", inspection::quote(location)));
    question = ask(next->text);
  }
  co_return lose(fmt::format("the sign-in is redirected more than {} times", kMostRedirects));
}

Task<Landing> Browser::open(std::string url) {
  Question question = ask(std::move(url));
  co_return co_await follow(std::move(question));
}

Task<Landing> Browser::submit(std::string page_url, FilledForm form) {
  const auto page = parse_http_url(page_url);
  if (!page) co_return lose("the page has no URL");
  const auto action = form.action.empty() ? page : resolve_url(*page, form.action);
  if (!action) co_return lose(fmt::format("the form is sent to {}, which is no URL", inspection::quote(form.action)));
  const std::string body = encode_form(form.fields);
  if (!form.is_post) {
    Question question = ask(action->text.substr(0, action->text.find_first_of("?#")) + '?' + body);
    co_return co_await follow(std::move(question));
  }
  Question question = ask(action->text);
  question.method = "POST";
  question.body = body;
  question.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Origin", page->origin()}};
  co_return co_await follow(std::move(question));
}

Task<std::expected<std::string, Remark>> sign_in(Browser& browser, std::string url, const SignIn& person,
                                                 const Speech& speech, const UsedRedirect& redirect) {
  using Result = std::expected<std::string, Remark>;
  Progress progress;
  Landing landing = co_await browser.open(std::move(url));
  for (;;) {
    if (landing.kind == Landing::Kind::returned) co_return Result(std::move(landing.location));
    if (landing.kind == Landing::Kind::lost) co_return Result(std::unexpect, find_fault(Point::sign_in, landing.why));
    const Visit& visit = landing.visit;
    if (progress.pages == 0 && is_error(visit))
      co_return Result(std::unexpect, judge_refused_page(visit, speech, redirect));
    if (!visit.answer) co_return Result(std::unexpect, find_fault(Point::sign_in, inspection::describe_answer(visit)));
    const Page page = read_page(visit.answer->body);
    ++progress.pages;
    auto filled = choose_form(page, person.user, person.password.reveal(), progress);
    if (!filled) {
      const std::string status = is_error(visit) ? fmt::format(" (status {})", visit.answer->status) : std::string();
      co_return Result(std::unexpect, find_fault(Point::sign_in, filled.error() + status));
    }
    progress.has_signed_in = progress.has_signed_in || filled->act == PageAct::sign_in;
    progress.has_given_name = progress.has_given_name || filled->act == PageAct::name;
    std::string page_url = visit.url;
    landing = co_await browser.submit(std::move(page_url), *std::move(filled));
  }
}

}  // namespace chatelaine::rehearsal
