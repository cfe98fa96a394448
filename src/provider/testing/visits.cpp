#include <atomic>
#include <stdexcept>

#include "base/base64url.hpp"
#include "base/block_on.hpp"
#include "crypto/jws.hpp"
#include "oauth/clients/client_assertion.hpp"
#include "provider/testing/world.hpp"

namespace chatelaine::provider::testing {

TestRequest post_form(std::string target, const std::vector<Form::Field>& fields) {
  return post_raw(std::move(target), "application/x-www-form-urlencoded", encode_form(fields));
}
TestRequest post_json(std::string target, std::string body) {
  return post_raw(std::move(target), "application/json", std::move(body));
}
TestRequest post_raw(std::string target, std::string content_type, std::string body) {
  TestRequest request{.method = "POST", .target = std::move(target), .headers = {}, .body = std::move(body)};
  return std::move(request).with("Content-Type", std::move(content_type));
}
TestRequest get(std::string target) {
  return {.method = "GET", .target = std::move(target), .headers = {}, .body = {}};
}

std::string basic(std::string_view client_id) {
  const std::string id(client_id);
  return "Basic " + base64_encode(id + ":secret-of-" + id);
}

const crypto::SigningKey& signer_key() {
  static const auto key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  return key;
}

json::object make_assertion_claims(const World& world, std::string_view client_id) {
  static std::atomic<int> number{0};
  return {{"iss", client_id},
          {"sub", client_id},
          {"aud", World::kIssuer},
          {"jti", "jti-" + std::to_string(++number)},
          {"iat", to_numeric_date(world.now())},
          {"exp", to_numeric_date(world.now() + seconds(60))}};
}

std::string sign_assertion(const json::object& claims, const crypto::SigningKey& key) {
  return crypto::sign_compact(key, "JWT", json::serialize(claims));
}

std::vector<Form::Field> with_assertion(const World& world, std::string_view client_id,
                                        std::vector<Form::Field> fields) {
  fields.push_back({"client_assertion_type", std::string(oauth::kJwtBearerAssertionType)});
  fields.push_back({"client_assertion", sign_assertion(make_assertion_claims(world, client_id))});
  return fields;
}

TestResponse decide(World& world, const std::string& cookie, const TestResponse& page, const std::string& decision) {
  auto form = post_form(
      "/consent",
      {{"form_token", page.form_field("form_token")}, {"request", page.form_field("request")}, {"decision", decision}});
  return world.send(form.with("Cookie", cookie));
}

TestRequest portal_request(const std::string& more, std::string_view scope) {
  return get("/oauth/authorize?response_type=code&client_id=portal&state=s&scope=" + percent_encode(scope) +
             "&redirect_uri=" + percent_encode(World::kPortalRedirect) + more);
}

TestResponse redeem_for_portal(World& world, const TestResponse& answer) {
  return world.send(post_form("/oauth/token", {{"grant_type", "authorization_code"},
                                               {"client_id", "portal"},
                                               {"client_secret", "secret-of-portal"},
                                               {"code", answer.location_parameter("code")},
                                               {"redirect_uri", std::string(World::kPortalRedirect)}}));
}

std::string jwt_claims(const std::string& jwt) {
  const auto from = jwt.find('.') + 1;
  return base64url_decode(jwt.substr(from, jwt.find('.', from) - from)).value_or("");
}

std::string obtain_code(World& world, const std::string& cookie) {
  const std::vector<Form::Field> query{{"response_type", "code"},
                                       {"client_id", "todo-plugin"},
                                       {"scope", ""},
                                       {"redirect_uri", std::string(World::kPluginRedirect)}};
  auto answer = world.send(get("/oauth/authorize?" + encode_form(query)).with("Cookie", cookie));
  if (answer.status == 200) answer = decide(world, cookie, answer, "allow");
  return answer.location_parameter("code");
}

TestResponse obtain_tokens(World& world) {
  const auto code = obtain_code(world, world.sign_in());
  return world.send(post_form("/oauth/token", {{"grant_type", "authorization_code"},
                                               {"client_id", "todo-plugin"},
                                               {"client_secret", "secret-of-todo-plugin"},
                                               {"code", code},
                                               {"redirect_uri", std::string(World::kPluginRedirect)}}));
}

TestResponse ask_for_device_code(World& world) {
  return world.send(post_form("/oauth/device_authorization", {{"client_id", "tv-app"}}));
}

TestResponse poll(World& world, const std::string& device_code) {
  return world.send(post_form("/oauth/token", {{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                                               {"client_id", "tv-app"},
                                               {"device_code", device_code}}));
}

TestResponse type_user_code(World& world, const std::string& cookie, const std::string& user_code) {
  const auto page = world.send(get("/device").with("Cookie", cookie));
  auto form = post_form("/device", {{"form_token", page.form_field("form_token")}, {"user_code", user_code}});
  return world.send(form.with("Cookie", cookie));
}

TestResponse decide_device(World& world, const std::string& cookie, const TestResponse& page,
                           const std::string& decision) {
  auto form = post_form("/device/consent", {{"form_token", page.form_field("form_token")},
                                            {"user_code", page.form_field("user_code")},
                                            {"decision", decision}});
  return world.send(form.with("Cookie", cookie));
}

std::string obtain_allowed_device_code(World& world) {
  const auto asked = ask_for_device_code(world);
  const auto cookie = world.sign_in();
  const auto page = type_user_code(world, cookie, asked.member("user_code"));
  if (decide_device(world, cookie, page, "allow").status != 200) throw std::runtime_error("the device was not allowed");
  return asked.member("device_code");
}

}  // namespace chatelaine::provider::testing
