#include "app/cli/client_for_test.hpp"
#include "app/profiles/profile_for_test.hpp"

namespace chatelaine::app {
namespace {

struct Added {
  json::object answer;
  json::value shown;
  std::string err;
};

Added add(const Workplace& place, std::vector<std::string> options) {
  std::vector<std::string> words{"client", "add", "Todo Helper", "--json"};
  words.insert(words.end(), options.begin(), options.end());
  const Ran ran = place.run(words);
  EXPECT_EQ(ran.code, ExitCode::done) << ran.err;
  if (ran.code != ExitCode::done) return {};
  const json::object answer = ran.json().as_object();
  const std::string id(answer.at("client_id").as_string());
  return {answer, place.run({"client", "show", id, "--json"}).json(), ran.err};
}

std::string redirect_uris(const Added& added) { return json::serialize(added.shown.at("redirect_uris")); }

/// What each profile makes of a client of which nothing else is said.
TEST(ClientAddForAnAssistant, GivesWhatTheAssistantUses) {
  struct Row {
    std::string_view profile;
    std::string_view methods;
    std::string_view pkce;
    std::string_view redirect_uris;
  };
  constexpr std::string_view kSecrets = R"(["client_secret_post","client_secret_basic"])";
  const Row rows[] = {
      {"chatgpt-plugin", kSecrets, "optional", "[]"},
      {"gpt-action", kSecrets, "optional", "[]"},
      {"chatgpt-app", kSecrets, "required", R"(["https://chatgpt.com/connector_platform_oauth_redirect"])"},
      {"claude", R"(["client_secret_post"])", "required",
       R"(["https://claude.ai/api/mcp/auth_callback","https://claude.com/api/mcp/auth_callback"])"},
      {"claude-code", R"(["none"])", "required", R"(["http://127.0.0.1/callback"])"},
      {"cursor", R"(["none"])", "required",
       R"(["http://localhost:8787/callback","http://127.0.0.1:8787/callback",)"
       R"("https://www.cursor.com/agents/mcp/oauth/callback","https://www.cursor.com/bot/mcp/oauth/callback"])"},
      {"vscode", R"(["none"])", "required",
       R"(["http://127.0.0.1/","https://vscode.dev/redirect","https://insiders.vscode.dev/redirect"])"},
      {"coze", R"(["client_secret_basic","client_secret_post"])", "optional", "[]"},
  };
  const Workplace place;
  place.write(kProviderFile);
  for (const Row& row : rows) {
    const Added added = add(place, {"--assistant", std::string(row.profile)});
    ASSERT_FALSE(added.answer.empty()) << row.profile;
    EXPECT_EQ(json::serialize(added.shown.at("auth_methods")), row.methods) << row.profile;
    EXPECT_EQ(json::serialize(added.shown.at("grants")), R"(["authorization_code","refresh_token"])") << row.profile;
    EXPECT_EQ(added.shown.at("pkce"), json::value(row.pkce)) << row.profile;
    EXPECT_EQ(redirect_uris(added), row.redirect_uris) << row.profile;
    EXPECT_EQ(added.answer.contains("client_secret"), row.methods != R"(["none"])") << row.profile;
    EXPECT_EQ(added.answer.at("assistant"), json::value(row.profile));
    EXPECT_EQ(added.answer.at("redirect_uris"), added.shown.at("redirect_uris")) << row.profile;
    // RFC 9700 §2.1.1: what lets PKCE be left out has a secret, and is listed as a weakness.
    EXPECT_EQ(added.err.find("Weakness: PKCE is optional") != std::string::npos, row.pkce == "optional") << row.profile;
  }
}

TEST(ClientAddForAnAssistant, RegistersEveryHostOfOneId) {
  const Workplace place;
  place.write(kProviderFile);
  constexpr std::string_view kBoth =
      R"(["https://chat.openai.com/aip/g-7f/oauth/callback","https://chatgpt.com/aip/g-7f/oauth/callback"])";
  EXPECT_EQ(redirect_uris(add(place, {"--assistant", "chatgpt-action", "--redirect-id", "7f"})), kBoth);
  EXPECT_EQ(redirect_uris(add(
                place, {"--assistant", "gpt-action", "--redirect-uri", "https://chatgpt.com/aip/g-7f/oauth/callback"})),
            kBoth);
  EXPECT_EQ(redirect_uris(add(place, {"--assistant", "coze", "--redirect-id", "bots.example.com:8443"})),
            R"(["https://bots.example.com:8443/api/oauth/authorization_code"])");
}

/// A plugin's redirect URI is known only after its installation.
TEST(ClientAddForAnAssistant, SaysWhatToDoOnceTheIdIsKnown) {
  const Workplace place;
  place.write(kProviderFile);
  const Ran ran = place.run({"client", "add", "Todo", "--assistant", "chatgpt-plugin"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  const std::size_t begin = std::string("client_id      ").size();
  const std::string id = ran.out.substr(begin, ran.out.find('\n') - begin);
  const std::string command = "chatelaine client update " + id + " --assistant chatgpt-plugin --redirect-id ID";
  EXPECT_NE(ran.out.find("assistant      chatgpt-plugin (ChatGPT plugin)\n"
                         "Not registered yet: https://chat.openai.com/aip/plugin-{id}/oauth/callback. Once the id is "
                         "known: " +
                         command),
            std::string::npos)
      << ran.out;
  EXPECT_EQ(ran.err.find("no redirect URI yet"), std::string::npos) << ran.err;

  const Ran updated =
      place.run({"client", "update", id, "--assistant", "chatgpt-plugin", "--redirect-id", "1-2", "--json"});
  ASSERT_EQ(updated.code, ExitCode::done) << updated.err;
  const json::object answer = updated.json().as_object();
  EXPECT_EQ(json::serialize(answer.at("redirect_uris")),
            R"(["https://chat.openai.com/aip/plugin-1-2/oauth/callback"])");
  EXPECT_TRUE(answer.at("advice").as_array().empty());
  EXPECT_FALSE(answer.contains("client_secret")) << "it has one";
}

TEST(ClientAddForAnAssistant, SaysThatTheAssistantWouldRegisterItself) {
  const auto advice_under = [](std::string_view more, const std::string& profile) {
    const Workplace place;
    place.write(std::string(kProviderFile) + std::string(more));
    return json::serialize(add(place, {"--assistant", profile}).answer.at("advice"));
  };
  constexpr std::string_view kOnly =
      ": it needs this client only where its credentials are typed in at the assistant.\"]";
  EXPECT_EQ(
      advice_under("", "claude"),
      "[\"Claude would register itself here, by its metadata document or by dynamic registration" + std::string(kOnly));
  EXPECT_EQ(advice_under("[registration]\nmode = \"token\"\n", "claude"),
            "[\"Claude would register itself here, by its metadata document" + std::string(kOnly));
  EXPECT_EQ(advice_under("[client_id_metadata_documents]\nallowed_hosts = [\"chatgpt.com\"]\n", "claude"),
            "[\"Claude would register itself here, by dynamic registration" + std::string(kOnly));
  EXPECT_EQ(advice_under("[flows]\nclient_id_metadata_documents = false\n[registration]\nmode = \"off\"\n", "claude"),
            "[\"Claude would register itself, which this configuration does not let it: type the credentials in at the "
            "assistant.\"]");
  EXPECT_EQ(advice_under("", "coze").find("register itself"), std::string::npos);
}

constexpr std::string_view kWeakExchange =
    "redirect_uri may be left out of the token request: nothing there shows where the code was sent";
constexpr std::string_view kRefusedExchange =
    "Its token request may do without redirect_uri only where it has a secret or a key and exactly one redirect URI. "
    "It "
    "has 2: until that changes, a sign-in fails whose token request leaves redirect_uri out.";

/// RFC 6749 §4.1.3: what the assistant leaves out is let be left out where that is safe enough, and never unsaid.
TEST(ClientAddForAnAssistant, LetsRedirectUriBeLeftOutAndSaysSo) {
  const Workplace place;
  place.write(kProviderFile);
  const Added coze = add(place, {"--assistant", "coze", "--redirect-id", "a.example"});
  EXPECT_EQ(coze.shown.at("exchange_redirect_uri"), "may_be_left_out");
  EXPECT_EQ(json::serialize(coze.answer.at("advice")), "[]");
  EXPECT_NE(coze.err.find("Weakness: " + std::string(kWeakExchange) + ".\n"), std::string::npos) << coze.err;
  EXPECT_EQ(coze.shown.at("weaknesses").as_array().at(1), json::value(kWeakExchange));
  EXPECT_NE(place.run({"client", "list"}).out.find(kWeakExchange), std::string::npos);
  const std::string id(coze.answer.at("client_id").as_string());
  const Ran shown = place.run({"client", "show", id});
  EXPECT_NE(shown.out.find("redirect_uri at exchange  may be left out"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find(kWeakExchange), std::string::npos) << shown.out;

  const Added action = add(place, {"--assistant", "gpt-action", "--redirect-id", "a.example"});
  EXPECT_EQ(action.shown.at("exchange_redirect_uri"), "repeated");
  const Ran other = place.run({"client", "show", std::string(action.answer.at("client_id").as_string())});
  EXPECT_EQ(other.out.find("redirect_uri at exchange"), std::string::npos) << other.out;
  const Added nobody = add(place, {"--redirect-uri", "https://a.example/api/oauth/authorization_code"});
  EXPECT_EQ(nobody.shown.at("exchange_redirect_uri"), "repeated") << "it is not said whose it is";
  const std::string its_id(nobody.answer.at("client_id").as_string());
  const Ran said = place.run({"client", "update", its_id, "--assistant", "coze"});
  EXPECT_NE(said.err.find(kWeakExchange), std::string::npos) << said.err;
  EXPECT_EQ(place.run({"client", "show", its_id, "--json"}).json().at("exchange_redirect_uri"), "may_be_left_out");
}

/// RFC 6749 §4.1.3: what is known to fail is said before a person meets it.
TEST(ClientAddForAnAssistant, SaysWhichExchangeThisServerWillRefuse) {
  const Workplace place;
  place.write(kProviderFile);
  const Added added = add(place, {"--assistant", "coze", "--redirect-id", "a.example", "--redirect-id", "b.example"});
  EXPECT_EQ(added.answer.at("advice"), json::value(json::array{kRefusedExchange}));
  EXPECT_EQ(added.err.find(kWeakExchange), std::string::npos) << "it cannot use what it may";
  const std::string id(added.answer.at("client_id").as_string());
  const auto update = [&](std::vector<std::string> options) {
    std::vector<std::string> words{"client", "update", id};
    words.insert(words.end(), options.begin(), options.end());
    const Ran ran = place.run(words);
    EXPECT_EQ(ran.code, ExitCode::done) << ran.err;
    return ran.err;
  };
  const auto has = [](const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; };
  const std::string one = update({"--redirect-uri", "https://a.example/cb"});
  EXPECT_TRUE(has(one, kWeakExchange) && !has(one, "Its token request")) << one;
  const std::string two = update({"--redirect-uri", "https://a.example/cb", "--redirect-uri", "https://b.example/cb"});
  EXPECT_TRUE(has(two, kRefusedExchange) && !has(two, kWeakExchange)) << two;
  const std::string bare =
      update({"--redirect-uri", "https://a.example/cb", "--auth-method", "none", "--pkce", "required"});
  EXPECT_TRUE(has(bare, "It is a public client: until that changes") && !has(bare, kWeakExchange)) << bare;
  const std::string other =
      update({"--assistant", "gpt-action", "--redirect-uri", "https://chatgpt.com/aip/g-7/oauth/callback"});
  EXPECT_FALSE(has(other, "redirect_uri")) << other;
  EXPECT_EQ(place.run({"client", "show", id, "--json"}).json().at("exchange_redirect_uri"), "repeated");
}

/// What is given goes before, where the two can go together.
TEST(ClientAddForAnAssistant, LetsWhatIsGivenGoBefore) {
  const Workplace place;
  place.write(kProviderFile);
  const Added added =
      add(place, {"--assistant", "chatgpt-app", "--auth-method", "none", "--grant", "authorization_code", "--scope",
                  "todo.read", "--redirect-uri", "https://chatgpt.com/connector/oauth/abc"});
  EXPECT_EQ(json::serialize(added.shown.at("auth_methods")), R"(["none"])");
  EXPECT_EQ(json::serialize(added.shown.at("grants")), R"(["authorization_code"])");
  EXPECT_EQ(added.shown.at("scope"), "todo.read");
  EXPECT_EQ(redirect_uris(added),
            R"(["https://chatgpt.com/connector_platform_oauth_redirect","https://chatgpt.com/connector/oauth/abc"])");
  const Added weak = add(place, {"--assistant", "claude", "--pkce", "optional"});
  EXPECT_EQ(weak.shown.at("pkce"), "optional");
}

TEST(ClientAddForAnAssistant, RefusesWhatCannotGoTogether) {
  constexpr std::string_view kTemplates =
      "--assistant gpt-action: A redirect URI of gpt-action is one of "
      "https://chat.openai.com/aip/g-{id}/oauth/callback, https://chatgpt.com/aip/g-{id}/oauth/callback; ";
  const RefusedClient rows[] = {
      {"a profile that there is not",
       {"--assistant", "gemini"},
       "there is no profile \"gemini\"; there are chatgpt-app"},
      {"THREATS §1: a URI of which only the beginning fits",
       {"--assistant", "gpt-action", "--redirect-uri", "https://chatgpt.com/aip/g-7/oauth/callback/../x"},
       kTemplates},
      {"another host",
       {"--assistant", "gpt-action", "--redirect-uri", "https://chatgpt.com.evil.example/aip/g-7/oauth/callback"},
       kTemplates},
      {"one that fits beside one that does not",
       {"--assistant", "gpt-action", "--redirect-uri", "https://chatgpt.com/aip/g-7/oauth/callback", "--redirect-uri",
        "https://a.example/cb"},
       "'https://a.example/cb' is not."},
      {"an id that is more than one", {"--assistant", "gpt-action", "--redirect-id", "7/x"}, "'7/x' can stand in none"},
      {"an id with what stands before it already",
       {"--assistant", "gpt-action", "--redirect-id", "g-7"},
       "'g-7' repeats the 'g-' that stands there already: type '7'."},
      {"an id for what has none", {"--assistant", "claude", "--redirect-id", "7"}, "'7' can stand in none of them."},
      {"RFC 9700 §2.1.1: without PKCE there is a secret",
       {"--assistant", "gpt-action", "--auth-method", "none"},
       "gpt-action authenticates by client_secret_post, client_secret_basic, not by none."},
      {"PKCE that cannot be done",
       {"--assistant", "chatgpt-plugin", "--pkce", "required"},
       "chatgpt-plugin cannot do PKCE, and so it cannot be required."},
      {"a grant that it does not use",
       {"--assistant", "claude", "--grant", "authorization_code,client_credentials"},
       "claude uses the grants authorization_code, refresh_token, not client_credentials."},
      {"a client that no browser comes to",
       {"--assistant", "claude", "--grant", "client_credentials"},
       "claude sends people here to sign in, and so needs the grant authorization_code."},
      {"a public client lets PKCE not be left out",
       {"--assistant", "claude-code", "--pkce", "optional"},
       "--pkce optional needs a client with a secret or a key"},
      {"keys that are missing",
       {"--assistant", "chatgpt-app", "--auth-method", "private_key_jwt"},
       "needs the client's public keys"},
  };
  expect_refused(rows);
}

TEST(ClientUpdateForAnAssistant, KeepsWhatFitsAndSaysWhatDoesNot) {
  const Workplace place;
  place.write(kProviderFile);
  const Added added = add(place, {"--redirect-uri", "https://chatgpt.com/aip/g-7/oauth/callback", "--auth-method",
                                  "client_secret_post", "--grant", "authorization_code"});
  const std::string id(added.answer.at("client_id").as_string());
  const auto update = [&](std::vector<std::string> options) {
    std::vector<std::string> words{"client", "update", id};
    words.insert(words.end(), options.begin(), options.end());
    return place.run(words);
  };
  EXPECT_NE(update({"--assistant", "claude"}).err.find("'https://chatgpt.com/aip/g-7/oauth/callback' is not."),
            std::string::npos);
  const Ran ran = update({"--assistant", "gpt-action"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  json::value shown = place.run({"client", "show", id, "--json"}).json();
  EXPECT_EQ(json::serialize(shown.at("redirect_uris")),
            R"(["https://chat.openai.com/aip/g-7/oauth/callback","https://chatgpt.com/aip/g-7/oauth/callback"])");
  EXPECT_EQ(json::serialize(shown.at("auth_methods")), R"(["client_secret_post","client_secret_basic"])");
  EXPECT_EQ(json::serialize(shown.at("grants")), R"(["authorization_code"])");
  EXPECT_EQ(shown.at("pkce"), "optional");
  // The id of a GPT changes when it is saved.
  ASSERT_EQ(update({"--assistant", "gpt-action", "--redirect-id", "8"}).code, ExitCode::done);
  shown = place.run({"client", "show", id, "--json"}).json();
  EXPECT_EQ(json::serialize(shown.at("redirect_uris")),
            R"(["https://chat.openai.com/aip/g-8/oauth/callback","https://chatgpt.com/aip/g-8/oauth/callback"])");
}

/// RFC 8252 §8.3: localhost is a name, whose port is not free for a client that was registered by hand.
TEST(ClientUpdateForAnAssistant, RegistersThePortOfLocalhost) {
  const Workplace place;
  place.write(kProviderFile);
  const Added added = add(place, {"--assistant", "claude-code"});
  const std::string id(added.answer.at("client_id").as_string());
  EXPECT_NE(json::serialize(added.answer.at("advice"))
                .find("Not registered yet: http://localhost:{port}/callback. Once the port is known: chatelaine client "
                      "update " +
                      id + " --assistant claude-code --redirect-id PORT"),
            std::string::npos)
      << json::serialize(added.answer.at("advice"));
  const Ran ran = place.run({"client", "update", id, "--assistant", "claude-code", "--redirect-id", "3118", "--json"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  EXPECT_EQ(json::serialize(ran.json().at("redirect_uris")),
            R"(["http://localhost:3118/callback","http://127.0.0.1/callback"])");
}

/// A secret that is in use somewhere does not go without a word.
TEST(ClientUpdateForAnAssistant, TakesNoSecretUnasked) {
  const Workplace place;
  place.write(kProviderFile);
  const std::string id(add(place, {}).answer.at("client_id").as_string());
  const auto methods = [&] {
    return json::serialize(place.run({"client", "show", id, "--json"}).json().at("auth_methods"));
  };
  const Ran ran = place.run({"client", "update", id, "--assistant", "claude-code", "--json"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  EXPECT_FALSE(ran.json().as_object().contains("client_secret")) << "it keeps the one that it has";
  EXPECT_EQ(methods(), R"(["client_secret_basic","client_secret_post"])");
  ASSERT_EQ(place.run({"client", "update", id, "--auth-method", "client_secret_basic"}).code, ExitCode::done);
  const Ran refused = place.run({"client", "update", id, "--assistant", "vscode", "--redirect-id", "33418"});
  EXPECT_EQ(refused.code, ExitCode::wrong_usage);
  EXPECT_NE(refused.err.find("would make it a public one"), std::string::npos) << refused.err;
  EXPECT_EQ(methods(), R"(["client_secret_basic"])");
  const Ran meant =
      place.run({"client", "update", id, "--assistant", "vscode", "--redirect-id", "33418", "--auth-method", "none"});
  EXPECT_EQ(meant.code, ExitCode::done) << meant.err;
  EXPECT_EQ(methods(), R"(["none"])");
}

/// The assistant chooses how to send its secret, by the server's metadata.
TEST(ClientAddForAnAssistant, TakesASecretByEveryWayInWhichItIsSent) {
  const Workplace place;
  place.write(kProviderFile);
  for (const std::string profile : {"claude-code", "cursor"})
    for (const std::string method : {"client_secret_post", "client_secret_basic"}) {
      const Added added = add(place, {"--assistant", profile, "--auth-method", method});
      EXPECT_EQ(added.shown.at("auth_methods").as_array().size(), 2U) << profile << ' ' << method;
    }
}

TEST(ClientUpdateForAnAssistant, TakesSeveralIdsAndReplacesWhatWasThere) {
  const Workplace place;
  place.write(kProviderFile);
  const std::string id(
      add(place, {"--assistant", "chatgpt-plugin", "--redirect-id", "1"}).answer.at("client_id").as_string());
  const Ran ran = place.run(
      {"client", "update", id, "--assistant", "chatgpt-plugin", "--redirect-id", "2", "--redirect-id", "3", "--json"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  EXPECT_EQ(json::serialize(ran.json().at("redirect_uris")),
            R"(["https://chat.openai.com/aip/plugin-2/oauth/callback",)"
            R"("https://chat.openai.com/aip/plugin-3/oauth/callback"])");
}

TEST(ClientAddForAnAssistant, TakesAProfileOfTheDirectory) {
  const Workplace place;
  place.write(std::string(kProviderFile) + "[profiles]\ndirectory = \"assistants\"\n");
  std::filesystem::create_directory(place.directory() / "assistants");
  const auto write_with = [&](std::string_view registration) {
    place.write("assistants/helper.toml", vary_profile("by_hand", registration));
  };
  write_with("by_hand");
  EXPECT_EQ(redirect_uris(add(place, {"--assistant", "helper"})), R"(["https://a.example/cb"])");
  std::string dynamic = vary_profile("by_hand", "dynamic");
  dynamic.replace(dynamic.find("action"), 6, "connector");
  dynamic.replace(dynamic.find("\"user_agent"), 0, "\"registration_request\", ");
  place.write("assistants/helper.toml", dynamic);
  EXPECT_NE(place.run({"client", "add", "X", "--assistant", "helper"}).err.find("It registers itself"),
            std::string::npos);
  write_with("magic");
  const Ran ran = place.run({"client", "add", "X", "--assistant", "helper"});
  EXPECT_EQ(ran.code, ExitCode::wrong_usage);
  EXPECT_NE(ran.err.find("helper.toml:4: registration: must hold "), std::string::npos) << ran.err;
  EXPECT_EQ(place.run({"client", "add", "X"}).code, ExitCode::done) << "who needs no profile reads none";
}

}  // namespace
}  // namespace chatelaine::app
