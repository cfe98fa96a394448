#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "accounts/accounts.hpp"
#include "base/form.hpp"
#include "host/context.hpp"
#include "host/host_error.hpp"
#include "net/router.hpp"
#include "pages/csrf.hpp"
#include "pages/page.hpp"
#include "pages/posted_form.hpp"

namespace chatelaine::host {

/// What the pages work with.
struct PageContext {
  HostContext host;
  accounts::Accounts& accounts;
  const pages::Csrf& csrf;
  const pages::Renderer& renderer;
};

/// Who may see a page.
enum class Audience { everybody, developers };

[[nodiscard]] bool is_developer(const storage::User& user);

/// The person at the browser, or the answer to give instead: to the sign-in page, or 403.
[[nodiscard]] Task<std::expected<accounts::SignedIn, net::Response>> admit(const PageContext& context,
                                                                           const net::Request& request,
                                                                           Audience audience);

/// A form that one of our own pages sent, and who sent it.
struct OwnForm {
  accounts::SignedIn person;
  Form form;
};
[[nodiscard]] Task<std::expected<OwnForm, net::Response>> admit_form(const PageContext& context,
                                                                     const net::Request& request, Audience audience,
                                                                     std::size_t limit = pages::kPostedFormLimit);

/// Data with what every page of a signed-in person shows: the form token, and the frame's own.
[[nodiscard]] pages::Data begin_data(const PageContext& context, const accounts::SignedIn& person);
[[nodiscard]] pages::Data one_text(std::string text);
/// The data of web/templates/findings.mustache.
void add_findings(pages::Data& data, const std::vector<Finding>& faults, const std::vector<Finding>& warnings);

/// The `{plugin_id}` of a path below /plugins/ or /aip/.
[[nodiscard]] storage::PluginId plugin_id_of(const net::Request& request);
/// `/plugins/{plugin_id}` and what follows it.
[[nodiscard]] std::string plugin_path(const storage::PluginId& plugin_id, std::string_view rest = {});

[[nodiscard]] int status_of(HostError::Kind kind);
[[nodiscard]] net::Response render_host_error(const PageContext& context, const HostError& error);

}  // namespace chatelaine::host
