#include "accounts/sign_in_demand.hpp"

#include <charconv>

namespace chatelaine::accounts {
namespace {

/// A number of seconds that no sum of times overflows.
std::optional<seconds> read_max_age(std::string_view text) {
  constexpr std::int64_t kMost = std::chrono::seconds(std::chrono::years{10}).count();
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < 0 || count > kMost) return std::nullopt;
  return seconds(count);
}

}  // namespace

std::string write_sign_in_demand(const SignInDemand& demand) {
  std::string query;
  switch (demand.mode) {
    case SignInMode::once:
      break;
    case SignInMode::again:
      query += "&again=yes";
      break;
    case SignInMode::choose_account:
      query += "&choose=yes";
      break;
  }
  if (demand.max_age) query += "&max_age=" + std::to_string(demand.max_age->count());
  return query;
}

SignInDemand read_sign_in_demand(const Form& query) {
  SignInDemand demand;
  if (query.get_or_empty("choose") == "yes") demand.mode = SignInMode::choose_account;
  if (query.get_or_empty("again") == "yes") demand.mode = SignInMode::again;
  demand.max_age = read_max_age(query.get_or_empty("max_age"));
  return demand;
}

}  // namespace chatelaine::accounts
