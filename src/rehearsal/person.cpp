#include "rehearsal/person.hpp"

#include <fmt/format.h>

#include "base/uri.hpp"
#include "rehearsal/browser.hpp"

namespace chatelaine::rehearsal {
namespace {

/// Without the query, which may hold a code.
Remark blame_elsewhere(std::string_view location, const UsedRedirect& redirect) {
  if (!parse_http_url(location))
    return find_fault(Point::answer, "what was pasted is not the address of a page",
                      "Copy all of the browser's address, from http on.");
  const std::string_view place = location.substr(0, location.find_first_of("?#"));
  return find_fault(Point::answer, fmt::format("the browser ended at {}, and not at the redirect URI {}",
                                               inspection::quote(place), redirect.uri.value()));
}

}  // namespace

Person::Person(const AskPerson& ask, const UsedRedirect& redirect) : ask_(ask), redirect_(redirect) {
  if (!is_of_this_machine(redirect.uri)) return;
  auto opened = LoopbackListener::open(redirect);
  if (!opened) {
    hindrance_ = std::move(opened.error());
    return;
  }
  listener_ = *std::move(opened);
  redirect_ = listener_->redirect();
}

std::expected<std::string, Remark> Person::sign_in(std::string url) {
  const PersonsTurn turn{std::move(url), is_of_this_machine(redirect_.uri), listener_.get(), hindrance_};
  auto location = ask_(turn);
  if (!location) {
    std::string why = std::move(location.error());
    const std::string other = listener_ ? listener_->other_path() : std::string();
    if (!other.empty())
      why += fmt::format("; the browser asked for the path {}, and not for that of the redirect URI {}",
                         inspection::quote(other), redirect_.uri.value());
    return std::unexpected(find_fault(Point::answer, std::move(why)));
  }
  if (!is_return(*location, redirect_.uri)) return std::unexpected(blame_elsewhere(*location, redirect_));
  return *std::move(location);
}

}  // namespace chatelaine::rehearsal
