#include "pages/posted_form.hpp"

#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "pages/request_for_test.hpp"

namespace chatelaine::pages {
namespace {

using test::MadeRequest;

const Renderer& renderer() {
  static const Renderer made(Frame{"Todo", "/oauth/assets", ""});
  return made;
}

struct Row {
  const char* sentence;
  const char* content_type;
  std::string body;
  std::optional<net::BodyError> error;
  int status;  ///< 0: it is read
};

TEST(PostedForm, IsReadOrAnsweredWithItsOwnStatus) {
  constexpr const char* kForm = "application/x-www-form-urlencoded";
  const Row rows[] = {
      {"a browser's form", kForm, "a=1&b=2", {}, 0},
      {"with a charset", "Application/X-WWW-Form-Urlencoded ; charset=UTF-8", "a=1", {}, 0},
      {"an empty form", kForm, "", {}, 0},
      {"exactly the limit", kForm, "a=" + std::string(kPostedFormLimit - 2, 'x'), {}, 0},
      {"one byte more", kForm, "a=" + std::string(kPostedFormLimit - 1, 'x'), {}, 413},
      {"no content type", nullptr, "a=1", {}, 415},
      {"JSON", "application/json", "{}", {}, 415},
      {"plain text, which a foreign page may send", "text/plain", "a=1", {}, 415},
      {"multipart", "multipart/form-data; boundary=x", "", {}, 415},
      {"a type that only begins alike", "application/x-www-form-urlencoded2", "a=1", {}, 415},
      {"a field twice", kForm, "a=1&a=2", {}, 400},
      {"a stray percent sign", kForm, "a=%zz", {}, 400},
      {"a body that does not come", kForm, "", net::BodyError::timed_out, 408},
      {"a body that breaks off", kForm, "", net::BodyError::broken, 400},
  };
  for (const Row& row : rows) {
    MadeRequest request(net::Method::post, "/sign-in");
    if (row.content_type != nullptr) request.add_header("Content-Type", row.content_type);
    request.set_body(row.body, row.error);
    const auto form = block_on(read_posted_form(request.get(), renderer()));
    EXPECT_EQ(form ? 0 : form.error().status, row.status) << row.sentence;
  }
}

TEST(PostedForm, AForeignFormIsToldWhatToDo) {
  const net::Response response = refuse_foreign_form(renderer());
  EXPECT_EQ(response.status, 403);
  EXPECT_NE(response.body.find("Allow cookies"), std::string::npos);
}

}  // namespace
}  // namespace chatelaine::pages
