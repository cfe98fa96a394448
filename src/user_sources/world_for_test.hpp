#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "accounts/world_for_test.hpp"
#include "base/json.hpp"
#include "crypto/jwk.hpp"
#include "user_sources/user_sources.hpp"

/// Accounts over memory with a user source, "contoso", whose provider answers as a test says.
namespace chatelaine::user_sources::test {

using accounts::test::header_of;
using accounts::test::Visitor;

/// The source of these tests.
[[nodiscard]] UserSource some_source();

/// An OpenID provider behind the one door out.
class Provider final : public net::Fetcher {
 public:
  explicit Provider(const Clock& clock);

  /// What differs from the sound ID token; null takes a claim away.
  json::object claims;
  /// The answer of the UserInfo endpoint.
  json::object userinfo{{"sub", "s1"}};
  json::object metadata;
  /// The key that signs, and those that are published.
  crypto::SigningKey key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  std::vector<json::object> published{key.public_jwk()};
  /// In place of the token endpoint's own answer.
  std::optional<net::FetchedDocument> token_answer;
  bool is_out_of_reach = false;
  /// As the last authorization request had it.
  std::string nonce;
  std::vector<net::FetchRequest> requests;

  Task<std::expected<net::FetchedDocument, net::FetchError>> fetch(net::FetchRequest request) override;
  /// How often a path was asked for.
  [[nodiscard]] std::size_t count(std::string_view path) const;

 private:
  [[nodiscard]] std::string make_id_token() const;
  [[nodiscard]] net::FetchedDocument answer(std::string_view path) const;

  const Clock& clock_;
};

/// Keeps every line.
class KeptLog final : public Log {
 public:
  void write(Level, std::string_view event, std::initializer_list<Field> fields) override {
    text += event;
    for (const Field& field : fields) text += " " + std::string(field.name) + "=" + field.value;
    text += '\n';
  }
  std::string text;
};

struct World {
  World();

  /// Puts another source in the place of "contoso".
  void set_source(UserSource source);
  /// Leaves for the source: the query of the authorization request.
  Form leave(Visitor& visitor, const std::string& query = "?return_to=%2Faccount");
  /// Comes back with a code, and with `more` in the query.
  net::Response come_back(Visitor& visitor, const Form& request, std::vector<Form::Field> more = {});
  /// Both.
  net::Response sign_in(Visitor& visitor, const std::string& query = "?return_to=%2Faccount");
  [[nodiscard]] std::optional<storage::User> find_user(const std::string& email);

  accounts::test::World house;
  Provider provider{house.clock};
  KeptLog log;
  UserSources sources;
};

}  // namespace chatelaine::user_sources::test
