#include "host/plugins.hpp"
#include "host/testing/site.hpp"

// Wrong requests to every endpoint of the host, with the exact answer.

namespace chatelaine::host {
namespace {

using net::Method;
using pages::test::header_of;
using testing::Site;
using testing::World;

/// Who sends a request: nobody who is signed in, a user, a developer.
enum class Sender : std::uint8_t { nobody, user, developer };

/// What stands before the rows: `PLUGIN` in a target is the plugin's id, `TOKEN` in a body a form token of the sender.
struct Row {
  const char* sentence;
  Method method;
  const char* target;
  Sender sender;
  const char* body;
  int status;
  /// A sentence of the page, or where it redirects.
  const char* says;
  const char* content_type = "application/x-www-form-urlencoded";
};

std::string put_in(std::string text, std::string_view name, std::string_view value) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) {
    text.replace(at, name.size(), value);
  }
  return text;
}

class Visit {
 public:
  Visit() : plugin_id_(site.world.install_verified()) {
    user_ = site.sign_in(site.world.add_user("ann@example.com"));
    developer_ = site.sign_in(site.world.add_user("dev@example.com", storage::Role::developer));
  }

  void expect(const Row& row) {
    SCOPED_TRACE(row.sentence);
    const net::Response response = send(row);
    EXPECT_EQ(response.status, row.status) << response.body;
    const bool says = response.body.find(row.says) != std::string::npos ||
                      header_of(response, "Location") == row.says || header_of(response, "Allow") == row.says;
    EXPECT_TRUE(says) << header_of(response, "Location") << header_of(response, "Allow") << response.body;
  }

  Site site;

 private:
  net::Response send(const Row& row) {
    const std::string cookie = row.sender == Sender::nobody ? "" : row.sender == Sender::user ? user_ : developer_;
    const std::string target = put_in(row.target, "PLUGIN", plugin_id_.value());
    if (row.method == Method::get) return site.get(target, cookie);
    std::string body = row.body;
    if (body.find("TOKEN") != std::string::npos) body = put_in(body, "TOKEN", site.form_token("/", cookie));
    return site.post(target, cookie, body, row.content_type);
  }

  storage::PluginId plugin_id_;
  std::string user_;
  std::string developer_;
};

constexpr auto kGet = Method::get;
constexpr auto kPost = Method::post;
constexpr const char* kOld = "We could not see that the form came from this browser";
constexpr const char* kNoPlugin = "There is no such plugin.";
constexpr const char* kForDevelopers = "Your account may use plugins, but not install or change them.";
constexpr const char* kNotBegun = "This sign-in was not begun in this browser, was used before, or is older";
constexpr const char* kBadTicket = "This link was used before, has expired";

TEST(Refusals, OfPagesToPeople) {
  Visit visit;
  const Row rows[] = {
      {"the list, not signed in", kGet, "/", Sender::nobody, "", 303, "/sign-in?return_to=%2F"},
      {"installing, not signed in", kGet, "/plugins/install", Sender::nobody, "", 303,
       "/sign-in?return_to=%2Fplugins%2Finstall"},
      {"a form is not sent again after signing in; the list comes", kPost, "/plugins/install", Sender::nobody,
       "form_token=x", 303, "/sign-in?return_to=%2F"},
      {"credentials, not signed in", kPost, "/plugins/PLUGIN/credentials", Sender::nobody, "form_token=x", 303,
       "/sign-in?return_to=%2F"},
      {"verifying, not signed in", kPost, "/plugins/PLUGIN/verify", Sender::nobody, "form_token=x", 303,
       "/sign-in?return_to=%2F"},
      {"removing, not signed in", kPost, "/plugins/PLUGIN/remove", Sender::nobody, "form_token=x", 303,
       "/sign-in?return_to=%2F"},
      {"connecting, not signed in", kPost, "/plugins/PLUGIN/connect", Sender::nobody, "form_token=x", 303,
       "/sign-in?return_to=%2F"},
      {"disconnecting, not signed in", kPost, "/plugins/PLUGIN/disconnect", Sender::nobody, "form_token=x", 303,
       "/sign-in?return_to=%2F"},
      {"calling, not signed in", kPost, "/plugins/PLUGIN/use", Sender::nobody, "form_token=x", 303,
       "/sign-in?return_to=%2F"},
      {"installing, not a developer", kGet, "/plugins/install", Sender::user, "", 403, kForDevelopers},
      {"a plugin's set-up, not a developer", kGet, "/plugins/PLUGIN", Sender::user, "", 403, kForDevelopers},
      {"sending the install form, not a developer", kPost, "/plugins/install", Sender::user,
       "form_token=TOKEN&domain=todo.example", 403, kForDevelopers},
      {"giving credentials, not a developer", kPost, "/plugins/PLUGIN/credentials", Sender::user,
       "form_token=TOKEN&client_id=c&client_secret=s", 403, kForDevelopers},
      {"verifying, not a developer", kPost, "/plugins/PLUGIN/verify", Sender::user, "form_token=TOKEN", 403,
       kForDevelopers},
      {"removing, not a developer", kPost, "/plugins/PLUGIN/remove", Sender::user, "form_token=TOKEN", 403,
       kForDevelopers},
  };
  for (const Row& row : rows) visit.expect(row);
}

TEST(Refusals, OfFormsThatAreNotOneOfOurs) {
  Visit visit;
  const char* const targets[] = {"/plugins/install",       "/plugins/PLUGIN/credentials", "/plugins/PLUGIN/verify",
                                 "/plugins/PLUGIN/remove", "/plugins/PLUGIN/connect",     "/plugins/PLUGIN/disconnect",
                                 "/plugins/PLUGIN/use"};
  const std::string large(65 * 1024, 'x');
  for (const char* target : targets) {
    SCOPED_TRACE(target);
    const Row rows[] = {
        {"no form token", kPost, target, Sender::developer, "", 403, kOld},
        {"another's form token", kPost, target, Sender::developer, "form_token=forged", 403, kOld},
        {"a field twice", kPost, target, Sender::developer, "form_token=TOKEN&form_token=TOKEN", 400,
         "The field form_token is there twice."},
        {"JSON", kPost, target, Sender::developer, "{}", 415,
         "The content type must be application/x-www-form-urlencoded.", "application/json"},
        {"a broken encoding", kPost, target, Sender::developer, "form_token=%zz", 400,
         "A percent sign is not followed by two hexadecimal digits."},
        {"more than any form", kPost, target, Sender::developer, large.c_str(), 413,
         "What was sent is longer than any form here."},
    };
    for (const Row& row : rows) visit.expect(row);
  }
}

TEST(Refusals, OfMethodsAndUnknownPlugins) {
  Visit visit;
  const Row rows[] = {
      {"the list by POST", kPost, "/", Sender::user, "", 405, "GET, HEAD, OPTIONS"},
      {"verifying by GET", kGet, "/plugins/PLUGIN/verify", Sender::developer, "", 405, "POST, OPTIONS"},
      {"credentials by GET", kGet, "/plugins/PLUGIN/credentials", Sender::developer, "", 405, "POST, OPTIONS"},
      {"removing by GET", kGet, "/plugins/PLUGIN/remove", Sender::developer, "", 405, "POST, OPTIONS"},
      {"disconnecting by GET", kGet, "/plugins/PLUGIN/disconnect", Sender::user, "", 405, "POST, OPTIONS"},
      {"the callback by POST", kPost, "/aip/PLUGIN/oauth/callback", Sender::user, "", 405, "GET, HEAD, OPTIONS"},
      {"an unknown plugin's page", kGet, "/plugins/plugin-none", Sender::developer, "", 404, kNoPlugin},
      {"credentials of an unknown plugin", kPost, "/plugins/plugin-none/credentials", Sender::developer,
       "form_token=TOKEN&client_id=c&client_secret=s", 404, kNoPlugin},
      {"verifying an unknown plugin", kPost, "/plugins/plugin-none/verify", Sender::developer, "form_token=TOKEN", 404,
       kNoPlugin},
      {"removing an unknown plugin", kPost, "/plugins/plugin-none/remove", Sender::developer, "form_token=TOKEN", 404,
       kNoPlugin},
      {"connecting to an unknown plugin", kPost, "/plugins/plugin-none/connect", Sender::user, "form_token=TOKEN", 404,
       kNoPlugin},
      {"disconnecting from an unknown plugin", kPost, "/plugins/plugin-none/disconnect", Sender::user,
       "form_token=TOKEN", 404, "You are not connected to this plugin."},
      {"using an unknown plugin", kGet, "/plugins/plugin-none/use", Sender::user, "", 404, kNoPlugin},
      {"calling an unknown plugin", kPost, "/plugins/plugin-none/use", Sender::user, "form_token=TOKEN&operation=a",
       404, kNoPlugin},
  };
  for (const Row& row : rows) visit.expect(row);
}

TEST(Refusals, OfWhatADeveloperEnters) {
  Visit visit;
  const std::string long_id = "form_token=TOKEN&client_secret=s&client_id=" + std::string(1025, 'c');
  const std::string long_secret = "form_token=TOKEN&client_id=c&client_secret=" + std::string(4097, 's');
  const Row rows[] = {
      {"no domain", kPost, "/plugins/install", Sender::developer, "form_token=TOKEN", 422,
       "Give the domain where the plugin is hosted"},
      {"a URL", kPost, "/plugins/install", Sender::developer, "form_token=TOKEN&domain=https%3A%2F%2Ftodo.example%2F",
       422, "without https:// and without a path"},
      {"localhost", kPost, "/plugins/install", Sender::developer, "form_token=TOKEN&domain=localhost", 422,
       "A plugin cannot be installed from localhost"},
      {"a private address", kPost, "/plugins/install", Sender::developer, "form_token=TOKEN&domain=10.0.0.1", 422,
       "10.0.0.1"},
      {"a domain that does not answer", kPost, "/plugins/install", Sender::developer,
       "form_token=TOKEN&domain=nobody.example", 422, "nobody listens there"},
      {"no client id", kPost, "/plugins/PLUGIN/credentials", Sender::developer, "form_token=TOKEN&client_secret=s", 422,
       "The client ID must be 1 to 1024 printable ASCII characters"},
      {"no client secret", kPost, "/plugins/PLUGIN/credentials", Sender::developer, "form_token=TOKEN&client_id=c", 422,
       "The client secret must be 1 to 4096 printable ASCII characters"},
      {"a long client id", kPost, "/plugins/PLUGIN/credentials", Sender::developer, long_id.c_str(), 422,
       "The client ID must be 1 to 1024"},
      {"a long client secret", kPost, "/plugins/PLUGIN/credentials", Sender::developer, long_secret.c_str(), 422,
       "The client secret must be 1 to 4096"},
      {"a client id with a line break", kPost, "/plugins/PLUGIN/credentials", Sender::developer,
       "form_token=TOKEN&client_id=a%0Ab&client_secret=s", 422, "The client ID must be 1 to 1024"},
  };
  for (const Row& row : rows) visit.expect(row);
  visit.site.world.verification_token = std::string(32, '0');
  visit.site.world.serve_plugin();
  visit.expect({"another token in the manifest", kPost, "/plugins/PLUGIN/verify", Sender::developer, "form_token=TOKEN",
                422, "The manifest carries another verification token"});
}

TEST(Refusals, OfWhatAUserMayNotDoYet) {
  Visit visit;
  const Row unconnected[] = {
      {"using what one is not connected to", kGet, "/plugins/PLUGIN/use", Sender::user, "", 303, "/"},
      {"calling what one is not connected to", kPost, "/plugins/PLUGIN/use", Sender::user,
       "form_token=TOKEN&operation=listTodos", 409, "You are not connected to this plugin: sign in to it first."},
      {"disconnecting from what one is not connected to", kPost, "/plugins/PLUGIN/disconnect", Sender::user,
       "form_token=TOKEN", 404, "You are not connected to this plugin."},
      {"a link without a ticket leads to the list", kGet, "/plugins/PLUGIN/connect", Sender::nobody, "", 303, "/"},
      {"a garbage ticket", kGet, "/plugins/PLUGIN/connect?ticket=rubbish", Sender::nobody, "", 400, kBadTicket},
      {"a ticket twice is none", kGet, "/plugins/PLUGIN/connect?ticket=a&ticket=b", Sender::nobody, "", 303, "/"},
  };
  for (const Row& row : unconnected) visit.expect(row);

  World& world = visit.site.world;
  const auto ann = block_on(world.storage->users().find_user_by_email("ann@example.com"));
  world.connect(block_on(list_plugins(world.context)).front().plugin_id, *ann);
  const Row connected[] = {
      {"an unknown operation", kPost, "/plugins/PLUGIN/use", Sender::user, "form_token=TOKEN&operation=dropAll", 404,
       "The plugin has no operation &quot;dropAll&quot;. It has: listTodos, addTodo."},
      {"no operation", kPost, "/plugins/PLUGIN/use", Sender::user, "form_token=TOKEN", 404,
       "The plugin has no operation"},
      {"an argument of the wrong type", kPost, "/plugins/PLUGIN/use", Sender::user,
       "form_token=TOKEN&operation=listTodos&argument.limit=x", 422, "must be a whole number"},
      {"a missing argument", kPost, "/plugins/PLUGIN/use", Sender::user, "form_token=TOKEN&operation=addTodo", 422,
       "The operation addTodo needs text."},
      {"connecting a second time", kPost, "/plugins/PLUGIN/connect", Sender::user, "form_token=TOKEN", 409,
       "Disconnect first"},
  };
  for (const Row& row : connected) visit.expect(row);

  world.fetcher.remove("GET https://todo.example/api/todos");
  visit.expect({"an API that does not answer", kPost, "/plugins/PLUGIN/use", Sender::user,
                "form_token=TOKEN&operation=listTodos", 502, "The plugin&apos;s API gave no answer"});
  world.verification_token.clear();
  world.serve_plugin();
  (void)world.install();
  const Row unverified[] = {
      {"using a plugin that is not verified", kGet, "/plugins/PLUGIN/use", Sender::user, "", 409,
       "its developer must verify it"},
      {"calling a plugin that is not verified", kPost, "/plugins/PLUGIN/use", Sender::user,
       "form_token=TOKEN&operation=listTodos", 409, "its developer must verify it"},
      {"connecting to a plugin that is not verified", kPost, "/plugins/PLUGIN/connect", Sender::user,
       "form_token=TOKEN", 409, "its developer must verify it"},
  };
  for (const Row& row : unverified) visit.expect(row);
}

struct CallbackRow {
  const char* sentence;
  /// Put behind `state=…&`.
  const char* query;
  const char* token_answer;
  int status;
  const char* says;
};

TEST(Refusals, OfWhatComesBackFromAProvider) {
  const CallbackRow rows[] = {
      {"RFC 6749 §4.1.2.1: the user did not allow it", "error=access_denied&iss=https%3A%2F%2Fauth.todo.example", "",
       200, "You did not allow it"},
      {"RFC 6749 §4.1.2.1: another error",
       "error=server_error&error_description=later&iss=https%3A%2F%2Fauth.todo.example", "", 400,
       "The plugin&apos;s sign-in ended with the error &quot;server_error&quot;. It says: &quot;later&quot;."},
      {"RFC 6749 §4.1.2: neither code nor error", "a=b&iss=https%3A%2F%2Fauth.todo.example", "", 400,
       "sent neither a code nor an error back"},
      {"RFC 6749 §3.1: a repeated parameter", "code=a&code=b", "", 400, "is not a proper query"},
      {"RFC 9207 §2.4: another server's iss", "code=a&iss=https%3A%2F%2Fevil.example", "", 400,
       "The answer did not come from the server that the sign-in began at"},
      {"RFC 9207 §2.4: the promised iss is missing", "code=a", "", 400,
       "The answer did not come from the server that the sign-in began at"},
      {"RFC 6749 §5.2: the code is not taken", "code=a&iss=https%3A%2F%2Fauth.todo.example",
       R"({"error":"invalid_grant"})", 502,
       "did not take the code that it had just issued. It answered invalid_grant."},
      {"RFC 6749 §5.2: the client is not taken", "code=a&iss=https%3A%2F%2Fauth.todo.example",
       R"({"error":"invalid_client"})", 502, "refused the client ID or secret (invalid_client)"},
      {"a token endpoint that answers with a page", "code=a&iss=https%3A%2F%2Fauth.todo.example", "<html>", 502,
       "it sent an HTML page (status 400) instead of JSON."},
  };
  for (const CallbackRow& row : rows) {
    SCOPED_TRACE(row.sentence);
    Site site;
    site.world.serve_metadata();
    const storage::PluginId plugin_id = site.world.install_verified();
    const storage::User user = site.world.add_user("ann@example.com");
    const std::string cookie = site.sign_in(user);
    const net::Response sent = site.submit("/", "/plugins/" + plugin_id.value() + "/connect", cookie);
    const BegunConnection begun{header_of(sent, "Location"), header_of(sent, "Set-Cookie")};
    site.world.tokens.error_body = row.token_answer;
    const std::string state(World::consented(begun).get_or_empty("state"));
    const std::string callback = "/aip/" + plugin_id.value() + "/oauth/callback";
    const std::string browser = cookie + "; " + begun.set_cookie.substr(0, begun.set_cookie.find(';'));
    const net::Response page = site.get(callback + "?state=" + state + "&" + row.query, browser);
    EXPECT_EQ(page.status, row.status);
    EXPECT_NE(page.body.find(row.says), std::string::npos) << page.body;
    EXPECT_TRUE(block_on(site.world.storage->connections().list_connections(user.id)).empty());
  }
}

TEST(Refusals, OfCallbacksThatNobodyBegan) {
  Visit visit;
  const Row rows[] = {
      {"THREATS N22: no state", kGet, "/aip/PLUGIN/oauth/callback?code=a", Sender::user, "", 400, kNotBegun},
      {"THREATS N22: a state of somebody's own making", kGet, "/aip/PLUGIN/oauth/callback?code=a&state=b", Sender::user,
       "", 400, kNotBegun},
      {"nothing at all", kGet, "/aip/PLUGIN/oauth/callback", Sender::nobody, "", 400, kNotBegun},
      {"at an unknown plugin", kGet, "/aip/plugin-none/oauth/callback?code=a&state=b", Sender::nobody, "", 400,
       kNotBegun},
  };
  for (const Row& row : rows) visit.expect(row);
}

}  // namespace
}  // namespace chatelaine::host
