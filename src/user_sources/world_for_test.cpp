#include "user_sources/world_for_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/jws.hpp"

namespace chatelaine::user_sources::test {
namespace {

constexpr std::string_view kIssuer = "https://id.contoso.example";

UserSourcesSettings make_settings() {
  UserSourcesSettings settings;
  settings.origin = "https://todo.example";
  settings.key = SecretBytes("a third key of thirty-two bytes.");
  settings.at_first.sources.push_back(some_source());
  settings.at_first.begun.of_address = 1000;
  return settings;
}

}  // namespace

UserSource some_source() {
  UserSource source;
  source.name = "contoso";
  source.label = "Contoso";
  source.issuer = oauth::Issuer(std::string(kIssuer));
  source.client = {oauth::ClientId("chatelaine"), oauth::ClientSecret("s&cret of ours")};
  source.scope = "openid email profile";
  return source;
}

Provider::Provider(const Clock& clock) : clock_(clock) {
  const std::string base(kIssuer);
  metadata = {{"issuer", base},
              {"authorization_endpoint", base + "/authorize"},
              {"token_endpoint", base + "/token"},
              {"userinfo_endpoint", base + "/userinfo"},
              {"jwks_uri", base + "/jwks"}};
}

std::string Provider::make_id_token() const {
  const std::int64_t now = to_numeric_date(clock_.now());
  json::object token{{"iss", kIssuer},
                     {"sub", "s1"},
                     {"aud", "chatelaine"},
                     {"iat", now},
                     {"exp", now + 300},
                     {"auth_time", now},
                     {"nonce", nonce},
                     {"name", "Ada Lovelace"},
                     {"email", "ada@contoso.example"},
                     {"email_verified", true}};
  for (const auto& claim : claims) {
    if (claim.value().is_null()) {
      token.erase(claim.key());
    } else {
      token[claim.key()] = claim.value();
    }
  }
  return crypto::sign_compact(key, "JWT", json::serialize(token));
}

net::FetchedDocument Provider::answer(std::string_view path) const {
  const auto make = [](const json::value& body) {
    return net::FetchedDocument{200, {{"Content-Type", "application/json"}}, json::serialize(body)};
  };
  if (path == "/.well-known/openid-configuration") return make(metadata);
  if (path == "/userinfo") return make(userinfo);
  if (path == "/token") {
    if (token_answer) return *token_answer;
    return make(json::object{{"access_token", "theirs"}, {"token_type", "Bearer"}, {"id_token", make_id_token()}});
  }
  if (path == "/jwks") {
    json::array keys;
    for (const json::object& jwk : published) keys.push_back(jwk);
    return make(json::object{{"keys", keys}});
  }
  return {404, {}, ""};
}

Task<std::expected<net::FetchedDocument, net::FetchError>> Provider::fetch(net::FetchRequest request) {
  requests.push_back(request);
  if (is_out_of_reach || !request.url.starts_with(kIssuer)) {
    co_return std::unexpected(net::FetchError{net::FetchError::Kind::unreachable, "Nobody answers."});
  }
  co_return answer(std::string_view(request.url).substr(kIssuer.size()));
}

std::size_t Provider::count(std::string_view path) const {
  return static_cast<std::size_t>(std::ranges::count_if(requests, [&](const net::FetchRequest& request) {
    return request.url == std::string(kIssuer) + std::string(path);
  }));
}

World::World()
    : sources(make_settings(), *house.storage, house.accounts, house.renderer, provider, house.clock, house.randomness,
              house.ids, log) {
  sources.add_routes(house.router);
  house.accounts.set_sign_in_ways({.sources = {{.name = "contoso", .label = "Contoso"}}});
}

void World::set_source(UserSource source) {
  SourceSettings settings;
  settings.sources.push_back(std::move(source));
  settings.begun.of_address = 1000;
  sources.set_sources(std::move(settings));
}

Form World::leave(Visitor& visitor, const std::string& query) {
  const net::Response response = visitor.get("/sign-in/contoso" + query);
  const std::string location = header_of(response, "Location");
  EXPECT_EQ(response.status, 303) << response.body;
  EXPECT_TRUE(location.starts_with("https://id.contoso.example/authorize?")) << location;
  Form request = parse_form(location.substr(location.find('?') + 1)).value();
  provider.nonce = request.get_or_empty("nonce");
  return request;
}

net::Response World::come_back(Visitor& visitor, const Form& request, std::vector<Form::Field> more) {
  more.push_back({"state", std::string(request.get_or_empty("state"))});
  more.push_back({"code", "the-code-of-the-source"});
  return visitor.get("/sign-in/contoso/callback?" + encode_form(more));
}

net::Response World::sign_in(Visitor& visitor, const std::string& query) {
  const Form request = leave(visitor, query);
  return come_back(visitor, request);
}

std::optional<storage::User> World::find_user(const std::string& email) {
  return block_on(house.storage->users().find_user_by_email(email));
}

}  // namespace chatelaine::user_sources::test
