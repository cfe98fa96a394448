#include "rehearsal/page_choice.hpp"

#include <gtest/gtest.h>

namespace chatelaine::rehearsal {
namespace {

std::string choose(std::string_view html, const Progress& progress = {}) {
  const auto filled = choose_form(read_page(html), "me", "secret", progress);
  if (!filled) return filled.error();
  constexpr std::string_view kActs[]{"sign_in", "name", "allow", "go_on"};
  return std::string(kActs[static_cast<std::size_t>(filled->act)]) + ' ' + encode_form(filled->fields);
}

TEST(PageChoice, IsWhatAPersonWouldDo) {
  struct Row {
    std::string_view sentence;
    std::string_view html;
    std::string_view chosen;
  };
  for (const Row& row : {
           Row{"ours: name, password and what is hidden",
               "<form><input type=hidden name=t value=1><input name=email type=email><input name=password "
               "type=password><button>Sign in</button></form>",
               "sign_in t=1&email=me&password=secret"},
           Row{"a search form before it", "<form><input name=q></form><form><input name=u><input name=p type=password>",
               "sign_in u=me&p=secret"},
           Row{"the password alone", "<form><input name=p type=password></form>", "sign_in p=secret"},
           Row{"a button with a name, and one that cancels",
               "<form><input name=u><input name=p type=password><button name=b value=cancel>Cancel</button><button "
               "name=b "
               "value=go>Log in</button></form>",
               "sign_in u=me&p=secret&b=go"},
           Row{"the name first", "<form><input name=username><button>Next</button></form>", "name username=me"},
           Row{"our consent",
               "<form><button name=decision value=deny>Deny</button><button name=decision "
               "value=allow>Allow</button></form>",
               "allow decision=allow"},
           Row{"another's, by its words, boxes ticked and not remembered",
               "<form><input type=checkbox name=scope value=a><input type=checkbox name=remember_me><input type=submit "
               "name=x value='Reject'><input type=submit name=x value='Accept all'></form>",
               "allow scope=a&x=Accept%20all"},
           Row{"sign-out beside it",
               "<form><button>Not you? Continue as another</button></form><form><button name=ok "
               "value=1>Authorize</button>",
               "allow ok=1"},
           Row{"a form that a script sends", "<form method=post><input type=hidden name=a value=1></form>",
               "go_on a=1"},
           Row{"two passwords",
               "<title>New</title><form><input type=password name=a><input type=password name=b></form>",
               "the page \"New\" asks for a new password"},
           Row{"nothing to do", "<title>Oops</title><p>Sorry</p>",
               "the page \"Oops\" has neither a password field nor a button that allows"},
       })
    EXPECT_EQ(choose(row.html), row.chosen) << row.sentence;
}

TEST(PageChoice, EndsWhereItGoesInCircles) {
  constexpr std::string_view kSignIn =
      "<p role=alert>Wrong password</p><form><input name=u><input name=p type=password></form>";
  EXPECT_EQ(choose(kSignIn, {.has_signed_in = true}),
            "the server asks for the password again: user name or password are wrong. It says: \"Wrong password\".");
  EXPECT_EQ(choose("<form><button>Continue</button></form>", {.pages = 13}),
            "after 12 pages the sign-in has not come to an end");
  EXPECT_EQ(choose("<title>Who?</title><form><input name=username></form>", {.has_given_name = true}),
            "the page \"Who?\" has neither a password field nor a button that allows");
}

}  // namespace
}  // namespace chatelaine::rehearsal
