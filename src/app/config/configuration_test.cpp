#include "app/config/configuration.hpp"

#include <gtest/gtest.h>

#include "app/config/faults_for_test.hpp"

namespace chatelaine::app {
namespace {

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
       "storage, trusted_proxies, [tls], [api], [confirmation], [mcp], [plugin], [tokens], [keys], [flows], "
       "[registration], [device], "
       "[sessions], [ledger], [flights], [admin], [[scope]], [[resource]], [accounts], [[user_source]], [limits], "
       "[paths], [fetch], [client_id_metadata_documents], [profiles], [host]"},
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
      {"a rate is so many in so long", ISSUER "[limits]\ncalls_per_grant = \"600\"",
       "/etc/chatelaine/c.toml:3: limits.calls_per_grant: must be so many in so long, such as \"600/1m\", at most "
       "1000000 "
       "within 1s to 30d, or \"off\", not \"600\""},
      {"a rate lets somebody through", ISSUER "[limits]\ncalls_per_user = \"0/1m\"",
       "/etc/chatelaine/c.toml:3: limits.calls_per_user: must be so many in so long, such as \"600/1m\", at most "
       "1000000 "
       "within 1s to 30d, or \"off\", not \"0/1m\""},
      {"a rate's window is a duration", ISSUER "[limits]\ncalls_per_client = \"5/100ms\"",
       "/etc/chatelaine/c.toml:3: limits.calls_per_client: must be so many in so long, such as \"600/1m\", at most "
       "1000000 within 1s to 30d, or \"off\", not \"5/100ms\""},
      {"a closed operation is an API's", ISSUER "[api]\nclosed = [\"list\"]",
       "/etc/chatelaine/c.toml:3: api.closed: needs [api] openapi: it names operations of the API's description"},
      {"a confirmed operation is an API's", ISSUER "[confirmation]\noperations = [\"list\"]",
       "/etc/chatelaine/c.toml:3: confirmation.operations: needs [api] openapi: it names operations of the API's "
       "description"},
      {"calls are confirmed in one of four measures", ISSUER "[confirmation]\ncalls = \"all\"",
       "/etc/chatelaine/c.toml:3: confirmation.calls: must be \"none\" or \"consequential\" or \"deleting\" or "
       "\"changing\", not \"all\""},
      {"a limited operation is an API's", ISSUER "[limits]\ncalls_per_operation = {all = \"5/1h\"}",
       "/etc/chatelaine/c.toml:3: limits.calls_per_operation: needs [api] openapi: it names operations of the API's "
       "description"},
      {"each operation has a rate", ISSUER "[api]\nopenapi = \"a\"\n[limits]\ncalls_per_operation = {all = \"many\"}",
       "/etc/chatelaine/c.toml:5: limits.calls_per_operation: of all must be so many in so long, such as \"600/1m\", "
       "at "
       "most 1000000 within 1s to 30d, or \"off\", not \"many\""},
      {"calls are kept for an hour at least, or not recorded", ISSUER "[ledger]\ncalls = \"1m\"",
       "/etc/chatelaine/c.toml:3: ledger.calls: must be at least \"1h\", or \"off\", not \"1m\""},
      {"the challenge is a token", ISSUER "[plugin]\nopenai_apps_challenge = \"a b\"",
       "/etc/chatelaine/c.toml:3: plugin.openai_apps_challenge: must be the token alone, without blanks, as the "
       "console "
       "shows it"},
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
      {"a directory of profiles has a name", ISSUER "[profiles]\ndirectory = \"\"",
       "/etc/chatelaine/c.toml:3: profiles.directory: must name a directory"},
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

}  // namespace
}  // namespace chatelaine::app
