#include "base/host_kind.hpp"

#include <gtest/gtest.h>

#include "base/ascii.hpp"
#include "base/utf8.hpp"

namespace chatelaine {
namespace {

TEST(HostKind, IsKnownByTheSpellingAlone) {
  struct Row {
    HostKind kind;
    std::initializer_list<const char*> hosts;
  };
  const Row rows[] = {
      {HostKind::global,
       {"example.com", "a.b.example.com.", "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.128.0.0", "172.32.0.1",
        "192.0.1.1", "192.88.98.1", "198.20.0.1", "223.255.255.255", "2606:4700::1", "2a00:1450::1", "2001:200::1",
        "3ffe::1"}},
      {HostKind::loopback,
       {"localhost", "localhost.", "app.localhost", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}},
      {HostKind::private_network,
       {"0.0.0.0",     "10.1.2.3",      "100.64.0.1",      "100.127.0.1", "169.254.169.254",  "172.16.0.1",
        "172.31.0.1",  "192.0.0.8",     "192.0.2.1",       "192.88.99.1", "192.168.0.1",      "198.18.0.1",
        "198.19.9.9",  "198.51.100.1",  "203.0.113.1",     "224.0.0.1",   "255.255.255.255",  "::",
        "fe80::1",     "fc00::1",       "fd00::1",         "ff02::1",     "64:ff9b::101:101", "2001::1",
        "2001:1ff::1", "2001:db8::1",   "2002:101:101::1", "3fff::1",     "::ffff:10.0.0.1",  "::ffff:1.1.1.1",
        "intranet",    "printer.local", "db.internal",     "nas.lan",     "a.corp",           "a.intranet",
        "a.home.arpa", "2130706433",    "0x7f.1",          "127.1",       "0177.0.0.01"}},
  };
  for (const Row& row : rows) {
    for (const char* host : row.hosts) EXPECT_EQ(find_host_kind(host), row.kind) << host;
  }
}

TEST(Ascii, LettersAloneGetAnotherCase) { EXPECT_EQ(to_lower("A-Z\xc3\x84[@"), "a-z\xc3\x84[@"); }

TEST(Utf8, WhatIsNotWellFormedIsReplaced) {
  // RFC 3629 §4: overlong forms, surrogates, what lies above U+10FFFF, and pieces.
  EXPECT_EQ(make_valid_utf8("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"), "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
  for (const char* bad : {"\x80", "\xff", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    EXPECT_EQ(make_valid_utf8(std::string(bad) + "z").substr(0, 3), "\xef\xbf\xbd");
    EXPECT_TRUE(make_valid_utf8(std::string(bad) + "z").ends_with("z"));
  }
}

}  // namespace
}  // namespace chatelaine
