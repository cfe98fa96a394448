#include "accounts/one_time_link.hpp"

#include "accounts/accounts.hpp"
#include "oauth/handle.hpp"

namespace chatelaine::accounts {

Task<std::string> make_one_time_link(storage::Storage& storage, oauth::UserId user_id, std::string page_base_url,
                                     milliseconds lifetime, const Clock& clock, Randomness& randomness,
                                     IdSequence& ids) {
  const auto id = ids.next<storage::OneTimeLinkTag>();
  const oauth::Handle handle = oauth::make_handle(id.value, randomness);
  const Instant now = clock.now();
  const storage::OneTimeLink link{id, handle.hash(), user_id, now + lifetime};
  co_await storage.one_time_links().add_one_time_link(link, now);
  co_return page_base_url + "/set-password?link=" + oauth::format_handle(kOneTimeLinkPrefix, handle);
}

}  // namespace chatelaine::accounts
