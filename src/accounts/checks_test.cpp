#include <gtest/gtest.h>

#include "accounts/accounts.hpp"

namespace chatelaine::accounts {
namespace {

TEST(Checks, PasswordsThatAPersonChooses) {
  struct Row {
    const char* sentence;
    std::string text;
    bool is_good;
  };
  const Row rows[] = {
      {"NIST SP 800-63B §5.1.1.2: eight are enough, whatever they are", "aaaaaaaa", true},
      {"blanks inside", "a  b  c  d", true},
      {"other scripts", "парольки", true},
      {"four-byte characters", "🔑🔑🔑🔑🔑🔑🔑🔑", true},
      {"exactly 1024 bytes", std::string(1024, 'x'), true},
      {"nothing", "", false},
      {"seven characters", "1234567", false},
      {"NIST SP 800-63B §5.1.1.2: a code point is one character: seven in fourteen bytes", "пароль1", false},
      {"seven in twenty-eight bytes", "🔑🔑🔑🔑🔑🔑🔑", false},
      {"1025 bytes", std::string(1025, 'x'), false},
      {"only white space", " \t \t \t \t \t", false},
      {"RFC 3629 §3: an overlong form", "aaaaaaa\xC0\xAF", false},
      {"RFC 3629 §3: a surrogate", "aaaaaaa\xED\xA0\x80", false},
      {"RFC 3629 §3: above U+10FFFF", "aaaaaaa\xF4\x90\x80\x80", false},
      {"a sequence that breaks off", "aaaaaaaa\xE2\x82", false},
      {"a continuation without a start", "aaaaaaaa\x80", false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(check_new_password(crypto::Password(row.text)).has_value(), row.is_good) << row.sentence;
  }
}

TEST(Checks, EMailAddresses) {
  struct Row {
    const char* sentence;
    std::string email;
    bool is_good;
  };
  const Row rows[] = {
      {"plain", "ada@example.com", true},
      {"a host of one label", "ada@localhost", true},
      {"a tag", "ada+todo@example.com", true},
      {"an international name", "ädä@exämple.com", true},
      {"254 bytes", std::string(250, 'a') + "@b.c", true},
      {"255 bytes", std::string(251, 'a') + "@b.c", false},
      {"nothing", "", false},
      {"no @", "ada.example.com", false},
      {"two @", "ada@home@example.com", false},
      {"nothing before it", "@example.com", false},
      {"nothing after it", "ada@", false},
      {"a blank", "ada lovelace@example.com", false},
      {"a line break", "ada@example.com\nBcc: eve@example.com", false},
      {"a NUL", std::string("ada\0@example.com", 16), false},
      {"a DEL", "ada\x7f@example.com", false},
      {"no UTF-8", "ad\xFF@example.com", false},
  };
  for (const Row& row : rows) EXPECT_EQ(check_email(row.email).has_value(), row.is_good) << row.sentence;
}

TEST(Subject, IsPrintableAsciiWithinBounds) {
  EXPECT_TRUE(is_subject("a"));
  EXPECT_TRUE(is_subject("Ada Lovelace / 7"));
  EXPECT_TRUE(is_subject(std::string(255, 's'))) << "OpenID Connect Core §2";
  for (const std::string& text : {std::string(), std::string(256, 's'), std::string(" a"), std::string("a "),
                                  std::string("a\nb"), std::string("ä"), std::string("\0", 1)}) {
    EXPECT_FALSE(is_subject(text)) << text;
  }
}

}  // namespace
}  // namespace chatelaine::accounts
