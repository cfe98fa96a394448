#include "provider/endpoints/authorize/consent_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/base64url.hpp"
#include "crypto/digest.hpp"
#include "oauth/clients/client_metadata_document.hpp"
#include "provider/endpoints/authorize/destination.hpp"

namespace chatelaine::provider::endpoints {
namespace {

oauth::Scope all_scopes(const ProviderSettings& settings) {
  std::vector<std::string> names;
  std::ranges::transform(settings.scopes, std::back_inserter(names), &ScopeDescription::name);
  return oauth::Scope(std::move(names));
}

/// A line of what the client may do, or may not.
struct Line {
  openapi::Effect effect = openapi::Effect::read;
  std::string text;
};

const ScopeDescription* find_description(const ProviderSettings& settings, const std::string& name) {
  const auto found = std::ranges::find(settings.scopes, name, &ScopeDescription::name);
  return found == settings.scopes.end() ? nullptr : &*found;
}

/// So many of an effect a page says one by one; who wants to know exactly finds each call under the technical details.
constexpr std::size_t kMostLines = 6;

using OpenedOperations = std::vector<OpenedOperation>;

bool is_opened(const OpenedOperation& operation, const oauth::Scope& granted) {
  return std::ranges::all_of(operation.scopes, [&](const auto& needed) { return granted.contains(needed); });
}

/// Of what asks for that scope, what needs none beside it that is not granted.
OpenedOperations list_opened(const ScopeDescription& scope, const oauth::Scope& granted) {
  OpenedOperations opened;
  std::ranges::copy_if(scope.operations, std::back_inserter(opened),
                       [&](const OpenedOperation& operation) { return is_opened(operation, granted); });
  return opened;
}

void add_operation_lines(std::vector<Line>& lines, const OpenedOperations& opened, openapi::Effect effect) {
  std::set<std::string_view> sentences;
  for (const OpenedOperation& operation : opened)
    if (operation.effect == effect) sentences.insert(operation.sentence);
  std::size_t count = 0;
  for (const OpenedOperation& operation : opened) {
    if (sentences.erase(operation.sentence) == 0 || ++count > kMostLines) continue;
    if (std::ranges::find(lines, operation.sentence, &Line::text) == lines.end())
      lines.push_back({effect, operation.sentence});
  }
  if (count > kMostLines)
    lines.push_back({effect, fmt::format("{} more, see the technical details below", count - kMostLines)});
}

/// What a scope opens together with `all`, in the operator's words; where there are none, in the words of the
/// operations themselves.
void add_lines(std::vector<Line>& lines, const ProviderSettings& settings, const std::string& name,
               const oauth::Scope& all) {
  const ScopeDescription* scope = find_description(settings, name);
  const OpenedOperations opened = scope == nullptr ? OpenedOperations() : list_opened(*scope, all);
  if (opened.empty()) {
    lines.push_back({.text = describe_scope(settings, name)});
    return;
  }
  if (!scope->sentence.empty()) {
    const auto gravest = std::ranges::max_element(opened, {}, &OpenedOperation::effect);
    lines.push_back({gravest->effect, scope->sentence});
    return;
  }
  using enum openapi::Effect;
  for (const openapi::Effect effect : {read, change, remove}) add_operation_lines(lines, opened, effect);
}

/// What is worth a second look; reading goes without saying.
std::string_view word_for(openapi::Effect effect) {
  switch (effect) {
    case openapi::Effect::read:
      return "";
    case openapi::Effect::change:
      return "changes";
    case openapi::Effect::remove:
      return "deletes";
  }
  return "";
}

pages::Data describe_line(const Line& line) {
  pages::Data element;
  element.set("description", line.text);
  if (const auto word = word_for(line.effect); !word.empty()) {
    pages::Data effect;
    effect.set("effect_word", std::string(word));
    element.add("effect", std::move(effect));
  }
  return element;
}

/// What only reads first, what deletes last; of operations that need several scopes, those that `all` opens.
void add_scopes(pages::Data& data, const std::string& list, const ProviderSettings& settings, const oauth::Scope& scope,
                const oauth::Scope& all) {
  std::vector<Line> lines;
  for (const auto& name : scope.tokens()) add_lines(lines, settings, name, all);
  std::ranges::stable_sort(lines, {}, &Line::effect);
  for (const Line& line : lines) data.add(list, describe_line(line));
}

/// A page stays under 30 KB.
constexpr std::size_t kMostOperations = 100;

/// Each call that these scopes open, beside the others that are `allowed`, for who wants to know exactly.
void set_operations(pages::Data& data, const ProviderSettings& settings, const oauth::Scope& granted,
                    const oauth::Scope& allowed) {
  pages::Data section;
  std::set<std::string_view> listed;
  for (const auto& name : granted.tokens()) {
    const ScopeDescription* scope = find_description(settings, name);
    if (scope == nullptr) continue;
    for (const OpenedOperation& operation : scope->operations) {
      if (!is_opened(operation, allowed) || !listed.insert(operation.call).second) continue;
      if (listed.size() > kMostOperations) continue;
      pages::Data element;
      element.set("call", operation.call).set("operation", operation.sentence);
      section.add("operation_list", std::move(element));
    }
  }
  if (listed.empty()) return;
  if (listed.size() > kMostOperations) {
    pages::Data more;
    more.set("more_count", std::to_string(listed.size() - kMostOperations));
    section.add("more_operations", std::move(more));
  }
  data.add("operations", std::move(section));
}

/// `allowed`: what is granted, and what was before.
void set_scopes(pages::Data& data, const ProviderSettings& settings, const oauth::Scope& granted,
                const oauth::Scope& allowed) {
  data.set("scope", granted.to_string()).show("nothing_granted", granted.empty());
  add_scopes(data, "granted", settings, granted, allowed);
  set_operations(data, settings, granted, allowed);
  const oauth::Scope all = all_scopes(settings);
  const auto refused = all.without(allowed);
  if (refused.empty()) return;
  pages::Data section;
  // What it cannot do is whatever these would open, were they granted too.
  add_scopes(section, "refused_scopes", settings, refused, all.united_with(allowed));
  data.add("refused", std::move(section));
}

/// What scopes that the user has allowed before open since, and they have not seen: the difference to the last time.
void set_news(pages::Data& data, const ProviderSettings& settings, const oauth::Scope& granted,
              const std::vector<oauth::Consent>& remembered) {
  const auto is_news = [&](const OpenedOperation& operation) {
    const oauth::Opened opened{oauth::Scope(operation.scopes), operation.opened_since};
    if (!granted.includes(opened.scope)) return false;
    return std::ranges::any_of(remembered, [&](const oauth::Consent& given) {
      return given.scope.includes(opened.scope) && !oauth::has_seen(given, opened);
    });
  };
  std::vector<Line> lines;
  std::set<std::string_view> sentences;
  for (const ScopeDescription& scope : settings.scopes)
    for (const OpenedOperation& operation : scope.operations)
      if (is_news(operation) && sentences.insert(operation.sentence).second)
        lines.push_back({operation.effect, operation.sentence});
  if (lines.empty()) return;
  std::ranges::stable_sort(lines, std::ranges::greater(), &Line::effect);
  if (lines.size() > kMostLines) {
    const std::string more = fmt::format("{} more, see the technical details below", lines.size() - kMostLines);
    lines.resize(kMostLines);
    lines.push_back({.text = more});
  }
  pages::Data section;
  for (const Line& line : lines) section.add("new_operations", describe_line(line));
  data.add("news", std::move(section));
}

/// draft-ietf-oauth-client-id-metadata-document-03 §8.5, MCP authorization (THREATS N43): whose document describes the
/// client. Where the answer goes to this computer, any program here can claim that, and the page says so.
void set_origin(pages::Data& data, const oauth::Client& client, const oauth::RedirectUri& redirect_uri) {
  if (client.origin != oauth::ClientOrigin::metadata_document) return;
  const auto url = oauth::parse_document_url(client.id);
  pages::Data origin;
  origin.set("client_host", url ? url->authority() : client.id.value());
  data.add(oauth::is_local_redirect(redirect_uri) ? "claimed_origin" : "origin", std::move(origin));
}

/// Which APIs it is about, where that does not go without saying.
void set_resources(pages::Data& data, const ProviderSettings& settings, const std::vector<oauth::Resource>& asked) {
  const bool is_usual = asked.size() == 1 && asked.front() == settings.resources.own().identifier;
  if (is_usual) return;
  pages::Data section;
  for (const oauth::Resource& identifier : asked) {
    const oauth::ProtectedResource* resource = settings.resources.find(identifier.value());
    const bool has_name = resource != nullptr && !resource->name.empty();
    pages::Data element;
    element.set("resource_name", has_name ? resource->name : identifier.value()).set("resource", identifier.value());
    section.add("resource_list", std::move(element));
  }
  data.add("resources", std::move(section));
}

}  // namespace

std::string consent_purpose(std::string_view query) {
  return "consent " + base64url_encode(crypto::sha256(query).view());
}

/// RFC 7591 §5: what a client says of itself is its own word, and the page says so.
// DEVIATION RFC 6749 §10.2: the page does not say for how long. A client that goes on refreshing stays until the person
// ends it, and where that is done the page says.
void set_consent(pages::Data& data, const Context& context, const oauth::Client& client, const oauth::AskedFor& asked,
                 const accounts::SignedIn& signed_in, const std::vector<oauth::Consent>& remembered) {
  oauth::Scope allowed = asked.scope;
  for (const oauth::Consent& given : remembered) allowed = allowed.united_with(given.scope);
  data.set("client_name", client.name)
      .set("client_id", client.id.value())
      .set("person", signed_in.user.display_name())
      .set("email", signed_in.user.email)
      .show("registered_itself", client.origin == oauth::ClientOrigin::registration);
  set_scopes(data, context.settings(), asked.scope, allowed);
  set_resources(data, context.settings(), asked.resources);
}

// DEVIATION RFC 7591 §2: a client's logo is not shown, nor are its addresses linked. Nobody has checked them, and what
// tells a person whom they allow is where they will be taken.
net::Response consent_page(const Context& context, const CheckedRequest& checked, const accounts::SignedIn& signed_in,
                           const std::vector<oauth::Consent>& remembered) {
  const auto& redirect_uri = checked.request.target.redirect_uri;
  const auto destination = describe_destination(redirect_uri);
  pages::Data redirect;
  redirect.set("redirect_host", destination.name).set("redirect_uri", redirect_uri.value());
  pages::Data data;
  data.set("action", context.paths.consent)
      .set("form_token", context.csrf.mint_token(consent_purpose(checked.query), signed_in.form_binding))
      .add("redirect", std::move(redirect))
      .show("local_redirect", oauth::is_local_redirect(redirect_uri))
      .add_hidden("request", checked.query);
  set_origin(data, *checked.client, redirect_uri);
  set_news(data, context.settings(), checked.request.scope, remembered);
  set_consent(data, context, *checked.client, {checked.request.resources, checked.request.scope}, signed_in,
              remembered);
  context.accounts.add_sign_out(data, signed_in, context.paths.authorize + "?" + checked.query);
  return context.renderer.render(200, "consent", "Allow " + checked.client->name + "?", data,
                                 policy_for(destination, pages::Scripts::none));
}

}  // namespace chatelaine::provider::endpoints
