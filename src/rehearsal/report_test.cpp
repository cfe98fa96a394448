#include "rehearsal/report.hpp"

#include <gtest/gtest.h>

#include "rehearsal/redaction.hpp"

namespace chatelaine::rehearsal {
namespace {

Report good() {
  return {"helper",
          "Helper",
          "https://a.example/?a&b",
          {{Step::call, {notice(Point::api_call, "fine")}, milliseconds{12}},
           {Step::refresh, {notice(Point::refreshed, "fine")}, milliseconds{3}},
           {Step::expiry, {skip(Point::not_played, "it lasts for 600 s")}, milliseconds{0}}}};
}

TEST(Report, HasAVerdictThatAPersonCanActUpon) {
  EXPECT_EQ(make_verdict(good()), "Helper connects, calls, and stays connected.");
  Report warned = good();
  warned.steps[0].remarks.push_back(find_warning(Point::lifetime, "no expires_in"));
  EXPECT_EQ(make_verdict(warned), "Helper connects, calls, and stays connected. 1 warning.");
  Report failing = good();
  failing.steps[0].remarks = {find_warning(Point::call_answer, "it answers with 404")};
  EXPECT_EQ(make_verdict(failing), "Helper connects and stays connected; no call succeeded. 1 warning.");
  Report silent = good();
  silent.steps[0].remarks = {notice(Point::tools, "2 tools")};
  EXPECT_EQ(make_verdict(silent), "Helper connects and stays connected; no call was tried.");
  Report broken = good();
  broken.steps[1].remarks.push_back(find_fault(Point::refresh_token, "no refresh token came"));
  EXPECT_EQ(
      make_verdict(broken),
      "Helper connects, but says \"User is missing credentials\" once the access token has ended: no refresh token "
      "came. Issue a refresh token with the first answer, and keep it good.");
  EXPECT_FALSE(broken.is_good());
}

TEST(Report, IsOneJsonDocument) {
  Report report = good();
  report.steps.resize(1);
  EXPECT_EQ(
      json::serialize(to_json(report)),
      R"({"profile":"helper","title":"Helper","url":"https://a.example/?a&b","ok":true,"verdict":"Helper connects and calls.",)"
      R"("faults":0,"warnings":0,"steps":[{"step":"call","verdict":"ok","milliseconds":12,)"
      R"("remarks":[{"code":"api_call","verdict":"ok","seen":"fine"}]}]})");
}

TEST(Report, IsJUnitsXml) {
  Report report = good();
  report.steps[1].remarks = {find_fault(Point::refreshed, "it says \"<no>\" & \x01", "Mend it.")};
  EXPECT_EQ(
      to_junit(report),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"rehearse helper\" tests=\"3\" "
      "failures=\"1\" skipped=\"1\" time=\"0.015\">\n    <properties><property name=\"url\" "
      "value=\"https://a.example/?a&amp;b\"/><property name=\"verdict\" value=\"Helper connects, but has its people "
      "sign "
      "in again and again: it says &quot;&lt;no&gt;&quot; &amp;  . Mend it.\"/></properties>\n"
      "    <testcase classname=\"rehearse.helper\" name=\"call\" time=\"0.012\"><system-out>ok api_call: "
      "fine.\n</system-out></testcase>\n"
      "    <testcase classname=\"rehearse.helper\" name=\"refresh\" time=\"0.003\"><failure type=\"refreshed\" "
      "message=\"fault refreshed: it says &quot;&lt;no&gt;&quot; &amp;  . Mend it.\"/></testcase>\n"
      "    <testcase classname=\"rehearse.helper\" name=\"expiry\" time=\"0.000\"><skipped message=\"it lasts for 600 "
      "s\"/></testcase>\n"
      "  </testsuite>\n</testsuites>\n");
}

/// THREATS N47
TEST(Redaction, TakesSecretsOutAlsoWhereTheyAreEncoded) {
  Redaction redaction;
  redaction.keep_out("a b");
  redaction.keep_out("");
  EXPECT_EQ(redaction.apply("x a b y a%20b z a ba b"), "x [redacted] y [redacted] z [redacted][redacted]");
}

}  // namespace
}  // namespace chatelaine::rehearsal
