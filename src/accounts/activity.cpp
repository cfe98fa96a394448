#include "accounts/activity.hpp"

#include "accounts/dates.hpp"

namespace chatelaine::accounts {
namespace {

/// The user's calls that are looked through; an assistant with none among them has been quiet since.
constexpr std::uint32_t kLookedThrough = 500;
constexpr std::size_t kMostOfClient = 20;

/// What became of the call, where it did not simply succeed.
std::string_view word_for(std::uint32_t status) {
  if (status < 400) return "";
  if (status == 429) return "too often";
  return status == 401 || status == 403 || status == 404 ? "refused" : "failed";
}

pages::Data describe_call(const AccountsSettings& settings, const storage::LedgerEntry& call) {
  pages::Data data;
  data.set("what", describe_operation(settings, call.detail))
      .set("when", format_minute(call.at))
      .set("when_date", format_rfc3339(call.at));
  if (const auto word = word_for(call.status.value_or(0)); !word.empty()) {
    pages::Data outcome;
    outcome.set("outcome_word", std::string(word));
    data.add("outcome", std::move(outcome));
  }
  return data;
}

}  // namespace

std::string describe_operation(const AccountsSettings& settings, const std::string& operation) {
  std::string described = settings.describe_operation ? settings.describe_operation(operation) : std::string();
  return described.empty() ? operation : described;
}

Task<Activity> find_activity(const Context& context, oauth::UserId user_id) {
  storage::LedgerFilter filter;
  filter.part = storage::LedgerFilter::Part::calls;
  filter.order = storage::LedgerFilter::Order::newest_first;
  filter.user_id = user_id;
  filter.most = kLookedThrough;
  auto calls = co_await context.storage.ledger().list_entries(std::move(filter));
  Activity activity;
  for (storage::LedgerEntry& call : calls) {
    if (!call.client_id) continue;
    auto& of_client = activity[*call.client_id];
    if (of_client.size() < kMostOfClient) of_client.push_back(std::move(call));
  }
  co_return activity;
}

void add_activity(pages::Data& client, const AccountsSettings& settings,
                  const std::vector<storage::LedgerEntry>& calls) {
  if (calls.empty()) return;
  pages::Data section;
  for (const storage::LedgerEntry& call : calls) section.add("call_list", describe_call(settings, call));
  client.add("activity", std::move(section));
}

}  // namespace chatelaine::accounts
