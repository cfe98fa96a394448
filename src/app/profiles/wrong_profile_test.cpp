#include "app/profiles/profile_file.hpp"

#include <gtest/gtest.h>

#include "app/profiles/profile_for_test.hpp"

namespace chatelaine::app {
namespace {

struct WrongRow {
  std::string_view name;
  /// Which line of the good file, and what stands there instead.
  std::size_t number;
  std::string_view line;
  /// Without the file and the line, which are the same in each.
  std::string_view fault;
};

TEST(WrongProfile, IsNamedWithFileLineKeyAndWhatWasExpected) {
  const WrongRow rows[] = {
      {"a title is a text", 1, "title = 7", "title: must be a text in quotes, not an integer"},
      {"a title says something", 1, "title = \"\"", "title: must not be empty"},
      {"a title has no line break", 1, "title = \"a\\nb\"", "title: must not hold control characters"},
      {"aliases are a list", 2, "aliases = \"help\"", "aliases: must be a list of names, not a text"},
      {"aliases are names", 2, "aliases = [\"Help me\"]",
       "aliases: must hold names of small letters, digits and \"-\", not \"Help me\""},
      {"an alias is another name", 2, "aliases = [\"helper\"]", "aliases: must be other names than the file's own"},
      {"a generation is one of three", 3, "generation = \"agent\"",
       "generation: must be \"plugin\", \"action\" or \"connector\", not \"agent\""},
      {"registration is a list", 4, "registration = \"dynamic\"",
       "registration: must be a list of `\"metadata_document\"`, `\"dynamic\"` and `\"by_hand\"`, not a text"},
      {"registration is in known ways", 4, "registration = [\"magic\"]",
       "registration: must hold \"metadata_document\", \"dynamic\" or \"by_hand\", not \"magic\""},
      {"each way once", 4, "registration = [\"metadata_document\", \"metadata_document\"]",
       "registration: must hold each once, and \"metadata_document\" is there already"},
      {"some way there is", 4, "registration = []", "registration: must not be empty"},
      {"a document is at a URL", 5, "metadata_document = \"http://helper.example/\"",
       "metadata_document: must be the URL of a document: The client_id must start with https://."},
      {"notes say something", 6, "notes = [\"\"]", "notes: must hold no empty text"},
      {"sources are texts", 7, "sources = [7]", "sources: must hold texts in quotes alone, not an integer"},
      {"a source has a URL", 7, "sources = [\"Hearsay\"]",
       "sources: must hold a title and a URL each, such as \"Manual, https://a.example/\", not \"Hearsay\""},
      {"there is a source", 7, "sources = []", "sources: must not be empty"},
      {"a date is TOML's", 8, "read_on = \"2026-11-27\"",
       "read_on: must be a date such as 2026-11-27, without quotes, not a text"},
      {"a date has no time", 8, "read_on = 2026-11-27T00:00:00Z",
       "read_on: must be a date such as 2026-11-27, without quotes, not a date or time"},
      {"a template is one", 13, "template = \"https://helper.example/*\"",
       "redirect.template: must be written as browsers write it, with a name for its host, or http and a loopback "
       "address, and a path of letters, digits, \"-\", \".\", \"_\" and \"~\", without query or fragment, not "
       "\"https://helper.example/*\""},
      {"an example is a text", 14, "example = true", "redirect.example: must be a URI in quotes, not true or false"},
      {"a note is a text", 15, "note = []", "redirect.note: must be a sentence in quotes, not a list"},
      {"PKCE is S256 or none", 17, "pkce = \"plain\"",
       "authorization.pkce: must be \"none\" or \"S256\", not \"plain\""},
      {"a user agent is a header", 9, "user_agent = \"Häuptling\"", "user_agent: must be in ASCII, as headers are"},
      {"a user agent says something", 9, "user_agent = \"\"", "user_agent: must not be empty"},
      {"it looks where one can", 10, "discovery = [\"webfinger\"]",
       "discovery: must hold \"plugin_manifest\", \"challenge\", \"resource_path\", \"resource_root\", "
       "\"server_path\", "
       "\"server_root\", \"openid_path\" or \"openid_appended\", not \"webfinger\""},
      {"a manifest is a plugin's", 10, "discovery = [\"plugin_manifest\"]",
       "discovery: must have \"plugin_manifest\" exactly where generation is \"plugin\""},
      {"what is unknown is a fact", 11, "unknown = [\"token.revokes\", \"token.user_agent\", \"authorization.pkce\"]",
       "unknown: must hold \"registration_request\", \"authorization.order\", \"token.order\", \"user_agent\", "
       "\"discovery\", \"authorization.state\", \"authorization.scopes\", \"authorization.empty_scope\", "
       "\"authorization.offline_access\", \"token.user_agent\", \"token.document_methods\", "
       "\"token.signing_algorithm\", "
       "\"token.client_id_with_basic\", "
       "\"token.refresh_parameters\", \"token.revocation_parameters\", \"token.timeout\", \"token.refresh_timeout\", "
       "\"token.refresh_on\", \"token.refresh_ahead\", \"token.concurrent_refresh\" or \"token.revokes\", not "
       "\"authorization.pkce\""},
      {"what is known is not unknown", 11, "unknown = [\"token.timeout\", \"token.revokes\", \"token.user_agent\"]",
       "unknown: must not name \"token.timeout\", which is there"},
      {"parameters are those that there are", 18, "parameters = [\"response_type\", \"nonce\"]",
       "authorization.parameters: must hold \"response_type\", \"client_id\", \"redirect_uri\", \"scope\", \"state\", "
       "\"code_challenge\", \"code_challenge_method\", \"prompt\" or \"resource\", not \"nonce\""},
      {"a request has what it needs", 18,
       "parameters = [\"response_type\", \"redirect_uri\", \"scope\", \"state\", \"code_challenge\", "
       "\"code_challenge_method\"]",
       "authorization.parameters: must have \"client_id\""},
      {"a challenge is sent", 18,
       "parameters = [\"response_type\", \"client_id\", \"redirect_uri\", \"scope\", \"state\", "
       "\"code_challenge_method\"]",
       "authorization.parameters: must have \"code_challenge\" where authorization.pkce is \"S256\""},
      {"a state that has a form is sent", 18,
       "parameters = [\"response_type\", \"client_id\", \"redirect_uri\", \"scope\", \"code_challenge\", "
       "\"code_challenge_method\"]",
       "authorization.parameters: must have \"state\", whose form authorization.state names"},
      {"a state has a form", 19, "state = \"yes\"",
       "authorization.state: must be \"none\", \"uuid\", \"hex\", \"base64\", \"base64url\" or \"uri\", not \"yes\""},
      {"scopes are from somewhere", 20, "scopes = []", "authorization.scopes: must not be empty"},
      {"and from where they can be", 20, "scopes = [\"user\"]",
       "authorization.scopes: must hold \"manifest\", \"settings\", \"challenge\", \"resource_metadata\" or "
       "\"server_metadata\", not \"user\""},
      {"so is an empty scope", 21, "empty_scope = 1.5",
       "authorization.empty_scope: must be true or false, not a decimal number"},
      {"so is offline_access", 22, "offline_access = \"yes\"",
       "authorization.offline_access: must be true or false, not a text"},
      {"a separator is none of a scope's letters", 23, "scope_separator = \"a\"",
       "authorization.scope_separator: must be \" \" or \",\", not \"a\""},
      {"a blank is written in one of two ways", 23, "blank = \" \"",
       "authorization.blank: must be \"%20\" or \"+\", not \" \""},
      {"a release is a date", 6, "discovery_version = \"latest\"",
       "discovery_version: must be a release such as \"2025-11-25\", not \"latest\""},
      {"a signature is one that we know", 35, "signing_algorithm = \"HS256\"",
       "token.signing_algorithm: must be \"ES256\", \"RS256\", \"PS256\" or \"EdDSA\", not \"HS256\""},
      {"encodings are JSON and form", 25, "encodings = [\"xml\"]",
       "token.encodings: must hold \"json\" or \"form\", not \"xml\""},
      {"methods are those that we know", 26, "authentication_methods = [\"tls_client_auth\"]",
       "token.authentication_methods: must hold \"client_secret_post\", \"client_secret_basic\", \"private_key_jwt\" "
       "or "
       "\"none\", not \"tls_client_auth\""},
      {"so are grants", 27, "grant_types = [\"password\"]",
       "token.grant_types: must hold \"authorization_code\", \"refresh_token\", \"client_credentials\" or "
       "\"device_code\", not \"password\""},
      {"an assistant acts for people", 27, "grant_types = [\"client_credentials\", \"refresh_token\"]",
       "token.grant_types: must have \"authorization_code\": an assistant acts for people"},
      {"a timeout has a unit", 30, "timeout = \"10\"",
       "token.timeout: must be a duration such as \"10s\" or \"5m\", not \"10\""},
      {"who does not wait gets no answer", 30, "timeout = \"0s\"", "token.timeout: must be at least \"1s\""},
      {"seconds are whole", 30, "timeout = \"1500ms\"", "token.timeout: must be whole seconds, not \"1500ms\""},
      {"so has the other", 31, "refresh_timeout = 60",
       "token.refresh_timeout: must be a duration in quotes, not an integer"},
      {"concurrent or not", 34, "concurrent_refresh = \"maybe\"",
       "token.concurrent_refresh: must be true or false, not a text"},
      {"a token request has what it needs", 28,
       "parameters = [\"grant_type\", \"code_verifier\", \"client_id\", \"client_secret\"]",
       "token.parameters: must have \"code\""},
      {"a verifier is sent", 28, "parameters = [\"grant_type\", \"code\", \"client_id\", \"client_secret\"]",
       "token.parameters: must have \"code_verifier\" where authorization.pkce is \"S256\""},
      {"so has a refresh", 29, "refresh_parameters = [\"grant_type\", \"client_id\", \"client_secret\"]",
       "token.refresh_parameters: must have \"refresh_token\""},
      {"a code is not sent with it", 29, "refresh_parameters = [\"code\"]",
       "token.refresh_parameters: must hold \"grant_type\", \"refresh_token\", \"client_id\", \"client_secret\", "
       "\"scope\", \"resource\", \"client_assertion_type\" or \"client_assertion\", not \"code\""},
      {"something makes it refresh", 32, "refresh_on = [\"idle\"]",
       "token.refresh_on: must hold \"unauthorized\" or \"expiry\", not \"idle\""},
      {"so has the third", 33, "refresh_ahead = \"soon\"",
       "token.refresh_ahead: must be a duration such as \"10s\" or \"5m\", not \"soon\""},
      {"a document has methods that the assistant has", 35, "document_methods = [\"private_key_jwt\"]",
       "token.document_methods: must not have \"private_key_jwt\", which token.authentication_methods does not have"},
      {"a document holds no secret", 35, "document_methods = [\"client_secret_post\"]",
       "token.document_methods: must not have \"client_secret_post\": a document holds no secret"},
      {"and one method at least", 35, "document_methods = []", "token.document_methods: must not be empty"},
      {"a member is true, not false", 38, "authorization_response_iss_parameter_supported = false",
       "metadata.authorization_response_iss_parameter_supported: must be true, or a list of texts, not true or false"},
      {"a list of members is not empty", 37, "code_challenge_methods_supported = []",
       "metadata.code_challenge_methods_supported: must not be empty"},
      {"and holds texts", 37, "code_challenge_methods_supported = [1]",
       "metadata.code_challenge_methods_supported: must hold texts in quotes alone, not an integer"},
      {"an unknown key at the top that is nearly one", 6, "note = [\"x\"]",
       "note: is not a key that a profile can have; did you mean \"notes\"?"},
      {"an unknown key at the top", 6, "homepage = \"x\"",
       "homepage: is not a key that a profile can have; expected one of: title, aliases, generation, registration, "
       "metadata_document, user_agent, discovery, discovery_version, notes, sources, read_on, unknown, redirect, "
       "registration_request, "
       "authorization, token, metadata, preferred_metadata"},
      {"an unknown key in a redirect", 15, "prefix = true",
       "redirect.prefix: is not a key that a profile can have; expected one of: template, example, note, "
       "metadata_document, parameters, state"},
      {"an unknown key of a request", 23, "nonce = true",
       "authorization.nonce: is not a key that a profile can have; expected one of: pkce, parameters, state, scopes, "
       "empty_scope, offline_access, scope_separator, blank"},
      {"an unknown key of the token request", 30, "timeouts = \"10s\"\ntimeout = \"10s\"",
       "token.timeouts: is not a key that a profile can have; did you mean \"timeout\"?"},
      {"an alias twice", 2, "aliases = [\"x\", \"x\"]", "aliases: must hold each once, and \"x\" is there already"},
      {"a document of a redirect", 15, "metadata_document = \"https://helper.example/{key}/client.json\"",
       "redirect.metadata_document: must have no other open part than its template"},
      {"what is not TOML", 1, "title = ", "is not TOML: Error while parsing key-value pair: expected value, saw '\\n'"},
  };
  for (const WrongRow& row : rows)
    EXPECT_EQ(faults_in(with_line(row.number, row.line)),
              kProfilePath.string() + ":" + std::to_string(row.number) + ": " + std::string(row.fault))
        << row.name;
}

TEST(WrongProfile, LacksWhatIsNeeded) {
  const std::string file = kProfilePath.string();
  const auto fault_without = [](std::size_t line) { return faults_in(with_line(line, "")); };
  EXPECT_EQ(fault_without(1), file + ": title: is missing: it must be a text");
  EXPECT_EQ(fault_without(3),
            file + ": generation: is missing: it must be `\"plugin\"`, `\"action\"` or `\"connector\"`");
  EXPECT_EQ(fault_without(5),
            file + ":4: registration: must not have \"metadata_document\" without the key metadata_document");
  EXPECT_EQ(fault_without(7), file + ": sources: is missing: it must be a list of texts");
  EXPECT_EQ(fault_without(8), file + ": read_on: is missing: it must be a date such as 2026-11-27, without quotes");
  EXPECT_EQ(fault_without(13), file + ":12: redirect.template: is missing: it must be a URI");
  EXPECT_EQ(fault_without(14), file + ":12: redirect.example: is missing: it must be a URI");
  EXPECT_EQ(fault_without(17), file + ":16: authorization.pkce: is missing: it must be `\"none\"` or `\"S256\"`");
  EXPECT_EQ(fault_without(28), file + ":24: token.parameters: is missing: it must be a list of parameters");
}

TEST(WrongProfile, GuessesNothing) {
  const std::string file = kProfilePath.string();
  const auto fault_without = [](std::size_t line) { return faults_in(with_line(line, "")); };
  EXPECT_EQ(fault_without(9), file + ": user_agent: is missing: it must be a text, or be named in unknown");
  EXPECT_EQ(fault_without(11), file + ":23: token.user_agent: is missing: it must be a text, or be named in unknown\n" +
                                   file +
                                   ":23: token.revokes: is missing: it must be true or false, or be named in unknown");
  EXPECT_EQ(fault_without(21),
            file + ":16: authorization.empty_scope: is missing: it must be true or false, or be named in unknown");
  EXPECT_EQ(faults_in(with_line(11, "unknown = true")),
            file + ":11: unknown: must be a list of keys, not true or false");
}

/// What would be said of a thing that there is not.
TEST(WrongProfile, SaysNothingOfWhatItDoesNotDo) {
  const std::string file = kProfilePath.string();
  const std::string kind = " must be there only where token.grant_types has \"refresh_token\"";
  EXPECT_EQ(faults_in(with_line(27, "grant_types = [\"authorization_code\"]")),
            file + ":29: token.refresh_parameters:" + kind + "\n" + file + ":31: token.refresh_timeout:" + kind + "\n" +
                file + ":32: token.refresh_on:" + kind + "\n" + file + ":33: token.refresh_ahead:" + kind + "\n" +
                file + ":34: token.concurrent_refresh:" + kind);
  EXPECT_EQ(faults_in(with_line(11, "unknown = [\"token.revokes\", \"token.user_agent\", \"registration_request\"]")),
            file +
                ":11: unknown: must not name \"registration_request\", which is a fact only where registration has "
                "\"dynamic\"");
  EXPECT_EQ(faults_in(with_line(32, "refresh_on = [\"unauthorized\"]")),
            file + ":33: token.refresh_ahead: must not be there where token.refresh_on has no \"expiry\"");
}

TEST(WrongProfile, LacksWholeTables) {
  const std::string file = kProfilePath.string();
  const std::string top(kBareProfile.substr(0, kBareProfile.find("[[redirect]]")));
  EXPECT_EQ(faults_in(top),
            file + ": redirect: is missing: write [[redirect]]\n" + file +
                ": authorization.pkce: is missing: it must be `\"none\"` or `\"S256\"`\n" + file +
                ": authorization.parameters: is missing: it must be a list of parameters\n" + file +
                ": token.encodings: is missing: it must be a list of `\"json\"` and `\"form\"`\n" + file +
                ": token.authentication_methods: is missing: it must be a list of `\"client_secret_post\"`, "
                "`\"client_secret_basic\"`, `\"private_key_jwt\"` and `\"none\"`\n" +
                file + ": token.parameters: is missing: it must be a list of parameters");
  EXPECT_EQ(faults_in(top + "redirect = \"x\"\nauthorization = 1\ntoken = []\nmetadata = true\n"),
            file + ":8: redirect: must be a list of tables, [[redirect]], not a text\n" + file +
                ":9: authorization: must be a table, [authorization], not an integer\n" + file +
                ":10: token: must be a table, [token], not a list\n" + file +
                ":11: metadata: must be a table, [metadata], not true or false");
}

TEST(WrongProfile, HasAnExampleThatDoesNotFit) {
  EXPECT_EQ(faults_in(with_line(14, "example = \"https://helper.example/7/8/callback\"")),
            kProfilePath.string() +
                ":14: redirect.example: must fit the template, and \"https://helper.example/7/8/callback\" does not");
}

TEST(WrongProfile, HasANameThatNoCommandCouldCallItBy) {
  EXPECT_EQ(faults_in(kGoodProfile, "/etc/My Helper.toml"),
            "/etc/My Helper.toml: must have a name of small letters, digits and \"-\", followed by .toml");
}

}  // namespace
}  // namespace chatelaine::app
