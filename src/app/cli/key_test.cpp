#include <gtest/gtest.h>
#include <sys/stat.h>

#include <iterator>

#include "app/cli/run_for_test.hpp"
#include "base/base64url.hpp"

namespace chatelaine::app {
namespace {

/// The keys as `key list` shows them.
json::array list_keys(const Workplace& place) {
  const Ran ran = place.run({"key", "list", "--json"});
  EXPECT_EQ(ran.code, ExitCode::done) << ran.err;
  return ran.json().as_array();
}

/// The kid of the one key of that algorithm (or purpose) and state; empty where there is not exactly one.
std::string find_kid(const Workplace& place, std::string_view kind, std::string_view state) {
  std::vector<std::string> found;
  const auto is = [](const json::value& value, std::string_view text) {
    return value.is_string() && value.get_string() == text;
  };
  for (const auto& key : list_keys(place)) {
    const bool is_of_kind = is(key.at("purpose"), kind) || is(key.at("algorithm"), kind);
    if (is_of_kind && is(key.at("state"), state)) found.emplace_back(key.at("kid").as_string());
  }
  return found.size() == 1 ? found.front() : "";
}

TEST(Keys, RotateAndRetireWithoutLeavingTheServerKeyless) {
  const Workplace place;
  place.write(kProviderFile);
  const std::string kid = find_kid(place, "ES256", "in use");
  const Ran refused = place.run({"key", "retire", kid});
  EXPECT_EQ(refused.code, ExitCode::failed);
  EXPECT_NE(refused.err.find("makes the new tokens"), std::string::npos) << refused.err;
  const Ran rotated = place.run({"key", "rotate", "--now", "--json"});
  ASSERT_EQ(rotated.code, ExitCode::done) << rotated.err;
  EXPECT_EQ(place.run({"key", "retire", kid}).code, ExitCode::done);
  EXPECT_EQ(place.run({"key", "retire", kid}).code, ExitCode::failed);
  const std::string next(rotated.json().at("kid").as_string());
  EXPECT_EQ(place.run({"key", "retire", next, "--force"}).code, ExitCode::done);
  std::size_t in_use = 0;
  const json::value keys = place.run({"key", "list", "--json"}).json();
  for (const auto& key : keys.as_array()) in_use += key.at("state").as_string() == "in use" ? 1 : 0;
  EXPECT_EQ(in_use, 3U);
  EXPECT_EQ(place.run({"key", "rotate", "--purpose", "x"}).code, ExitCode::wrong_usage);
}

TEST(Keys, OneThatMadeRefreshTokensIsKeptWhileTheyMayBeInUse) {
  const Workplace place;
  place.write(kProviderFile);
  ASSERT_EQ(place.run({"key", "list"}).code, ExitCode::done);
  const auto rotate = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"key", "rotate", "--purpose", "refresh_tokens"});
    return place.run(more).code;
  };
  ASSERT_EQ(rotate({}), ExitCode::done);
  EXPECT_NE(place.run({"key", "retire", "1"}).err.find("makes the new tokens"), std::string::npos)
      << "the new one is not active yet";
  EXPECT_EQ(place.run({"key", "retire", "2"}).code, ExitCode::done) << "it has made nothing";
  ASSERT_EQ(rotate({"--now"}), ExitCode::done);
  const Ran refused = place.run({"key", "retire", "1"});
  EXPECT_EQ(refused.code, ExitCode::failed);
  EXPECT_NE(refused.err.find("refresh tokens that 1 made may be in use until"), std::string::npos) << refused.err;
  EXPECT_EQ(place.run({"key", "retire", "1", "--force"}).code, ExitCode::done);
}

TEST(Keys, AreKnownBeforeTheyMakeTokens) {
  const Workplace place;
  place.write(kProviderFile);
  for (const char* purpose : {"sign_tokens", "refresh_tokens"}) {
    const Ran ran = place.run({"key", "rotate", "--purpose", purpose, "--json"});
    ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
    const std::string kid(ran.json().at("kid").as_string());
    const json::value listed = place.run({"key", "list", "--json"}).json();
    for (const auto& key : listed.as_array()) {
      if (key.at("kid").as_string() == kid) {
        EXPECT_EQ(key.at("state").as_string(), "published") << purpose;
      }
    }
  }
}

TEST(Keys, AreFoundByAKidThatBeginsWithADash) {
  const Workplace place;
  place.write(kProviderFile);
  for (const std::string& kid : {"-" + std::string(42, 'A'), "--" + std::string(41, 'A')}) {
    const Ran ran = place.run({"key", "retire", kid});
    EXPECT_EQ(ran.code, ExitCode::failed);
    EXPECT_EQ(ran.err, "chatelaine: there is no key " + kid + "\n");
  }
  EXPECT_EQ(place.run({"key", "retire", "--" + std::string(40, 'A')}).code, ExitCode::wrong_usage);
}

TEST(Keys, AreOfTheConfiguredAlgorithms) {
  const Workplace place;
  place.write(std::string(kProviderFile) + "[keys]\nalgorithms = [\"EdDSA\", \"PS256\"]\n");
  ASSERT_EQ(list_keys(place).size(), 4U);
  for (const char* algorithm : {"ES256", "PS256", "EdDSA"}) EXPECT_NE(find_kid(place, algorithm, "in use"), "");
  const Ran rotated = place.run({"key", "rotate", "--algorithm", "EdDSA", "--json"});
  ASSERT_EQ(rotated.code, ExitCode::done) << rotated.err;
  EXPECT_EQ(rotated.json().at("algorithm"), "EdDSA");
  EXPECT_EQ(find_kid(place, "EdDSA", "published"), rotated.json().at("kid").as_string());
  const Ran unknown = place.run({"key", "rotate", "--algorithm", "RS256"});
  EXPECT_EQ(unknown.code, ExitCode::wrong_usage);
  EXPECT_NE(unknown.err.find("there are no keys for RS256: put \"RS256\" into [keys] algorithms"), std::string::npos)
      << unknown.err;
  EXPECT_EQ(place.run({"key", "rotate", "--algorithm", "none"}).code, ExitCode::wrong_usage);
  EXPECT_EQ(place.run({"key", "rotate", "--algorithm", "EdDSA", "--purpose", "refresh_tokens"}).code,
            ExitCode::wrong_usage);
}

/// THREATS N51: an emergency of one algorithm leaves the keys of the others alone.
TEST(Keys, ForcedRetirementOfAnAlgorithmsOnlyKeyMakesAnotherThatSignsAtOnce) {
  const Workplace place;
  place.write(kProviderFile);
  const std::string es256 = find_kid(place, "ES256", "in use");
  const std::string leaked = find_kid(place, "RS256", "in use");
  EXPECT_EQ(place.run({"key", "retire", leaked}).code, ExitCode::failed);
  // A successor that is only published is no use now.
  ASSERT_EQ(place.run({"key", "rotate", "--algorithm", "RS256"}).code, ExitCode::done);
  EXPECT_EQ(place.run({"key", "retire", leaked}).code, ExitCode::failed);
  ASSERT_EQ(place.run({"key", "retire", leaked, "--force"}).code, ExitCode::done);
  EXPECT_EQ(find_kid(place, "RS256", "retired"), leaked);
  EXPECT_NE(find_kid(place, "RS256", "in use"), "");
  EXPECT_NE(find_kid(place, "RS256", "published"), "");
  EXPECT_EQ(find_kid(place, "ES256", "in use"), es256);
}

TEST(Keys, OfAnAlgorithmThatWasSwitchedOffNeedNoSuccessor) {
  const Workplace place;
  place.write(kProviderFile);
  const std::string rsa = find_kid(place, "RS256", "in use");
  place.write(std::string(kProviderFile) + "[keys]\nalgorithms = [\"ES256\"]\n");
  EXPECT_EQ(place.run({"key", "retire", rsa}).code, ExitCode::done);
  EXPECT_EQ(find_kid(place, "RS256", "in use"), "");
}

/// RFC 8037 §A.1, as a file that nobody else may read.
constexpr std::string_view kPrivateJwk =
    R"({"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",)"
    R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";

class ImportedKeys : public testing::Test {
 protected:
  ImportedKeys() { place_.write(std::string(kProviderFile) + "[keys]\nalgorithms = [\"EdDSA\", \"RS256\"]\n"); }
  std::string write_key(std::string_view text, mode_t mode = 0600) {
    place_.write("signing.key", text);
    const std::string file = (place_.directory() / "signing.key").string();
    EXPECT_EQ(::chmod(file.c_str(), mode), 0);
    return file;
  }
  Workplace place_;
};

constexpr std::string_view kPrivateMember = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
/// The same key in PKCS #8: its second half is nothing but the secret.
constexpr std::string_view kPrivatePem =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";

/// Every way in which the key could be written down, and that none of them stands there.
void expect_nothing_of_the_key(std::string_view text, std::string_view where) {
  const std::string bytes = base64url_decode(kPrivateMember).value();
  for (const std::string_view secret :
       {kPrivateMember.substr(0, 8), std::string_view("REScVpezJpGXA7rAMcrn9g"), std::string_view(bytes)}) {
    EXPECT_EQ(text.find(secret), std::string_view::npos) << where;
  }
}

/// THREATS N47, N48.
TEST_F(ImportedKeys, AreWrittenNowhereAsTheyAre) {
  for (const std::string_view text : {kPrivateJwk, kPrivatePem}) {
    const Workplace place;
    place.write(std::string(kProviderFile) + "[keys]\nalgorithms = [\"EdDSA\"]\n");
    const Ran ran = place.run({"key", "import", write_key(text)});
    ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
    expect_nothing_of_the_key(ran.out + ran.err, "what the command said");
    bool is_there = false;
    for (const auto& entry : std::filesystem::directory_iterator(place.directory())) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(file), {}};
      expect_nothing_of_the_key(bytes, entry.path().string());
      is_there = is_there || bytes.find("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k") != std::string::npos;
    }
    EXPECT_TRUE(is_there) << "what is published of it";
  }
}

TEST_F(ImportedKeys, ArePublishedAndSealed) {
  const Ran ran = place_.run({"key", "import", write_key(kPrivateJwk), "--json"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  // RFC 8037 §A.3: the thumbprint.
  EXPECT_EQ(ran.json().at("kid"), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  EXPECT_EQ(ran.json().at("algorithm"), "EdDSA");
  EXPECT_EQ(find_kid(place_, "EdDSA", "published"), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  const Ran again = place_.run({"key", "import", write_key(kPrivateJwk)});
  EXPECT_EQ(again.code, ExitCode::failed);
  EXPECT_NE(again.err.find("is among the keys already"), std::string::npos) << again.err;
}

TEST_F(ImportedKeys, SignAtOnceWhereThatIsAskedFor) {
  ASSERT_EQ(place_.run({"key", "import", write_key(kPrivateJwk), "--now"}).code, ExitCode::done);
  EXPECT_EQ(find_kid(place_, "EdDSA", "in use"), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

TEST_F(ImportedKeys, AreRefusedWithASentenceThatShowsNothingOfThem) {
  struct Row {
    std::string_view sentence;
    std::string text;
    mode_t mode;
    std::vector<std::string> more;
    std::string_view error;
  };
  const std::string secret(kPrivateMember);
  const std::string jwk(kPrivateJwk);
  const Row rows[] = {
      {"others may read it", jwk, 0640, {}, "may be read by others than its owner; run: chmod 600 "},
      {"no key", secret, 0600, {}, "cannot be imported: the text is neither PEM nor JSON"},
      {"broken JSON", jwk.substr(0, jwk.size() - 1), 0600, {}, "cannot be imported: the text is neither PEM nor JSON"},
      {"another algorithm's type", jwk, 0600, {"--algorithm", "ES256"}, "cannot be imported: it is no P-256 key"},
      {"PEM of another type",
       std::string(kPrivatePem),
       0600,
       {"--algorithm", "ES256"},
       "cannot be imported: it is no P-256 key"},
      {"an algorithm without keys", jwk, 0600, {"--algorithm", "PS256"}, "there are no keys for PS256"},
      {"too large", std::string(64 * 1024 + 1, ' '), 0600, {}, "is larger than 65536 bytes"},
  };
  for (const auto& row : rows) {
    std::vector<std::string> words{"key", "import", write_key(row.text, row.mode)};
    words.insert(words.end(), row.more.begin(), row.more.end());
    const Ran ran = place_.run(words);
    EXPECT_NE(ran.code, ExitCode::done) << row.sentence;
    EXPECT_NE(ran.err.find(row.error), std::string::npos) << row.sentence << ": " << ran.err;
    expect_nothing_of_the_key(ran.err + ran.out, row.sentence);
  }
  EXPECT_NE(place_.run({"key", "import", "/nowhere.pem"}).err.find("/nowhere.pem cannot be read: No such file"),
            std::string::npos);
}

}  // namespace
}  // namespace chatelaine::app
