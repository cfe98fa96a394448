#include "host/endpoints/page_context.hpp"

namespace chatelaine::host {
namespace {

constexpr std::string_view kFormPurpose = "host";

net::Response refuse_role(const PageContext& context) {
  pages::ErrorPage page;
  page.status = 403;
  page.title = "This is for developers";
  page.what_happened = "Your account may use plugins, but not install or change them.";
  page.what_to_do = "Ask an administrator of this host to make you a developer.";
  page.next_href = "/";
  page.next_label = "All plugins";
  return pages::render_error(context.renderer, page);
}

std::string title_of(HostError::Kind kind) {
  switch (kind) {
    case HostError::Kind::bad_request:
      return "That did not work";
    case HostError::Kind::forbidden:
      return "Not allowed";
    case HostError::Kind::not_found:
      return "Not found";
    case HostError::Kind::not_ready:
      return "Not ready yet";
    case HostError::Kind::needs_sign_in:
      return "Sign in to the plugin";
    case HostError::Kind::connected:
      return "Connected already";
    case HostError::Kind::denied:
      return "Not connected";
    case HostError::Kind::plugin_fault:
      return "The plugin did not answer as it should";
  }
  return {};
}

std::string advice_for(HostError::Kind kind) {
  switch (kind) {
    case HostError::Kind::bad_request:
      return "Go back to the list of plugins and try again.";
    case HostError::Kind::forbidden:
      return "Nothing was done. Go back to the list of plugins.";
    case HostError::Kind::not_found:
      return "Look for it in the list of plugins.";
    case HostError::Kind::not_ready:
      return "It is the developer's turn.";
    case HostError::Kind::needs_sign_in:
    case HostError::Kind::connected:
      return "The list of plugins has the button for it.";
    case HostError::Kind::denied:
      return "If that was a mistake, begin again from the list of plugins.";
    case HostError::Kind::plugin_fault:
      return "Try again later. If it stays so, tell the plugin's author what is written here.";
  }
  return {};
}

void add_list(pages::Data& data, const std::string& list, const std::vector<Finding>& findings) {
  data.show("has_" + list, !findings.empty());
  for (const Finding& found : findings) {
    pages::Data element;
    element.set("path", found.path).set("message", found.message);
    if (!found.expected.empty()) element.add("expectation", pages::Data().set("expected", found.expected));
    data.add(list, std::move(element));
  }
}

}  // namespace

bool is_developer(const storage::User& user) {
  switch (user.role) {
    case storage::Role::user:
      return false;
    case storage::Role::developer:
    case storage::Role::administrator:
      return true;
  }
  return false;
}

Task<std::expected<accounts::SignedIn, net::Response>> admit(const PageContext& context, const net::Request& request,
                                                             Audience audience) {
  auto person = co_await context.accounts.find_signed_in(request);
  // A form is not sent again after the sign-in; its page is.
  const bool is_form = request.method == net::Method::post;
  if (!person) co_return std::unexpected(context.accounts.redirect_to_sign_in(is_form ? "/" : request.target));
  if (audience == Audience::developers && !is_developer(person->user)) {
    co_return std::unexpected(refuse_role(context));
  }
  co_return std::move(*person);
}

Task<std::expected<OwnForm, net::Response>> admit_form(const PageContext& context, const net::Request& request,
                                                       Audience audience, std::size_t limit) {
  auto form = co_await pages::read_posted_form(request, context.renderer, limit);
  if (!form) co_return std::unexpected(std::move(form.error()));
  auto person = co_await admit(context, request, audience);
  if (!person) co_return std::unexpected(std::move(person.error()));
  if (!context.csrf.is_own_form(request, form->get_or_empty("form_token"), kFormPurpose, person->form_binding)) {
    co_return std::unexpected(pages::refuse_foreign_form(context.renderer));
  }
  co_return OwnForm{std::move(*person), std::move(*form)};
}

pages::Data begin_data(const PageContext& context, const accounts::SignedIn& person) {
  pages::Data data;
  data.set("form_token", context.csrf.mint_token(kFormPurpose, person.form_binding));
  data.set("home_url", "/");
  data.add("home", pages::Data().set("home_url", "/"));
  context.accounts.add_who(data, person);
  return data;
}

pages::Data one_text(std::string text) { return std::move(pages::Data().set("text", std::move(text))); }

void add_findings(pages::Data& data, const std::vector<Finding>& faults, const std::vector<Finding>& warnings) {
  add_list(data, "faults", faults);
  add_list(data, "warnings", warnings);
}

storage::PluginId plugin_id_of(const net::Request& request) {
  std::string_view path = request.path.substr(1);
  path.remove_prefix(std::min(path.find('/') + 1, path.size()));
  return storage::PluginId(std::string(path.substr(0, path.find('/'))));
}

std::string plugin_path(const storage::PluginId& plugin_id, std::string_view rest) {
  return "/plugins/" + plugin_id.value() + std::string(rest);
}

int status_of(HostError::Kind kind) {
  switch (kind) {
    case HostError::Kind::bad_request:
      return 400;
    case HostError::Kind::forbidden:
      return 403;
    case HostError::Kind::not_found:
      return 404;
    case HostError::Kind::not_ready:
    case HostError::Kind::needs_sign_in:
    case HostError::Kind::connected:
      return 409;
    case HostError::Kind::denied:
      return 200;
    case HostError::Kind::plugin_fault:
      return 502;
  }
  return 500;
}

net::Response render_host_error(const PageContext& context, const HostError& error) {
  pages::ErrorPage page;
  page.status = status_of(error.kind);
  page.title = title_of(error.kind);
  page.what_happened = error.message;
  page.what_to_do = advice_for(error.kind);
  page.next_href = "/";
  page.next_label = "All plugins";
  return pages::render_error(context.renderer, page);
}

}  // namespace chatelaine::host
