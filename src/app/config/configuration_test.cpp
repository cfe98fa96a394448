#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "app/config/read.hpp"
#include "app/config/render.hpp"
#include "app/config/schema.hpp"
#include "app/wiring/provider_settings.hpp"

namespace chatelaine::app {
namespace {

const std::filesystem::path kFile = "/etc/chatelaine/c.toml";

std::string faults_of(std::string_view text) {
  const auto read = parse_configuration(text, kFile);
  if (read) return "";
  std::string faults;
  for (const ConfigurationFault& fault : read.error()) faults += (faults.empty() ? "" : "\n") + fault.to_string();
  return faults;
}

struct WrongRow {
  std::string_view name;
  std::string_view text;
  std::string_view faults;
};

#define ISSUER "issuer = \"http://127.0.0.1:8080\"\n"

TEST(WrongConfiguration, IsNamedWithFileLineKeyAndWhatWasExpected) {
  const WrongRow rows[] = {
      {"an empty file has no side", "",
       "/etc/chatelaine/c.toml: issuer: is missing: write the public URL of the server, such as issuer = "
       "\"http://127.0.0.1:8080\""},
      {"a key with a slip suggests the right one", ISSUER "listn = \"127.0.0.1:1\"",
       "/etc/chatelaine/c.toml:2: listn: is not a key that this file can have; did you mean \"listen\"?"},
      {"a key in the wrong table suggests where it belongs", ISSUER "upstream = \"http://127.0.0.1:1\"",
       "/etc/chatelaine/c.toml:2: upstream: is not a key that this file can have; did you mean \"upstream\" in [api]?"},
      {"a top key below a table suggests to move it", ISSUER "[api]\ntrusted_proxies = []",
       "/etc/chatelaine/c.toml:3: api.trusted_proxies: is not a key that this file can have; did you mean "
       "\"trusted_proxies\" above all tables?"},
      {"a table with a slip suggests the right one", ISSUER "[plugn]\n",
       "/etc/chatelaine/c.toml:2: plugn: is not a key that this file can have; did you mean the table [plugin]?"},
      {"a key like none is told what can stand at the top", ISSUER "zebra = 1",
       "/etc/chatelaine/c.toml:2: zebra: is not a key that this file can have; expected one of: issuer, listen, "
       "storage, trusted_proxies, [tls], [api], [plugin], [tokens], [keys], [flows], [registration], [device], "
       "[sessions], [[scope]], [[resource]], [limits], "
       "[paths], [fetch], [client_id_metadata_documents], [host]"},
      {"a key like none is told what can stand in its table", ISSUER "[sessions]\nzebra = 1",
       "/etc/chatelaine/c.toml:3: sessions.zebra: is not a key that this file can have; expected one of: idle, "
       "lifetime"},
      {"both sides in one file have a database each",
       ISSUER "storage = \"sqlite:a.db\"\n[host]\nurl = \"http://127.0.0.1:1\"\nstorage = \"sqlite:./a.db\"",
       "/etc/chatelaine/c.toml:5: host.storage: must be another file than the provider's storage"},
      {"both sides in one file have an address each",
       ISSUER "[host]\nurl = \"http://127.0.0.1:1\"\nlisten = \"127.0.0.1:8080\"",
       "/etc/chatelaine/c.toml:4: host.listen: must be another address than the provider's listen"},
      {"a password in an upstream's URL is not shown", ISSUER "[api]\nupstream = \"http://bob:hunter2@10.0.0.1\"",
       "/etc/chatelaine/c.toml:3: api.upstream: must have no user information (the URL is not shown, it may hold a "
       "password)"},
      {"limits are on or off", ISSUER "[limits]\nenabled = \"no\"",
       "/etc/chatelaine/c.toml:3: limits.enabled: must be true or false, not a text"},
      {"every fault is named, not only the first", ISSUER "listen = 1\n[api]\ntimeout = 30",
       "/etc/chatelaine/c.toml:2: listen: must be an address and a port in quotes, not an integer\n"
       "/etc/chatelaine/c.toml:4: api.timeout: must be a duration in quotes, not an integer"},
      {"what is not TOML is said with its line", ISSUER "listen = ",
       "/etc/chatelaine/c.toml:2: is not TOML: Error while parsing key-value pair: encountered end-of-file"},
      {"RFC 8414 §2: the issuer is https", "issuer = \"http://example.com\"",
       "/etc/chatelaine/c.toml:1: issuer: must be https; http is for loopback (127.0.0.1, [::1], localhost) alone, not "
       "\"http://example.com\""},
      {"RFC 8414 §2: the issuer has no query", "issuer = \"https://example.com?a\"",
       "/etc/chatelaine/c.toml:1: issuer: must have no query or fragment, not "
       "\"https://example.com?a\""},
      {"RFC 8414 §2: the issuer has no fragment", "issuer = \"https://example.com#a\"",
       "/etc/chatelaine/c.toml:1: issuer: must have no query or fragment, not "
       "\"https://example.com#a\""},
      {"an issuer has no slash at its end", "issuer = \"https://example.com/\"",
       "/etc/chatelaine/c.toml:1: issuer: must not end in a slash, not \"https://example.com/\""},
      {"an issuer has one spelling", "issuer = \"https://EXAMPLE.com:443\"",
       "/etc/chatelaine/c.toml:1: issuer: must be written as browsers write it, \"https://example.com\", not "
       "\"https://EXAMPLE.com:443\""},
      {"an issuer is a URL", "issuer = \"example.com\"",
       "/etc/chatelaine/c.toml:1: issuer: must be a URL such as \"https://api.example.com\", not \"example.com\""},
      {"PostgreSQL is for a later version, and its URL is not shown", ISSUER "storage = \"postgresql://u:secret@db/x\"",
       "/etc/chatelaine/c.toml:2: storage: must be \"sqlite:FILE\": PostgreSQL is not supported by this version (the "
       "URL "
       "is not shown, it may hold a password)"},
      {"storage names its kind", ISSUER "storage = \"chatelaine.db\"",
       "/etc/chatelaine/c.toml:2: storage: must be \"sqlite:FILE\", not \"chatelaine.db\""},
      {"storage is a file, not memory", ISSUER "storage = \"sqlite::memory:\"",
       "/etc/chatelaine/c.toml:2: storage: must be \"sqlite:FILE\", not \"sqlite::memory:\""},
      {"listen needs a port", ISSUER "listen = \"127.0.0.1\"",
       "/etc/chatelaine/c.toml:2: listen: must be an address and a port such as \"127.0.0.1:8080\" or \"[::1]:8080\", "
       "not "
       "\"127.0.0.1\""},
      {"listen takes addresses, not names", ISSUER "listen = \"localhost:80\"",
       "/etc/chatelaine/c.toml:2: listen: must be an address and a port such as \"127.0.0.1:8080\" or \"[::1]:8080\", "
       "not "
       "\"localhost:80\""},
      {"a port has at most 65535", ISSUER "listen = \"127.0.0.1:65536\"",
       "/etc/chatelaine/c.toml:2: listen: must be an address and a port such as \"127.0.0.1:8080\" or \"[::1]:8080\", "
       "not "
       "\"127.0.0.1:65536\""},
      {"a proxy block has at most its address's bits", ISSUER "trusted_proxies = [\"10.0.0.0/33\"]",
       "/etc/chatelaine/c.toml:2: trusted_proxies: must hold addresses or blocks such as \"10.0.0.0/8\" or \"::1\", "
       "not "
       "\"10.0.0.0/33\""},
      {"a list holds texts", ISSUER "trusted_proxies = [1]",
       "/etc/chatelaine/c.toml:2: trusted_proxies: must hold texts in quotes alone, not an integer"},
      {"TLS needs its key", ISSUER "[tls]\ncertificate = \"c.pem\"",
       "/etc/chatelaine/c.toml:3: tls.private_key: is missing: TLS needs both files"},
      {"a duration has a unit", ISSUER "[tokens]\naccess_lifetime = \"59\"",
       "/etc/chatelaine/c.toml:3: tokens.access_lifetime: must be a duration such as \"59s\", \"12h\" or \"30d\", not "
       "\"59\""},
      {"a lifetime is at least a second", ISSUER "[tokens]\naccess_lifetime = \"0s\"",
       "/etc/chatelaine/c.toml:3: tokens.access_lifetime: must be at least \"1s\", not \"0s\""},
      {"RFC 6749 §4.1.2: a code lives ten minutes at most", ISSUER "[tokens]\ncode_lifetime = \"11m\"",
       "/etc/chatelaine/c.toml:3: tokens.code_lifetime: must be at most \"10m\", not \"11m\""},
      {"a choice names what there is", ISSUER "[tokens]\naccess_format = \"saml\"",
       "/etc/chatelaine/c.toml:3: tokens.access_format: must be \"jwt\" or \"opaque\", not \"saml\""},
      {"RFC 7518 §3.1: a signature algorithm is one that we sign with", ISSUER "[keys]\nalgorithms = [\"HS256\"]",
       "/etc/chatelaine/c.toml:3: keys.algorithms: must be one of \"ES256\", \"RS256\", \"PS256\", \"EdDSA\", not "
       "\"HS256\""},
      {"access tokens are signed with what there are keys for", ISSUER "[tokens]\nsigning_algorithm = \"PS256\"",
       "/etc/chatelaine/c.toml:3: tokens.signing_algorithm: must be one of keys.algorithms, and \"PS256\" is not"},
      {"keys are not replaced all the time", ISSUER "[keys]\nrotate_every = \"59m\"",
       "/etc/chatelaine/c.toml:3: keys.rotate_every: must be at least \"1h\", or \"off\", not \"59m\""},
      {"rotation is a duration or off", ISSUER "[keys]\nrotate_every = \"never\"",
       "/etc/chatelaine/c.toml:3: keys.rotate_every: must be a duration such as \"90d\", or \"off\", not \"never\""},
      {"registration is open, by token or off", ISSUER "[registration]\nmode = \"closed\"",
       "/etc/chatelaine/c.toml:3: registration.mode: must be \"open\" or \"token\" or \"off\", not \"closed\""},
      {"a flow is on or off", ISSUER "[flows]\nintrospection = \"off\"",
       "/etc/chatelaine/c.toml:3: flows.introspection: must be true or false, not a text"},
      {"RFC 9126 §5: required requests can be pushed",
       ISSUER "[flows]\npushed_requests = false\nrequire_pushed_requests = true",
       "/etc/chatelaine/c.toml:4: flows.require_pushed_requests: needs flows.authorization_code and "
       "flows.pushed_requests: no request could come in"},
      {"one grant type is left",
       ISSUER "[flows]\nauthorization_code = false\nrefresh_token = false\nclient_credentials = false\n"
              "device_code = false",
       "/etc/chatelaine/c.toml:2: flows: must leave one of authorization_code, refresh_token, client_credentials and "
       "device_code on"},
      {"RFC 8628 §5.4: a device's user has a minute at least", ISSUER "[device]\nlifetime = \"59s\"",
       "/etc/chatelaine/c.toml:3: device.lifetime: must be from \"1m\" to \"30m\", not \"59s\""},
      {"RFC 8628 §5.4: a device's user has half an hour at most", ISSUER "[device]\nlifetime = \"31m\"",
       "/etc/chatelaine/c.toml:3: device.lifetime: must be from \"1m\" to \"30m\", not \"31m\""},
      {"a limit is a number", ISSUER "[limits]\nremembered = \"many\"",
       "/etc/chatelaine/c.toml:3: limits.remembered: must be a number, not a text"},
      {"a limit allows something", ISSUER "[limits]\npassword_failures_per_account = 0",
       "/etc/chatelaine/c.toml:3: limits.password_failures_per_account: must be from 1 to 1000000, not 0"},
      {"a limit is no fortune", ISSUER "[limits]\npassword_queue = 1000001",
       "/etc/chatelaine/c.toml:3: limits.password_queue: must be from 1 to 1000000, not 1000001"},
      {"threads are few", ISSUER "[limits]\npassword_threads = 257",
       "/etc/chatelaine/c.toml:3: limits.password_threads: must be from 1 to 256, not 257"},
      {"waits grow", ISSUER "[limits]\nfirst_wait = \"1h\"",
       "/etc/chatelaine/c.toml:3: limits.first_wait: must not be longer than limits.longest_wait"},
      {"idle does not outlast lifetime", ISSUER "[sessions]\nidle = \"2d\"\nlifetime = \"1d\"",
       "/etc/chatelaine/c.toml:4: sessions.idle: must not be longer than sessions.lifetime"},
      {"a scope needs a name", ISSUER "[[scope]]\ndescription = \"x\"",
       "/etc/chatelaine/c.toml:2: scope.name: is missing: each [[scope]] needs a name"},
      {"RFC 6749 §3.3: a scope has no blank", ISSUER "[[scope]]\nname = \"a b\"",
       "/etc/chatelaine/c.toml:3: scope.name: must be one word without blanks or quotes, not \"a b\""},
      {"a scope is declared once", ISSUER "[[scope]]\nname = \"a\"\n[[scope]]\nname = \"a\"",
       "/etc/chatelaine/c.toml:5: scope.name: must be declared once, and \"a\" is there already"},
      {"a scope's operations are an API's", ISSUER "[[scope]]\nname = \"a\"\noperations = [\"list\"]",
       "/etc/chatelaine/c.toml:4: scope.operations: needs [api] openapi: without the API's description there are no "
       "operations to name"},
      {"an operation has a name", ISSUER "[api]\nopenapi = \"a\"\n[[scope]]\nname = \"a\"\noperations = [\"\"]",
       "/etc/chatelaine/c.toml:6: scope.operations: must name operations, not \"\""},
      {"a scope is a list of tables", ISSUER "[scope]\nname = \"a\"",
       "/etc/chatelaine/c.toml:2: scope: must be a list of tables, [[scope]], not a table"},
      {"a resource needs an identifier", ISSUER "[[resource]]\nname = \"x\"",
       "/etc/chatelaine/c.toml:2: resource.identifier: is missing: each [[resource]] needs an identifier"},
      {"RFC 8707 §2: a resource is an absolute URI", ISSUER "[[resource]]\nidentifier = \"/api\"",
       "/etc/chatelaine/c.toml:3: resource.identifier: must be an absolute URI without a fragment, not \"/api\""},
      {"RFC 8707 §2: a resource has no fragment", ISSUER "[[resource]]\nidentifier = \"https://a.example#x\"",
       "/etc/chatelaine/c.toml:3: resource.identifier: must be an absolute URI without a fragment, not "
       "\"https://a.example#x\""},
      {"RFC 8707 §2: so is each alias",
       ISSUER "[[resource]]\nidentifier = \"https://a.example\"\naliases = [\"urn:a\", \"a\"]",
       "/etc/chatelaine/c.toml:4: resource.aliases: must be an absolute URI without a fragment, not \"a\""},
      {"a resource is declared once, whatever its last slash",
       ISSUER "[[resource]]\nidentifier = \"https://a.example\"\n[[resource]]\nidentifier = \"https://a.example/\"",
       "/etc/chatelaine/c.toml:5: resource.identifier: must name one [[resource]] alone, and \"https://a.example/\" "
       "names one already"},
      {"an alias is no other resource's",
       ISSUER "[[resource]]\nidentifier = \"urn:a\"\n[[resource]]\nidentifier = \"urn:b\"\naliases = [\"urn:a\"]",
       "/etc/chatelaine/c.toml:6: resource.aliases: must name one [[resource]] alone, and \"urn:a\" names one already"},
      {"[api] resource is an identifier, not an alias",
       ISSUER "[[resource]]\nidentifier = \"urn:a\"\naliases = [\"http://127.0.0.1:8080\"]",
       "/etc/chatelaine/c.toml:3: resource.identifier: must be \"http://127.0.0.1:8080\", as [api] resource spells it "
       "(the issuer, where that is not written), since this [[resource]] is called \"http://127.0.0.1:8080\" too"},
      {"a resource's scopes are declared",
       ISSUER "[[scope]]\nname = \"a\"\n[[resource]]\nidentifier = \"urn:a\"\nscopes = [\"a\", \"b\"]",
       "/etc/chatelaine/c.toml:6: resource.scopes: names \"b\", which no [[scope]] declares"},
      {"a fault of the second resource names its own line, not the first one's",
       ISSUER "[[scope]]\nname = \"a\"\n[[resource]]\nidentifier = \"urn:a\"\nscopes = [\"a\"]\n"
              "[[resource]]\nidentifier = \"urn:b\"\nscopes = [\"b\"]\naliases = [\"http://127.0.0.1:8080\"]",
       "/etc/chatelaine/c.toml:8: resource.identifier: must be \"http://127.0.0.1:8080\", as [api] resource spells it "
       "(the issuer, where that is not written), since this [[resource]] is called \"http://127.0.0.1:8080\" too\n"
       "/etc/chatelaine/c.toml:9: resource.scopes: names \"b\", which no [[scope]] declares"},
      {"a resource's scopes are single ones", ISSUER "[[resource]]\nidentifier = \"urn:a\"\nscopes = [\"a b\"]",
       "/etc/chatelaine/c.toml:4: resource.scopes: must hold single scopes, not \"a b\""},
      {"a resource's format is one of two", ISSUER "[[resource]]\nidentifier = \"urn:a\"\naccess_format = \"saml\"",
       "/etc/chatelaine/c.toml:4: resource.access_format: must be \"jwt\" or \"opaque\", not \"saml\""},
      {"a resource is a list of tables", ISSUER "[resource]\nidentifier = \"urn:a\"",
       "/etc/chatelaine/c.toml:2: resource: must be a list of tables, [[resource]], not a table"},
      {"a table is a table", "plugin = 1\n" ISSUER,
       "/etc/chatelaine/c.toml:1: plugin: must be a table, [plugin], not an integer"},
      {"verification tokens are texts", ISSUER "[plugin.verification_tokens]\nopenai = 7",
       "/etc/chatelaine/c.toml:2: plugin.verification_tokens: must hold texts in quotes alone, but \"openai\" is an "
       "integer"},
      {"a value has no control characters", ISSUER "[plugin]\nname_for_human = \"a\\nb\"",
       "/etc/chatelaine/c.toml:3: plugin.name_for_human: must not hold control characters"},
      {"a prefix begins with a slash", ISSUER "[paths]\nprefix = \"auth\"",
       "/etc/chatelaine/c.toml:3: paths.prefix: must be a path such as \"/auth\", without a slash at its end, not "
       "\"auth\""},
      {"public paths begin with a slash", ISSUER "[api]\npublic = [\"logo.png\"]",
       "/etc/chatelaine/c.toml:3: api.public: must hold paths that begin with a slash, not \"logo.png\""},
      {"who may ask at /oauth/check is named", ISSUER "[api]\ncheck = true",
       "/etc/chatelaine/c.toml:3: api.check: needs trusted_proxies: only a proxy that is named there may ask, such as "
       "trusted_proxies = [\"127.0.0.1\"]"},
      {"the host needs its url", "[host]\nname = \"x\"",
       "/etc/chatelaine/c.toml:1: host.url: is missing: write the host's public URL, such as url = "
       "\"http://127.0.0.1:8090\""},
      {"the host's url has no path", "[host]\nurl = \"http://127.0.0.1:1/x\"",
       "/etc/chatelaine/c.toml:2: host.url: must have no path, not \"http://127.0.0.1:1/x\""},
      {"allow_local is true or false", "[host]\nurl = \"http://127.0.0.1:1\"\nallow_local = \"yes\"",
       "/etc/chatelaine/c.toml:3: host.allow_local: must be true or false, not a text"},
      {"a provider's key needs the issuer", "listen = \"127.0.0.1:1\"\n[host]\nurl = \"http://127.0.0.1:1\"",
       "/etc/chatelaine/c.toml:1: issuer: is missing, and \"listen\" needs it"},
  };
  for (const WrongRow& row : rows) EXPECT_EQ(faults_of(row.text), row.faults) << row.name;
}

TEST(Configuration, HasKeysOfES256WhateverElseIsAskedFor) {
  using enum crypto::SignatureAlgorithm;
  using Algorithms = std::vector<crypto::SignatureAlgorithm>;
  const auto keys_of = [](const std::string& text) {
    return parse_configuration(ISSUER + text, kFile)->provider->keys;
  };
  EXPECT_EQ(keys_of("").algorithms, (Algorithms{ES256, RS256}));
  EXPECT_EQ(keys_of("").rotate_every, std::chrono::days{90});
  // DEVIATION OpenID Connect Core §15.1, OpenID Connect Discovery §3, RFC 9068 §2.1: RS256 may be missing.
  EXPECT_EQ(keys_of("[keys]\nalgorithms = []").algorithms, Algorithms{ES256});
  EXPECT_EQ(keys_of("[keys]\nalgorithms = [\"EdDSA\", \"ES256\", \"EdDSA\"]").algorithms, (Algorithms{ES256, EdDSA}));
  EXPECT_EQ(keys_of("[keys]\nrotate_every = \"off\"").rotate_every, std::nullopt);
}

/// A replaced key verifies until the last token that it signed has ended, whichever resource that is for.
TEST(Configuration, KeysOutlastTheLongestTokenOfAnyResource) {
  const auto longest_with = [](const std::string& resources) {
    const auto read = parse_configuration(ISSUER "[tokens]\naccess_lifetime = \"1h\"\n" + resources, kFile);
    return make_key_policy(read->provider.value()).longest_token_lifetime;
  };
  EXPECT_EQ(longest_with(""), std::chrono::hours{1});
  EXPECT_EQ(longest_with("[[resource]]\nidentifier = \"urn:a\"\naccess_lifetime = \"5m\"\n"), std::chrono::hours{1})
      << "ID tokens, and [api] resource's, live an hour still";
  EXPECT_EQ(longest_with("[[resource]]\nidentifier = \"urn:a\"\naccess_lifetime = \"3h\"\n"
                         "[[resource]]\nidentifier = \"urn:b\"\naccess_lifetime = \"2h\"\n"),
            std::chrono::hours{3});
}

/// RFC 8707: `[api] resource` comes first whether it is described or not.
TEST(Configuration, ResourcesBeginWithTheApisOwn) {
  const auto resources_of = [](std::string_view text) {
    const auto read = parse_configuration(text, kFile);
    EXPECT_TRUE(read) << faults_of(text);
    return make_protected_resources(*read->provider);
  };
  const auto alone = resources_of(ISSUER);
  ASSERT_EQ(alone.all().size(), 1U);
  EXPECT_EQ(alone.own().identifier.value(), "http://127.0.0.1:8080");
  EXPECT_FALSE(alone.own().scopes);

  const auto described = resources_of(ISSUER
                                      "[api]\nresource = \"https://api.example/v1\"\n"
                                      "[[resource]]\nidentifier = \"urn:b\"\nname = \"B\"\nscopes = [\"a\"]\n"
                                      "access_format = \"opaque\"\naccess_lifetime = \"5m\"\n"
                                      "[[resource]]\nidentifier = \"https://api.example/v1\"\n"
                                      "aliases = [\"https://api.example\", \"https://api.example/v1/\"]\n");
  ASSERT_EQ(described.all().size(), 2U);
  EXPECT_EQ(described.own().identifier.value(), "https://api.example/v1");
  EXPECT_EQ(described.find("https://api.example/"), &described.own());
  const oauth::ProtectedResource& other = described.all()[1];
  EXPECT_EQ(described.find("urn:b"), &other);
  EXPECT_EQ(other.name, "B");
  EXPECT_EQ(other.scopes, oauth::Scope({"a"}));
  EXPECT_EQ(other.access_token_format, oauth::AccessTokenFormat::opaque);
  EXPECT_EQ(other.access_token_lifetime, std::chrono::minutes{5});
}

TEST(Configuration, NeedsIssuerListenAndStorageAlone) {
  const auto read =
      parse_configuration(ISSUER "listen = \"127.0.0.1:8080\"\nstorage = \"sqlite:data/chatelaine.db\"\n", kFile);
  ASSERT_TRUE(read) << read.error().front().to_string();
  EXPECT_FALSE(read->host);
  const ProviderConfiguration& provider = read->provider.value();
  EXPECT_EQ(provider.storage, "/etc/chatelaine/data/chatelaine.db");
  EXPECT_EQ(provider.api.resource, "http://127.0.0.1:8080");
  EXPECT_EQ(provider.api.unlisted, Unlisted::allow);
  EXPECT_EQ(provider.tokens.access_lifetime, std::chrono::hours{1});
  EXPECT_EQ(provider.tokens.refresh_lifetime, std::chrono::days{30});
  EXPECT_EQ(provider.tokens.refresh_grace, std::chrono::seconds{60});
  EXPECT_EQ(provider.tokens.code_lifetime, std::chrono::seconds{60});
  EXPECT_EQ(provider.device.lifetime, std::chrono::minutes{10});
  EXPECT_EQ(read->sessions.idle, std::chrono::hours{12});
  EXPECT_EQ(read->sessions.lifetime, std::chrono::days{30});
  EXPECT_EQ(provider.plugin.name_for_human, "127.0.0.1");
  EXPECT_TRUE(read->limits.enabled);
}

TEST(Configuration, NeedsHostUrlAloneForTheHost) {
  const auto read = parse_configuration("[host]\nurl = \"http://127.0.0.1:8090\"\n", kFile);
  ASSERT_TRUE(read) << read.error().front().to_string();
  EXPECT_FALSE(read->provider);
  EXPECT_EQ(read->host->storage, "/etc/chatelaine/chatelaine-host.db");
  EXPECT_EQ(read->host->name, "chatelaine");
  EXPECT_FALSE(read->host->allow_local);
}

TEST(Configuration, DeniesUnlistedPathsWhereThereIsADescription) {
  const auto read = parse_configuration(ISSUER "[api]\nopenapi = \"o.yaml\"\n", kFile);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->provider->api.unlisted, Unlisted::deny);
  EXPECT_EQ(read->provider->api.openapi, "/etc/chatelaine/o.yaml");
}

TEST(Configuration, EveryFlowHasItsOwnSwitch) {
  std::size_t count = 0;
  std::vector<oauth::Flows> seen;
  for (const Key& key : configuration_keys()) {
    if (key.table != "flows") continue;
    ++count;
    ConfigurationDraft draft;
    const oauth::Flows defaults = draft.provider.flows;
    const bool is_on = key.default_value == "true";
    const TakeBoolean take = std::get<TakeBoolean>(key.take);
    ASSERT_TRUE(take(draft, is_on));
    EXPECT_EQ(draft.provider.flows, defaults) << key.name << ": the documented default is another";
    ASSERT_TRUE(take(draft, !is_on));
    EXPECT_EQ(std::ranges::find(seen, draft.provider.flows), seen.end()) << key.name;
    EXPECT_NE(draft.provider.flows, defaults) << key.name;
    seen.push_back(draft.provider.flows);
  }
  EXPECT_EQ(count, sizeof(oauth::Flows) / sizeof(bool));
}

TEST(Configuration, MakesTheModelsNameFromThePersons) {
  const auto read = parse_configuration(ISSUER "[plugin]\nname_for_human = \"Todo Helper (beta)\"\n", kFile);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->provider->plugin.name_for_model, "todo_helper_beta");
}

// DEVIATION RFC 9700 §4.13: the operator answers for the way to the API.
TEST(Configuration, AnUpstreamBeyondLoopbackMayBeHttp) {
  const auto read = parse_configuration(ISSUER "[api]\nupstream = \"http://api.internal:3000\"\n", kFile);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->provider->api.upstream->text, "http://api.internal:3000");
}

TEST(StarterFile, ReadsBackAsWhatItSays) {
  const std::string text =
      render_starter_file({"http://127.0.0.1:9", "127.0.0.1:9", "http://127.0.0.1:3000", "/o.yaml"});
  const auto read = parse_configuration(text, kFile);
  ASSERT_TRUE(read) << read.error().front().to_string();
  EXPECT_EQ(read->provider->issuer.text, "http://127.0.0.1:9");
  EXPECT_EQ(read->provider->api.upstream->text, "http://127.0.0.1:3000");
  EXPECT_EQ(read->provider->api.openapi, "/o.yaml");
  for (const Key& key : configuration_keys()) EXPECT_NE(text.find(key.name), std::string::npos) << key.path();
}

TEST(StarterFile, ShowsDefaultsAndExamplesThatAreTakenWhenUncommented) {
  std::string text = render_starter_file({"http://127.0.0.1:9", "127.0.0.1:9", "", ""});
  std::string uncommented;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    const std::string line = text.substr(begin, end - begin);
    const bool is_setting = line.starts_with("# [") || (line.starts_with("# ") && line.find(" = ") < line.find('.'));
    uncommented += (is_setting ? line.substr(2) : line) + "\n";
    begin = end + 1;
  }
  EXPECT_EQ(faults_of(uncommented), "");
}

/// CHATELAINE_UPDATE=1 rewrites what is committed.
TEST(ConfigurationReference, IsWhatTheSchemaSays) {
  constexpr const char* kReference = "docs/operators/configuration.md";
  if (std::getenv("CHATELAINE_UPDATE") != nullptr) std::ofstream(kReference) << render_configuration_reference();
  std::ifstream stream(kReference);
  const std::string committed{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  EXPECT_EQ(committed, render_configuration_reference()) << "run with CHATELAINE_UPDATE=1 to rewrite the reference";
}

}  // namespace
}  // namespace chatelaine::app
