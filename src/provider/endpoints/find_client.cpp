#include "provider/endpoints/find_client.hpp"

#include <algorithm>

#include "oauth/clients/client_metadata_document.hpp"

namespace chatelaine::provider::endpoints {
namespace {

using Kind = oauth::UnredirectableError::Kind;

constexpr std::uint32_t kMostNewLedByPersons = 10'000;
constexpr std::uint32_t kMostNewLedByPrograms = 100;

bool is_document_client(const oauth::Client& client) { return client.origin == oauth::ClientOrigin::metadata_document; }

/// What is wrong with the place of a document; nothing where it may be read.
std::optional<std::string> find_fault_of_place(const ProviderSettings& settings, const oauth::ClientId& client_id) {
  const auto url = oauth::parse_document_url(client_id);
  if (!url) return url.error();
  const auto& hosts = settings.document_hosts;
  if (hosts.empty() || std::ranges::find(hosts, url->authority()) != hosts.end()) return std::nullopt;
  return "This server takes no clients of " + url->authority() + ": its operator has named the hosts that it does.";
}

oauth::Scope offered_scope(const ProviderSettings& settings) {
  std::vector<std::string> names;
  std::ranges::transform(settings.scopes, std::back_inserter(names), &ScopeDescription::name);
  return oauth::Scope(std::move(names));
}

}  // namespace

Task<std::expected<std::shared_ptr<const oauth::Client>, oauth::UnredirectableError>> find_client(
    const Context& context, oauth::ClientId client_id) {
  const auto& settings = context.settings();
  auto stored = co_await context.storage.clients().find_client(client_id);
  // draft-ietf-oauth-client-id-metadata-document-03 §7.2: an operator may have registered such an id, and then it is
  // what they say.
  if (stored && !is_document_client(*stored)) co_return stored;
  if (!oauth::names_document(client_id) || !settings.flows.takes_document_clients())
    co_return std::unexpected(oauth::UnredirectableError{Kind::unknown_client, client_id.value(), {}});

  const auto unusable = [&](std::string reason) {
    return std::unexpected(
        oauth::UnredirectableError{Kind::unusable_client_document, client_id.value(), std::move(reason)});
  };
  if (auto fault = find_fault_of_place(settings, client_id)) co_return unusable(std::move(*fault));
  const auto document = co_await context.documents.client_documents().find(client_id.value());
  // draft-ietf-oauth-client-id-metadata-document-03 §5.1: without the document the request ends.
  if (!document) co_return unusable(document.error().sentence);
  co_return std::make_shared<const oauth::Client>(
      oauth::make_client(**document, offered_scope(settings), context.clock.now()));
}

Task<std::shared_ptr<const oauth::Client>> find_stored_client(const Context& context, oauth::ClientId client_id) {
  auto stored = co_await context.storage.clients().find_client(std::move(client_id));
  if (stored && is_document_client(*stored)) {
    const auto& settings = context.settings();
    if (!settings.flows.takes_document_clients() || find_fault_of_place(settings, stored->id)) co_return nullptr;
  }
  co_return stored;
}

Task<bool> keep_client(const Context& context, const oauth::Client& client, LedBy led_by) {
  if (!is_document_client(client)) co_return true;
  const std::uint32_t most = led_by == LedBy::person ? kMostNewLedByPersons : kMostNewLedByPrograms;
  const bool is_kept = co_await context.storage.clients().put_document_client(client, context.clock.now(), most);
  co_return is_kept;
}

oauth::UnredirectableError too_many_new_clients(const oauth::Client& client) {
  return {Kind::unusable_client_document, client.id.value(),
          "Too many clients that this server did not know have come in the last hours: try again later."};
}

}  // namespace chatelaine::provider::endpoints
