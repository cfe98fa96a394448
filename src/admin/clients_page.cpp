#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "accounts/dates.hpp"
#include "admin/context.hpp"
#include "admin/names.hpp"
#include "admin/query.hpp"
#include "admin/remedies.hpp"
#include "base/uri.hpp"

namespace chatelaine::admin {
namespace {

constexpr std::uint32_t kMostOfPage = 50;
/// So many clients are looked through for weaknesses at most: what an answer costs stays bounded.
constexpr std::uint32_t kMostLookedThrough = 1'000;
/// So many steps are counted at most.
constexpr std::uint32_t kMostCounted = 500;
/// So many of one client's hosts, and of its weaknesses of one kind, are shown.
constexpr std::size_t kMostOfClient = 5;

enum class Shown : std::uint8_t { all, weak };

struct Query {
  Shown shown = Shown::all;
  std::optional<storage::ClientPage::Place> before;
};

storage::ClientPage::Place place_of(const oauth::Client& client) { return {client.created_at, client.id}; }

std::string write_place(const storage::ClientPage::Place& place) {
  return fmt::format("{}.{}", place.created_at.time_since_epoch().count(), place.id.value());
}

/// Nothing where it is no place that we wrote: the list then begins at its beginning.
std::optional<storage::ClientPage::Place> read_place(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto age = read_number(text.substr(0, dot));
  if (!age) return std::nullopt;
  return storage::ClientPage::Place{Instant(milliseconds(*age)), oauth::ClientId(std::string(text.substr(dot + 1)))};
}

Query read(const net::Request& request) {
  const Form form = read_query(request);
  return {form.get_or_empty("weak") == "1" ? Shown::weak : Shown::all, read_place(form.get_or_empty("before"))};
}

struct Listed {
  std::vector<oauth::Client> clients;
  /// Where older ones begin, if there are any.
  std::optional<storage::ClientPage::Place> next;
};

Task<Listed> list_all(const Context& context, std::optional<storage::ClientPage::Place> before) {
  Listed listed;
  const storage::ClientPage page{.before = std::move(before), .most = kMostOfPage + 1};
  listed.clients = co_await context.storage.clients().list_newest_clients(page);
  if (listed.clients.size() > kMostOfPage) {
    listed.clients.pop_back();
    listed.next = place_of(listed.clients.back());
  }
  co_return listed;
}

/// Looks through so many, and goes on behind them on the next page, so that every weak client is found in the end.
Task<Listed> list_weak(const Context& context, std::optional<storage::ClientPage::Place> before) {
  Listed listed;
  const storage::ClientPage page{.before = std::move(before), .most = kMostLookedThrough};
  const auto clients = co_await context.storage.clients().list_newest_clients(page);
  for (const oauth::Client& client : clients) {
    if (listed.clients.size() == kMostOfPage) {
      listed.next = place_of(listed.clients.back());
      co_return listed;
    }
    if (!find_weaknesses(client).empty()) listed.clients.push_back(client);
  }
  if (clients.size() == kMostLookedThrough) listed.next = place_of(clients.back());
  co_return listed;
}

std::string describe_count(std::size_t count, std::size_t most) {
  return count < most ? fmt::format("{}", count) : fmt::format("{} or more", most);
}

void add_figure(pages::Data& data, std::string number, std::string words, std::string href) {
  pages::Data figure;
  figure.set("number", std::move(number)).set("words", std::move(words));
  if (!href.empty()) {
    pages::Data link;
    link.set("href", std::move(href));
    figure.add("link", std::move(link));
  }
  data.add("figures", std::move(figure));
}

Task<std::size_t> count_troubles_of_a_day(const Context& context) {
  storage::FlightFilter filter;
  filter.most = kMostCounted;
  const auto steps = co_await context.storage.flights().list_steps(filter);
  const Instant since = context.clock.now() - std::chrono::hours{24};
  co_return static_cast<std::size_t>(
      std::ranges::count_if(steps, [&](const storage::FlightStep& step) { return step.at >= since; }));
}

Task<pages::Data> describe_summary(const Context& context) {
  pages::Data data;
  const std::uint64_t clients = co_await context.storage.clients().count_clients();
  add_figure(data, fmt::format("{}", clients), clients == 1 ? "client" : "clients", {});
  const std::size_t troubles = co_await count_troubles_of_a_day(context);
  add_figure(data, describe_count(troubles, kMostCounted),
             troubles == 1 ? "odd or failed step in the last 24 hours" : "odd or failed steps in the last 24 hours",
             context.paths.flows);
  const storage::ClientPage newest{.before = std::nullopt, .most = kMostLookedThrough};
  const auto clients_looked_through = co_await context.storage.clients().list_newest_clients(newest);
  std::size_t weaknesses = 0;
  for (const oauth::Client& client : clients_looked_through) weaknesses += find_weaknesses(client).size();
  std::string words = weaknesses == 1 ? "weakness" : "weaknesses";
  if (clients > kMostLookedThrough) words += fmt::format(" of the newest {} clients", kMostLookedThrough);
  add_figure(data, fmt::format("{}", weaknesses), std::move(words), context.paths.home + "?weak=1");
  co_return data;
}

/// The host that people's answers go to; of an app's own scheme, that scheme.
std::string describe_target(const oauth::RedirectUri& uri) {
  if (const auto url = parse_http_url(uri.value())) return url->authority();
  return uri.value().substr(0, uri.value().find(':') + 1);
}

void add_texts(pages::Data& data, const std::string& list, const std::vector<std::string>& texts) {
  for (std::size_t i = 0; i < std::min(texts.size(), kMostOfClient); ++i) data.add_text(list, texts[i]);
  if (texts.size() > kMostOfClient) data.add_text(list, fmt::format("and {} more", texts.size() - kMostOfClient));
}

void add_targets(pages::Data& data, const oauth::Client& client) {
  std::vector<std::string> targets;
  for (const oauth::RedirectUri& uri : client.redirect_uris) {
    std::string target = describe_target(uri);
    if (std::ranges::find(targets, target) == targets.end()) targets.push_back(std::move(target));
  }
  add_texts(data, "targets", targets);
  data.show("has_targets", !targets.empty());
}

/// Those of one kind together, since one remedy serves them all.
void add_weaknesses(pages::Data& data, const oauth::Client& client) {
  const auto weaknesses = find_weaknesses(client);
  data.show("is_weak", !weaknesses.empty());
  for (auto first = weaknesses.begin(); first != weaknesses.end();) {
    const auto last =
        std::find_if(first, weaknesses.end(), [&](const auto& other) { return other.kind != first->kind; });
    std::vector<std::string> sentences;
    std::transform(first, last, std::back_inserter(sentences), [](const auto& weakness) { return weakness.sentence; });
    const Remedy remedy = find_remedy(client, *first);
    pages::Data described;
    add_texts(described, "sentences", sentences);
    described.set("advice", remedy.advice).add_text("command", remedy.command);
    data.add("weaknesses", std::move(described));
    first = last;
  }
}

std::string describe(oauth::ClientOrigin origin) {
  switch (origin) {
    case oauth::ClientOrigin::command:
      return "Added by a command on";
    case oauth::ClientOrigin::registration:
      return "Registered itself, under a name that it chose, on";
    case oauth::ClientOrigin::metadata_document:
      return "Known by its own document, which says its name, since";
  }
  std::unreachable();
}

pages::Data describe_client(const Context& context, const oauth::Client& client) {
  std::string grant_types;
  for (const oauth::GrantType grant_type : client.grant_types)
    grant_types.append(grant_types.empty() ? "" : ", ").append(short_name(grant_type));
  pages::Data data;
  data.set("client_name", name_of(client))
      .set("client_id", client.id.value())
      .set("origin", describe(client.origin))
      .set("since", accounts::format_day(client.created_at))
      .set("since_date", accounts::format_date(client.created_at))
      .set("grant_types", grant_types)
      .set("its_flows_url", context.client_flows_url(client.id.value()));
  add_targets(data, client);
  add_weaknesses(data, client);
  return data;
}

std::string describe_nothing(const Query& query) {
  if (query.shown == Shown::weak) return "None of those that were looked at has a weakness.";
  if (query.before) return "There is none before.";
  return "There is none yet.";
}

}  // namespace

Task<net::Response> show_clients(const Context& context, const net::Request& request,
                                 const accounts::SignedIn& signed_in) {
  const Query query = read(request);
  pages::Data data = begin_page(context, signed_in, Place::clients);
  if (!query.before) {
    auto summary = co_await describe_summary(context);
    data.add("summary", std::move(summary));
  }
  const bool is_filtered = query.shown == Shown::weak;
  const auto list = is_filtered ? list_weak : list_all;
  const auto listed = co_await list(context, query.before);
  for (const oauth::Client& client : listed.clients) data.add("clients", describe_client(context, client));
  if (listed.clients.empty()) data.add_text("nothing", describe_nothing(query));
  data.show("has_clients", !listed.clients.empty())
      .show("is_filtered", is_filtered)
      .set("weak_url", context.paths.home + "?weak=1");
  if (listed.next) {
    const std::string next = std::string(is_filtered ? "?weak=1&before=" : "?before=");
    data.add_text("next", context.paths.home + next + percent_encode(write_place(*listed.next)));
  }
  co_return context.renderer.render(200, "admin_clients", "Administration", data);
}

}  // namespace chatelaine::admin
