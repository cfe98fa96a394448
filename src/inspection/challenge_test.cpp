#include "inspection/challenge.hpp"

#include <gtest/gtest.h>

namespace chatelaine::inspection {
namespace {

std::string write(const std::vector<Challenge>& challenges) {
  std::string text;
  for (const Challenge& challenge : challenges) {
    text += '[' + challenge.scheme;
    for (const auto& [name, value] : challenge.parameters) text += ' ' + name + '=' + value;
    text += ']';
  }
  return text;
}

TEST(Challenges, are_read_as_servers_write_them) {
  struct Row {
    std::string_view sentence;
    std::string_view header;
    std::string_view read;
  };
  const Row rows[] = {
      {"RFC 6750 §3: a Bearer challenge", R"(Bearer realm="a", error="invalid_token")",
       "[bearer error=invalid_token realm=a]"},
      {"RFC 9110 §11.6.1: several challenges in one header",
       R"(Newauth realm="apps", type=1, title="Say \"hi\"", Basic realm="simple")",
       R"([newauth realm=apps title=Say "hi" type=1][basic realm=simple])"},
      {"RFC 9110 §11.2: a token68 is no parameter", "Negotiate abc/+==, Bearer realm=x", "[negotiate][bearer realm=x]"},
      {"a scheme alone", "Bearer", "[bearer]"},
      {"schemes without anything", "NTLM, Bearer", "[ntlm][bearer]"},
      {"blanks around the equals sign, and empty elements", "Bearer ,, realm = \"a\" ,", "[bearer realm=a]"},
      {"a name in another case, and twice", "bEARER Realm=a, realm=b", "[bearer realm=a]"},
      {"a URL in quotes with commas", R"(Bearer resource_metadata="https://a/b?c=d,e=f")",
       "[bearer resource_metadata=https://a/b?c=d,e=f]"},
      {"nothing", "", ""},
      {"a parameter without a scheme", "=x", ""},
      {"quotes that stay open", "Bearer realm=\"a", "[bearer]"},
      {"a backslash at the end", "Bearer realm=\"a\\", "[bearer]"},
      {"no value: it reads as a token68", "Bearer realm=, error=a", "[bearer error=a]"},
      {"what no header may hold", "Bearer \x01", "[bearer]"},
  };
  for (const Row& row : rows) EXPECT_EQ(write(parse_challenges(row.header)), row.read) << row.sentence;
}

}  // namespace
}  // namespace chatelaine::inspection
