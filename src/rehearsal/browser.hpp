#pragma once

#include <expected>
#include <string>

#include "inspection/outside.hpp"
#include "rehearsal/cookie_jar.hpp"
#include "rehearsal/messages.hpp"
#include "rehearsal/page_choice.hpp"
#include "rehearsal/part.hpp"

/// A person's browser, for a sign-in without a person.
namespace chatelaine::rehearsal {

/// RFC 6749 §4.1.2: whether the location is the redirect URI, with a query behind it or more of one.
[[nodiscard]] bool is_return(std::string_view location, const oauth::RedirectUri& redirect_uri);

/// Where a request has led.
struct Landing {
  enum class Kind : std::uint8_t {
    returned,  ///< to the redirect URI: `location` is where to, and nothing was asked there
    page,      ///< `visit`
    lost       ///< `why`: a sentence
  };
  Kind kind = Kind::lost;
  std::string location;
  inspection::Visit visit;
  std::string why;
};

/// Stays on the authorization endpoint's origin, since name and password are meant for that alone: neither a redirect
/// nor a form leads away from it. Keeps cookies; follows at most ten redirects; runs no script.
class Browser {
 public:
  /// `start`: the authorization endpoint.
  Browser(inspection::Outside& outside, const HttpUrl& start, oauth::RedirectUri redirect_uri);

  [[nodiscard]] Task<Landing> open(std::string url);
  /// `form` was found on the page at `page_url`.
  [[nodiscard]] Task<Landing> submit(std::string page_url, FilledForm form);

 private:
  [[nodiscard]] Task<Landing> follow(inspection::Question question);

  inspection::Outside& outside_;
  std::string origin_;
  oauth::RedirectUri redirect_uri_;
  CookieJar cookies_;
};

/// Signs in and allows: the location to which the browser is sent back, or what is in the way.
[[nodiscard]] Task<std::expected<std::string, Remark>> sign_in(Browser& browser, std::string url, const SignIn& person,
                                                               const Speech& speech, const UsedRedirect& redirect);

}  // namespace chatelaine::rehearsal
