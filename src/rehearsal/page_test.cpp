#include "rehearsal/page.hpp"

#include <gtest/gtest.h>

namespace chatelaine::rehearsal {
namespace {

/// `action post|get [kind name=value …] (name=value label …)` a form.
std::string write(const Page& page) {
  constexpr std::string_view kKinds[]{"text", "password", "hidden", "checkbox", "other"};
  std::string text;
  for (const PageForm& form : page.forms) {
    text += form.action + (form.is_post ? " post [" : " get [");
    for (const PageField& field : form.fields)
      text += std::string(kKinds[static_cast<std::size_t>(field.kind)]) + ' ' + field.name + '=' + field.value +
              (field.is_checked ? "!" : "") + ' ';
    text += "] (";
    for (const PageButton& button : form.buttons) text += button.name + '=' + button.value + ' ' + button.label + ' ';
    text += ")\n";
  }
  return text;
}

TEST(Page, IsReadAsABrowserReadsIt) {
  struct Row {
    std::string_view sentence;
    std::string_view html;
    std::string_view read;
  };
  for (const Row& row : {
           Row{"a sign-in",
               "<form method=POST action='/in?a=1&amp;b=2'><input type=hidden name=t value='&quot;x'><input name=email "
               "type=email><input type=password name=p><button>Sign in</button></form>",
               "/in?a=1&b=2 post [hidden t=\"x text email= password p= ] (= Sign in )\n"},
           Row{"a consent",
               "<form method=post><button name=d value=deny>No</button><button name=d value=allow>Allow <b>it</b>"
               "</button></form>",
               " post [] (d=deny No d=allow Allow it )\n"},
           Row{"what sends nothing",
               "<form><input name=a disabled><input value=b><input type=reset name=c><button type=button "
               "name=d>x</button>"
               "<input type=radio name=e value=1><input type=radio name=e value=2 checked></form>",
               " get [other e=2! ] ()\n"},
           Row{"boxes, lists and areas",
               "<form><input type=checkbox name=a><input type=checkbox name=b value=2 checked><select name=s><option "
               "value=1>one<option selected>two</select><textarea name=t>some\ntext</textarea></form>",
               " get [checkbox a=on checkbox b=2! other s=two other t=some text ] ()\n"},
           Row{"a form that is never closed", "<p><form action=/x><input name=a value=1>", "/x get [text a=1 ] ()\n"},
           Row{"no form", "<h1>Hello</h1>", ""},
           Row{"no page", "{\"error\":\"x\"}", ""},
           Row{"nothing", "", ""},
       })
    EXPECT_EQ(write(read_page(row.html)), row.read) << row.sentence;
}

TEST(Page, HasATitleAndAnAlert) {
  const Page page = read_page(
      "<!doctype html><title> Sign in\n here </title><script>document.write('<form>')</script><p role=alert>Wrong "
      "<b>password</b>.</p>");
  EXPECT_EQ(page.title, "Sign in here");
  EXPECT_EQ(page.alert, "Wrong password.");
  EXPECT_TRUE(page.forms.empty());
}

TEST(Page, HasTheTextThatPeopleRead) {
  EXPECT_EQ(read_page("<title>Oops</title><script src='/client.js'>scope()</script><h1>No</h1><p>The <b>API</b> is "
                      "off.<br>Later<table><th scope=col>Why</table><noscript>redirect</noscript>")
                .text,
            "No The API is off. Later Why");
  EXPECT_EQ(read_page("plain words").text, "plain words");
  EXPECT_EQ(read_page("").text, "");
}

/// THREATS N41
TEST(Page, ThatIsHostileIsCutAndEnds) {
  std::string many;
  for (int i = 0; i < 2'000; ++i) many += "<form><input name=a value=" + std::string(50, 'x') + ">";
  EXPECT_LE(read_page(many).forms.size(), kMostForms);
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<div>";
  EXPECT_LE(read_page(deep + "<form>").forms.size(), 1U);
  std::string fields = "<form>";
  for (int i = 0; i < 2'000; ++i) fields += "<input name=a>";
  EXPECT_LE(read_page(fields).forms.front().fields.size(), kMostFields);
  const Page entities = read_page("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><title>&a;</title><form>");
  EXPECT_EQ(entities.title.find("root"), std::string::npos);
}

}  // namespace
}  // namespace chatelaine::rehearsal
