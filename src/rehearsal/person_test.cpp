#include "rehearsal/person.hpp"

#include <gtest/gtest.h>

#include "rehearsal/profile_for_test.hpp"

namespace chatelaine::rehearsal {
namespace {

using Answer = std::expected<std::string, std::string>;

TEST(Person, WhoComesBackElsewhereIsToldWhere) {
  struct Row {
    std::string_view sentence;
    Answer answer;
    std::string_view said;
  };
  const std::string code = "?code=c&state=s";
  for (const Row& row : {
           Row{"the redirect URI with a query", "https://helper.example/cb" + code, ""},
           Row{"the redirect URI with an error: that is judged later", "https://helper.example/cb?error=x", ""},
           Row{"nobody", Answer(std::unexpect, "nobody came back from the sign-in within 10m"),
               "nobody came back from the sign-in within 10m"},
           Row{"a longer path", "https://helper.example/cbs" + code,
               "the browser ended at \"https://helper.example/cbs\", and not at the redirect URI "
               "https://helper.example/cb"},
           Row{"another host", "https://other.example/cb" + code,
               "the browser ended at \"https://other.example/cb\", and not at the redirect URI "
               "https://helper.example/cb"},
           Row{"a code alone", "c", "what was pasted is not the address of a page"},
       }) {
    const auto profile = connector_profile();
    std::string asked;
    const AskPerson ask = [&](const PersonsTurn& turn) {
      asked = turn.url;
      EXPECT_FALSE(turn.comes_to_this_machine);
      EXPECT_EQ(turn.listener, nullptr);
      return row.answer;
    };
    Person person(ask, {&profile.redirects.front(), oauth::RedirectUri("https://helper.example/cb")});
    const auto returned = person.sign_in("https://a.example/authorize");
    EXPECT_EQ(asked, "https://a.example/authorize") << row.sentence;
    EXPECT_EQ(returned ? "" : returned.error().seen, row.said) << row.sentence;
  }
}

}  // namespace
}  // namespace chatelaine::rehearsal
