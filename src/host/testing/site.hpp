#pragma once

#include <gtest/gtest.h>

#include "host/host.hpp"
#include "host/testing/world.hpp"
#include "oauth/handle.hpp"
#include "pages/request_for_test.hpp"

namespace chatelaine::host::testing {

inline accounts::AccountsSettings accounts_settings() {
  accounts::AccountsSettings settings;
  settings.cookie_base = "chatelaine_host";
  settings.home_path = "/";
  return settings;
}

/// A whole host: routes over a scripted plugin, and browsers that are signed in to it.
class Site {
 public:
  Site() { host_.add_routes(router_); }

  /// A session's cookie.
  std::string sign_in(const storage::User& user) {
    const auto id = world.ids.next<storage::SessionTag>();
    const oauth::Handle handle = oauth::make_handle(id.value, world.randomness);
    const Instant now = world.clock.now();
    const storage::Session session{id, handle.hash(), user.id, now, now, now + std::chrono::days(1)};
    EXPECT_TRUE(block_on(world.storage->sessions().begin_session(session, user.password_hash)));
    return "__Host-chatelaine_host_session=" + oauth::format_handle("ctl_se_", handle);
  }
  net::Response get(const std::string& target, const std::string& cookie, net::Method method = net::Method::get) {
    pages::test::MadeRequest request(method, target);
    if (!cookie.empty()) request.add_header("Cookie", cookie);
    return block_on(router_.route(request.get()));
  }
  net::Response post(const std::string& target, const std::string& cookie, const std::string& form,
                     const std::string& content_type = "application/x-www-form-urlencoded") {
    pages::test::MadeRequest request(net::Method::post, target);
    if (!cookie.empty()) request.add_header("Cookie", cookie);
    request.add_header("Content-Type", content_type).set_body(form);
    return block_on(router_.route(request.get()));
  }
  /// A form of the page at `page`, with its token.
  net::Response submit(const std::string& page, const std::string& target, const std::string& cookie,
                       const std::string& fields = {}) {
    return post(target, cookie, "form_token=" + form_token(page, cookie) + "&" + fields);
  }
  /// The token that the forms of a page carry.
  std::string form_token(const std::string& page, const std::string& cookie) {
    const std::string body = get(page, cookie).body;
    constexpr std::string_view kBefore = "name=\"form_token\" value=\"";
    const std::size_t start = body.find(kBefore);
    EXPECT_NE(start, std::string::npos) << page << " has no form: " << body;
    if (start == std::string::npos) return {};
    const std::size_t from = start + kBefore.size();
    return body.substr(from, body.find('"', from) - from);
  }

  World world;

 private:
  accounts::PasswordPool passwords_{1, 1};
  pages::Renderer renderer_{{"Test host", "/assets", ""}};
  pages::Csrf csrf_{SecretBytes("csrf key"), "https://host.example"};
  accounts::Accounts accounts_{accounts_settings(), *world.storage,   passwords_, renderer_, csrf_,
                               world.clock,         world.randomness, world.ids,  world.log};
  Host host_{world.context, accounts_, csrf_, renderer_};
  net::Router router_;
};

}  // namespace chatelaine::host::testing
