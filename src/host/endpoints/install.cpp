#include "host/install.hpp"
#include "host/endpoints/endpoints.hpp"

namespace chatelaine::host {
namespace {

net::Response render_install(const PageContext& context, const accounts::SignedIn& person, std::string_view domain,
                             const HostError* error) {
  pages::Data data = begin_data(context, person);
  data.set("action", "/plugins/install").set("domain", std::string(domain));
  add_findings(data, error == nullptr ? std::vector<Finding>{} : error->findings, {});
  if (error != nullptr) data.add("problem", one_text(error->message));
  // 422: the page is the form again, with what is wrong beside the field.
  return context.renderer.render(error == nullptr ? 200 : 422, "host_install", "Install a plugin", data);
}

}  // namespace

Task<net::Response> show_install(const PageContext& context, const net::Request& request) {
  auto person = co_await admit(context, request, Audience::developers);
  if (!person) co_return std::move(person.error());
  co_return render_install(context, *person, {}, nullptr);
}

Task<net::Response> post_install(const PageContext& context, const net::Request& request) {
  auto own = co_await admit_form(context, request, Audience::developers);
  if (!own) co_return std::move(own.error());
  const std::string domain(own->form.get_or_empty("domain"));
  InstallRequest install{domain, std::nullopt};
  const auto installed = co_await install_plugin(context.host, std::move(install));
  if (!installed) co_return render_install(context, own->person, domain, &installed.error());
  co_return net::make_redirect(plugin_path(installed->plugin_id));
}

}  // namespace chatelaine::host
