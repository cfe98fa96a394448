#include "oauth/clients/weaknesses.hpp"

#include <gtest/gtest.h>

#include "oauth/facts_for_tests.hpp"

namespace chatelaine::oauth {
namespace {

struct Row {
  std::string_view sentence;
  void (*change)(Client&);
  std::vector<Weakness> weaknesses;
};

Client sound_client() {
  Client client = plugin_client();
  client.pkce = PkcePolicy::required;
  return client;
}

void leave_out(Client& client) { client.exchange_redirect_uri = ExchangeRedirectUri::may_be_left_out; }

const Weakness kOptionalPkce{WeaknessKind::optional_pkce, "PKCE is optional: a stolen code needs no verifier"};
const Weakness kLeftOut{WeaknessKind::left_out_redirect_uri,
                        "redirect_uri may be left out of the token request: nothing there shows where the code was "
                        "sent"};
Weakness plain(const std::string& uri) { return {WeaknessKind::plain_redirect_uri, uri + " is not https"}; }

TEST(Weaknesses, AreWhatNeedNotBe) {
  const Row rows[] = {
      {"a client with a secret, PKCE and an https redirect URI has none", [](Client&) {}, {}},
      {"nor has a public one", [](Client& client) { client = public_client(); }, {}},
      {"RFC 9700 §2.1.1: PKCE that may be left out",
       [](Client& client) { client.pkce = PkcePolicy::optional; },
       {kOptionalPkce}},
      {"RFC 6749 §4.1.3: redirect_uri that an exchange may leave out", leave_out, {kLeftOut}},
      {"one that could be left out and, with two to choose from, may not",
       [](Client& client) {
         leave_out(client);
         client.redirect_uris.emplace_back("https://b.example/cb");
       },
       {}},
      {"nor before there is one",
       [](Client& client) {
         leave_out(client);
         client.redirect_uris.clear();
       },
       {}},
      {"nor by a client that proves nothing",
       [](Client& client) {
         client = public_client();
         leave_out(client);
       },
       {}},
      {"each redirect URI that is not https",
       [](Client& client) {
         client.redirect_uris.emplace_back("http://127.0.0.1/cb");
         client.redirect_uris.emplace_back("http://localhost:7/cb");
       },
       {plain("http://127.0.0.1/cb"), plain("http://localhost:7/cb")}},
      {"all of them, in their order",
       [](Client& client) {
         leave_out(client);
         client.pkce = PkcePolicy::optional;
         client.redirect_uris = {RedirectUri("http://127.0.0.1/cb")};
       },
       {kOptionalPkce, kLeftOut, plain("http://127.0.0.1/cb")}},
  };
  for (const Row& row : rows) {
    Client client = sound_client();
    row.change(client);
    EXPECT_EQ(find_weaknesses(client), row.weaknesses) << row.sentence;
  }
}

}  // namespace
}  // namespace chatelaine::oauth
