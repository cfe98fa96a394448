#include "provider/endpoints/device_code/pages.hpp"

#include "base/base64url.hpp"
#include "provider/endpoints/authorize/consent_page.hpp"

namespace chatelaine::provider::endpoints {
namespace {

net::Response render_user_code_page(const Context& context, int status, const accounts::SignedIn& signed_in,
                                    pages::Data data) {
  data.set("action", context.paths.device)
      .set("form_token", context.csrf.mint_token(kUserCodePurpose, signed_in.form_binding));
  context.accounts.add_who(data, signed_in);
  return context.renderer.render(status, "device_code", "Connect a device", data);
}

}  // namespace

std::string device_consent_purpose(const oauth::UserCode& user_code) {
  return "device consent " + base64url_encode(oauth::hash_user_code(user_code).view());
}

std::string user_code_path(const Context& context, std::string_view typed) {
  const auto user_code = oauth::parse_user_code(typed);
  return context.paths.device + (user_code ? "?user_code=" + oauth::format_user_code(*user_code) : std::string());
}

net::Response user_code_page(const Context& context, const accounts::SignedIn& signed_in,
                             const std::string& filled_in) {
  pages::Data data;
  data.set("user_code", filled_in).show("filled_in", !filled_in.empty());
  return render_user_code_page(context, 200, signed_in, std::move(data));
}

net::Response refuse_user_code(const Context& context, const accounts::SignedIn& signed_in, const std::string& typed) {
  pages::Data data;
  data.set("user_code", typed)
      .show("filled_in", false)
      .add_text("problem", "That code leads to no device. Look at the device: type the code that it shows now.");
  return render_user_code_page(context, 422, signed_in, std::move(data));
}

net::Response device_consent_page(const Context& context, const TypedCode& typed, const oauth::UserCode& user_code,
                                  const accounts::SignedIn& signed_in, const std::vector<oauth::Consent>& remembered) {
  const std::string shown = oauth::format_user_code(user_code);
  pages::Data device;
  device.set("user_code", shown);
  pages::Data data;
  data.set("action", context.paths.device_consent)
      .set("form_token", context.csrf.mint_token(device_consent_purpose(user_code), signed_in.form_binding))
      .add("device", std::move(device))
      .add_hidden("user_code", shown);
  set_consent(data, context, *typed.client, {typed.code.resources, typed.scope}, signed_in, remembered);
  context.accounts.add_sign_out(data, signed_in, user_code_path(context, shown));
  return context.renderer.render(200, "consent", "Allow " + typed.client->name + "?", data);
}

}  // namespace chatelaine::provider::endpoints
