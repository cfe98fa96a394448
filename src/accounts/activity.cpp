#include "accounts/activity.hpp"

#include <algorithm>
#include <span>

#include "accounts/dates.hpp"
#include "accounts/endpoints.hpp"
#include "accounts/return_to.hpp"
#include "accounts/sessions.hpp"

namespace chatelaine::accounts {
namespace {

constexpr std::uint32_t kMostOnAccountPage = 20;
constexpr std::uint32_t kMostOfPage = 50;

/// The newest first; one more than `most` where there are more.
Task<std::vector<storage::LedgerEntry>> list_calls(const Context& context, oauth::UserId user_id,
                                                   oauth::ClientId client_id,
                                                   std::optional<storage::LedgerEntryId> before, std::uint32_t most) {
  storage::LedgerFilter filter;
  filter.part = storage::LedgerFilter::Part::calls;
  filter.order = storage::LedgerFilter::Order::newest_first;
  filter.user_id = user_id;
  filter.client_id = std::move(client_id);
  filter.after = before;
  filter.most = most + 1;
  co_return co_await context.storage.ledger().list_entries(std::move(filter));
}

/// What became of the call, where it did not simply succeed.
std::string_view word_for(std::uint32_t status) {
  if (status < 400) return "";
  if (status == 429) return "too often";
  return status == 401 || status == 403 || status == 404 ? "refused" : "failed";
}

std::string page_of(const Context& context, const oauth::ClientId& client_id,
                    std::optional<storage::LedgerEntryId> before = std::nullopt) {
  std::vector<Form::Field> fields{{"client", client_id.value()}};
  if (before) fields.push_back({"before", format_id(before->value)});
  return context.path(path::kActivity) + "?" + encode_form(fields);
}

bool looks_alike(const storage::LedgerEntry& a, const storage::LedgerEntry& b) {
  return a.detail == b.detail && word_for(a.status.value_or(0)) == word_for(b.status.value_or(0));
}

/// Calls in a row that look alike, the newest first.
pages::Data describe_run(const AccountsSettings& settings, std::span<const storage::LedgerEntry> run) {
  const storage::LedgerEntry& newest = run.front();
  pages::Data data;
  data.set("what", describe_operation(settings, newest.detail))
      .set("when", format_minute(newest.at))
      .set("when_date", format_rfc3339(newest.at));
  if (const auto word = word_for(newest.status.value_or(0)); !word.empty()) data.add_text("outcome", std::string(word));
  if (run.size() == 1) return data;
  pages::Data repeated;
  repeated.set("times", std::to_string(run.size()));
  const Instant first = run.back().at;
  if (format_minute(first) != format_minute(newest.at)) {
    pages::Data since;
    since.set("first", format_minute(first)).set("first_date", format_rfc3339(first));
    repeated.add("since", std::move(since));
  }
  data.add("repeated", std::move(repeated));
  return data;
}

/// Somebody's eye finds the one deletion among fifty reads.
void add_calls(pages::Data& data, const AccountsSettings& settings, std::span<const storage::LedgerEntry> calls) {
  while (!calls.empty()) {
    const auto end = std::ranges::find_if_not(calls, [&](const auto& call) { return looks_alike(calls[0], call); });
    const auto length = static_cast<std::size_t>(end - calls.begin());
    data.add("call_list", describe_run(settings, calls.first(length)));
    calls = calls.subspan(length);
  }
}

}  // namespace

std::string describe_operation(const AccountsSettings& settings, const std::string& operation) {
  std::string described = settings.describe_operation ? settings.describe_operation(operation) : std::string();
  return described.empty() ? operation : described;
}

Task<void> add_activity(pages::Data& data, const Context& context, oauth::UserId user_id,
                        const oauth::ClientId& client_id) {
  auto calls = co_await list_calls(context, user_id, client_id, std::nullopt, kMostOnAccountPage);
  if (calls.empty()) co_return;
  pages::Data section;
  if (calls.size() > kMostOnAccountPage) {
    calls.pop_back();
    section.add_text("all", page_of(context, client_id));
  }
  add_calls(section, context.settings, calls);
  data.add("activity", std::move(section));
}

Task<net::Response> show_activity(const Context& context, const net::Request& request) {
  const Form query = read_query(request.query);
  const oauth::ClientId client_id(std::string(query.get_or_empty("client")));
  std::optional<storage::LedgerEntryId> before;
  if (const auto id = parse_id(query.get_or_empty("before"))) before = storage::LedgerEntryId{*id};
  const auto signed_in = co_await find_signed_in(context, request);
  if (!signed_in) co_return redirect_to_sign_in(context, page_of(context, client_id, before));
  auto calls = co_await list_calls(context, signed_in->user.id, client_id, before, kMostOfPage);
  pages::Data data;
  if (calls.size() > kMostOfPage) {
    calls.pop_back();
    data.add_text("next", page_of(context, client_id, calls.back().id));
  }
  add_calls(data, context.settings, calls);
  const auto client = co_await context.storage.clients().find_client(client_id);
  data.set("client_name", client ? client->name : client_id.value())
      .set("account_url", context.path(path::kAccount))
      .show("did_nothing", calls.empty())
      .show("is_later_page", before.has_value());
  co_return context.renderer.render(200, "activity", "What an assistant did", data);
}

}  // namespace chatelaine::accounts
