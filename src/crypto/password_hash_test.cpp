#include "crypto/password_hash.hpp"

#include <gtest/gtest.h>

#include <ctime>

#include "base/base64url.hpp"

namespace chatelaine::crypto {
namespace {

/// Bytes in hexadecimal as PHC's unpadded base64.
std::string phc(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  std::string text = base64_encode(bytes);
  text.erase(std::min(text.find('='), text.size()));
  return text;
}

struct KnownRow {
  std::string_view sentence;
  std::string password;
  std::string hash;
};
class KnownHashes : public testing::TestWithParam<KnownRow> {};
TEST_P(KnownHashes, TakeTheirPasswordAndNoOther) {
  const auto& [sentence, password, hash] = GetParam();
  const auto checked = check_hash_format(hash);
  ASSERT_TRUE(checked) << sentence << ": " << checked.error();
  EXPECT_TRUE(is_password_of(Password(password), PasswordHash(hash))) << sentence;
  EXPECT_FALSE(is_password_of(Password('x' + password), PasswordHash(hash))) << sentence;
  EXPECT_FALSE(is_password_of(Password(""), PasswordHash(hash))) << sentence;
  EXPECT_TRUE(needs_rehash(PasswordHash(hash))) << sentence;
}
INSTANTIATE_TEST_SUITE_P(
    PublicVectors, KnownHashes,
    testing::Values(KnownRow{"Argon2 reference test: argon2id, 256 KiB, two passes, one lane", "password",
                             "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"},
                    KnownRow{"Argon2 reference test: argon2id, two lanes", "password",
                             "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"},
                    KnownRow{"Argon2 reference test: argon2i", "password",
                             "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8"},
                    KnownRow{"crypt_blowfish: $2a$", "U*U",
                             "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"},
                    KnownRow{"crypt_blowfish: 8-bit characters under $2y$", "\xa3",
                             "$2y$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"},
                    KnownRow{"crypt_blowfish: 8-bit characters under $2b$", "\xa3",
                             "$2b$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"},
                    KnownRow{"RFC 7914 §11: PBKDF2-HMAC-SHA-256, one round, and its first 32 bytes", "passwd",
                             "$pbkdf2-sha256$i=1,l=32$" + phc("73616c74") + "$" +
                                 phc("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc")},
                    KnownRow{"RFC 7914 §11: PBKDF2-HMAC-SHA-256, 80000 rounds, as passlib writes it", "Password",
                             "$pbkdf2-sha256$80000$" + phc("4e61436c") + "$" +
                                 phc("4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56")},
                    KnownRow{"Django: the salt is text and the hash padded base64", "passwd",
                             "pbkdf2_sha256$1$salt$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLw="},
                    KnownRow{"RFC 7914 §12: scrypt with N 1024, r 8, p 16", "password",
                             "$scrypt$ln=10,r=8,p=16$" + phc("4e61436c") + "$" +
                                 phc("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                                     "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")},
                    KnownRow{"RFC 7914 §12: scrypt with N 16384, r 8, p 1", "pleaseletmein",
                             "$scrypt$ln=14,r=8,p=1$" + phc("536f6469756d43686c6f72696465") + "$" +
                                 phc("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                                     "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")}));

TEST(PasswordHashTest, Pbkdf2WithSha512) {
  // The widely published vector for "password", "salt", one round, cut to 32 bytes.
  const PasswordHash hash("$pbkdf2-sha512$1$" + phc("73616c74") + "$" +
                          phc("867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252"));
  EXPECT_TRUE(is_password_of(Password("password"), hash));
  EXPECT_FALSE(is_password_of(Password("Password"), hash));
}

TEST(PasswordHashTest, WhatIsHashedTodayNeedsNoRehash) {
  const PasswordHash hash = hash_password(Password("correct horse"));
  EXPECT_TRUE(hash.value().starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash.value();
  EXPECT_TRUE(is_password_of(Password("correct horse"), hash));
  EXPECT_FALSE(is_password_of(Password("correct horsf"), hash));
  EXPECT_FALSE(is_password_of(Password(std::string("correct horse\0", 14)), hash));
  EXPECT_FALSE(needs_rehash(hash));
  EXPECT_TRUE(check_hash_format(hash.value()));
  EXPECT_NE(hash_password(Password("correct horse")), hash) << "the salt is fresh";
}

/// The CPU time that this thread spends, which other load on the machine does not lengthen.
template <class Work>
long spent_nanoseconds(const Work& work) {
  const auto now = [] {
    timespec time{};
    EXPECT_EQ(::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time), 0);
    return time.tv_sec * 1'000'000'000L + time.tv_nsec;
  };
  const long before = now();
  work();
  return now() - before;
}

TEST(PasswordHashTest, NobodysHashCostsWhatAWrongPasswordCosts) {
  const PasswordHash hash = hash_password(Password("correct horse"));
  const Password wrong("correct horsf");
  spend_password_check(wrong);
  const long wrong_password = spent_nanoseconds([&] { EXPECT_FALSE(is_password_of(wrong, hash)); });
  const long unknown_user = spent_nanoseconds([&] { spend_password_check(wrong); });
  EXPECT_GT(unknown_user, wrong_password / 2);
  EXPECT_LT(unknown_user, wrong_password * 2);
}

TEST(PasswordHashTest, BcryptDoesNotStopAtANul) {
  EXPECT_FALSE(is_password_of(Password(std::string("U*U\0more", 8)),
                              PasswordHash("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")));
}

struct BadRow {
  std::string_view sentence;
  std::string hash;
};
class BadHashes : public testing::TestWithParam<BadRow> {};
TEST_P(BadHashes, AreRefusedWithoutBeingQuoted) {
  const auto checked = check_hash_format(GetParam().hash);
  ASSERT_FALSE(checked) << GetParam().sentence;
  EXPECT_TRUE(GetParam().hash.empty() || checked.error().find(GetParam().hash) == std::string::npos) << checked.error();
  EXPECT_FALSE(is_password_of(Password("password"), PasswordHash(GetParam().hash))) << GetParam().sentence;
}
const std::string kSalt = "c29tZXNhbHQ";
const std::string kOutput = "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
INSTANTIATE_TEST_SUITE_P(
    OperatorsFiles, BadHashes,
    testing::Values(
        BadRow{"nothing", ""}, BadRow{"a password in the clear", "hunter2"},
        BadRow{"an MD5 hash", "5f4dcc3b5aa765d61d8327deb882cf99"},
        BadRow{"crypt's SHA-512", "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO/O817G3uBnIFNjnQJu"},
        BadRow{"a kind alone", "$argon2id"}, BadRow{"Argon2d", "$argon2d$v=19$m=256,t=2,p=1$" + kSalt + "$" + kOutput},
        BadRow{"Argon2 of another version", "$argon2id$v=16$m=256,t=2,p=1$" + kSalt + "$" + kOutput},
        BadRow{"Argon2 without a version", "$argon2id$m=256,t=2,p=1$" + kSalt + "$" + kOutput},
        BadRow{"Argon2 with 1 GiB", "$argon2id$v=19$m=1048576,t=2,p=1$" + kSalt + "$" + kOutput},
        BadRow{"Argon2 with a number too large for 32 bits",
               "$argon2id$v=19$m=99999999999,t=2,p=1$" + kSalt + "$" + kOutput},
        BadRow{"Argon2 with endless passes", "$argon2id$v=19$m=256,t=4294967295,p=1$" + kSalt + "$" + kOutput},
        BadRow{"Argon2 without lanes", "$argon2id$v=19$m=256,t=2,p=0$" + kSalt + "$" + kOutput},
        BadRow{"Argon2 in another order", "$argon2id$v=19$t=2,m=256,p=1$" + kSalt + "$" + kOutput},
        BadRow{"Argon2 with leading zeros", "$argon2id$v=19$m=0256,t=2,p=1$" + kSalt + "$" + kOutput},
        BadRow{"Argon2 without a hash", "$argon2id$v=19$m=256,t=2,p=1$" + kSalt + "$"},
        BadRow{"Argon2 with a foreign character", "$argon2id$v=19$m=256,t=2,p=1$" + kSalt + "$" + kOutput + "!"},
        BadRow{"bcrypt of the flawed kind", "$2x$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"},
        BadRow{"bcrypt that would take a day", "$2b$31$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"},
        BadRow{"bcrypt cut short", "$2b$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3"},
        BadRow{"PBKDF2 with 11 million rounds", "$pbkdf2-sha256$11000000$" + kSalt + "$" + kOutput},
        BadRow{"PBKDF2 without rounds", "$pbkdf2-sha256$0$" + kSalt + "$" + kOutput},
        BadRow{"PBKDF2 with negative rounds", "$pbkdf2-sha256$-1$" + kSalt + "$" + kOutput},
        BadRow{"PBKDF2 with SHA-1", "$pbkdf2$1000$" + kSalt + "$" + kOutput},
        BadRow{"PBKDF2 with a hash too short to mean anything", "$pbkdf2-sha256$1000$" + kSalt + "$AAAA"},
        BadRow{"Django without a salt", "pbkdf2_sha256$1000$$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLw="},
        BadRow{"scrypt with 1 GiB", "$scrypt$ln=20,r=8,p=1$" + kSalt + "$" + kOutput},
        BadRow{"scrypt whose N overflows", "$scrypt$ln=64,r=8,p=1$" + kSalt + "$" + kOutput},
        BadRow{"scrypt with many lanes", "$scrypt$ln=14,r=8,p=1000$" + kSalt + "$" + kOutput},
        BadRow{"a line break", "$2b$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e\n"},
        BadRow{"a very long text", "$argon2id$v=19$m=256,t=2,p=1$" + kSalt + "$" + std::string(5000, 'A')}));

}  // namespace
}  // namespace chatelaine::crypto
