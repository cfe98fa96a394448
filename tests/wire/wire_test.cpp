// Replays tests/wire/**/*.http against the provider of provider/testing/world.hpp, each file in a world of its own.
// CHATELAINE_UPDATE_WIRE=1 writes what came in place of what was expected: the diff is the review.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <regex>

#include "base/block_on.hpp"
#include "crypto/jws.hpp"
#include "provider/testing/world.hpp"
#include "transcript.hpp"

namespace chatelaine::wire {
namespace {

using provider::testing::TestResponse;
using provider::testing::World;

constexpr const char* kFolder = "tests/wire";

/// What has happened in a file so far.
struct Past {
  std::vector<TestResponse> answers;
  /// Ada's cookie, from the first time that a request names it.
  std::string session;
  /// What the client signer last signed.
  std::string assertion;
};

/// Fills in what a transcript cannot know: `{{session}}`, `{{assertion}}` (a fresh one of the client signer),
/// `{{same_assertion}}` (that one again), and `{{name}}` or `{{name@N}}` for what the last answer, or the N-th, gave: a
/// JSON member, a parameter of Location or a form field.
std::string fill_in(World& world, const std::string& text, Past& past) {
  static const std::regex kPlaceholder(R"(\{\{(\w+)(?:@(\d+))?\}\})");
  const auto value_in = [](const TestResponse& answer, const std::string& name) {
    for (const auto& value : {answer.member(name), answer.location_parameter(name), answer.form_field(name)}) {
      if (!value.empty()) return value;
    }
    return std::string();
  };
  std::string out;
  auto rest = text.cbegin();
  for (std::sregex_iterator at(text.begin(), text.end(), kPlaceholder), end; at != end; ++at) {
    const auto& match = *at;
    out.append(rest, match[0].first);
    rest = match[0].second;
    const std::string name = match[1];
    std::string value;
    if (name == "session") {
      if (past.session.empty()) past.session = world.sign_in();
      value = past.session;
    }
    if (name == "assertion") {
      past.assertion = provider::testing::sign_assertion(provider::testing::make_assertion_claims(world, "signer"));
    }
    if (name == "assertion" || name == "same_assertion") value = past.assertion;
    if (match[2].matched) value = value_in(past.answers.at(std::stoul(match[2]) - 1), name);
    for (auto answer = past.answers.rbegin(); answer != past.answers.rend() && value.empty(); ++answer) {
      value = value_in(*answer, name);
    }
    if (value.empty()) throw std::runtime_error("nothing gave " + name);
    out += value;
  }
  return out.append(rest, text.cend());
}

/// Each signature is verified. ECDSA's are random, so that an ID token's claims are as well: they hold a hash of the
/// access token, whose signature is part of it. Of an ID token its claims are shown, without that hash.
std::string mask_jwt(World& world, const std::string& jwt) {
  const auto keys = block_on(world.keys().current());
  if (crypto::verify_compact(jwt, "at+jwt", keys->verification_keys))
    return jwt.substr(0, jwt.rfind('.')) + ".SIGNATURE";
  EXPECT_TRUE(crypto::verify_compact(jwt, "JWT", keys->verification_keys)) << "a signature is wrong";
  static const std::regex kHash(R"("at_hash":"[\w-]{22}")");
  const auto claims = std::regex_replace(provider::testing::jwt_claims(jwt), kHash, R"("at_hash":"HASH")");
  return jwt.substr(0, jwt.find('.')) + "." + claims + ".SIGNATURE";
}

std::string mask_signatures(World& world, const std::string& text) {
  static const std::regex kJwt(R"(eyJ[\w-]+\.[\w-]+\.[\w-]+)");
  std::string masked;
  auto from = text.begin();
  for (std::sregex_iterator at(text.begin(), text.end(), kJwt), end; at != end; ++at) {
    masked.append(from, text.begin() + at->position()).append(mask_jwt(world, at->str()));
    from = text.begin() + at->position() + at->length();
  }
  return masked.append(from, text.end());
}

std::string wrap(const std::string& words) {
  std::string out;
  std::size_t column = 0;
  std::istringstream stream(words);
  for (std::string word; stream >> word;) {
    const bool fits = column + word.size() < 100;
    if (column > 0) out += fits ? " " : "\n";
    column = fits ? column + word.size() + 1 : word.size() + 1;
    out += word;
  }
  return out;
}

/// A page is its words and what says where its forms may lead: how it looks, and what every page's header holds, is
/// tested elsewhere.
bool is_shown_of_page(std::string_view header) {
  return header == "Content-Type" || header == "Content-Security-Policy" || header == "Location";
}

std::string show(World& world, const TestResponse& answer) {
  const bool is_page = answer.header("Content-Type").value_or("").starts_with("text/html");
  std::string out = std::to_string(answer.status) + "\n";
  for (const auto& [name, value] : answer.headers) {
    if (!is_page || is_shown_of_page(name)) out.append(name).append(": ").append(value).append("\n");
  }
  auto body = is_page ? wrap(provider::testing::visible_text(answer.body)) : mask_signatures(world, answer.body);
  if (!body.empty() && !body.ends_with('\n')) body += '\n';
  return body.empty() ? out : out + "\n" + body;
}

std::vector<std::string> find_transcripts() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kFolder)) {
    if (entry.path().extension() == ".http") files.push_back(entry.path().lexically_relative(kFolder).string());
  }
  std::ranges::sort(files);
  return files;
}

class Wire : public ::testing::TestWithParam<std::string> {};

TEST_P(Wire, Replays) {
  const auto file = std::filesystem::path(kFolder) / GetParam();
  auto exchanges = read_transcript(file);
  World world;
  Past past;
  for (auto& exchange : exchanges) {
    world.move_clock(std::chrono::seconds{exchange.wait_seconds});
    const auto request = provider::testing::parse_request(fill_in(world, exchange.request, past));
    past.answers.push_back(world.send(request));
    const auto shown = show(world, past.answers.back());
    if (std::getenv("CHATELAINE_UPDATE_WIRE") == nullptr) {
      EXPECT_EQ(shown, exchange.expected) << "exchange " << past.answers.size();
    }
    exchange.expected = shown;
  }
  if (std::getenv("CHATELAINE_UPDATE_WIRE") != nullptr) write_transcript(file, exchanges);
}

INSTANTIATE_TEST_SUITE_P(Transcripts, Wire, ::testing::ValuesIn(find_transcripts()), [](const auto& row) {
  std::string name = row.param;
  std::ranges::replace_if(name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
});

}  // namespace
}  // namespace chatelaine::wire
