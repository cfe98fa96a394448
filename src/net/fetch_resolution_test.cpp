// THREATS N40: a name is judged by the address that is connected to. Here the tests are the resolver of the names that
// end in .rebind.example, and no packet for them leaves the machine.
#include <gtest/gtest.h>

#include <mutex>

#include "base/block_on.hpp"
#include "net/fetch.hpp"
#include "net/test_resolver.hpp"
#include "net/test_socket.hpp"

namespace chatelaine::net {
namespace {

using Kind = FetchError::Kind;

/// What every such name leads to, and how often somebody asked for one.
struct Script {
  std::mutex mutex;
  std::vector<std::string> addresses;
  int lookups = 0;
};
Script script;

void lead_to(std::vector<std::string> addresses) {
  const std::scoped_lock lock(script.mutex);
  script.addresses = std::move(addresses);
  script.lookups = 0;
}

int count_lookups() {
  const std::scoped_lock lock(script.mutex);
  return script.lookups;
}

/// As the C library answers for a name that has several addresses.
int follow_script(Lookup library, const char*, const char* service, const addrinfo* hints, addrinfo** found) {
  const std::scoped_lock lock(script.mutex);
  ++script.lookups;
  addrinfo numeric = *hints;
  numeric.ai_family = AF_UNSPEC;
  numeric.ai_flags = AI_NUMERICHOST;
  *found = nullptr;
  addrinfo** end = found;
  for (const std::string& address : script.addresses) {
    if (const int error = library(address.c_str(), service, &numeric, end); error != 0) return error;
    while (*end != nullptr) end = &(*end)->ai_next;
  }
  return *found == nullptr ? EAI_NONAME : 0;
}

const OwnNames names(".rebind.example", &follow_script);

constexpr auto kPublic = AddressPolicy::public_only;
constexpr auto kDevelopment = AddressPolicy::public_and_loopback;

/// On a busy machine, too, an address is judged within it.
constexpr milliseconds kAmple{10'000};
/// For fetches that wait in vain for an answer.
constexpr milliseconds kBrief{1'000};

/// libcurl keeps names for a minute: each fetch has a Fetcher of its own.
FetchError fetch_in_vain(const std::string& host, std::uint16_t port, AddressPolicy addresses,
                         milliseconds timeout = kAmple) {
  Fetcher fetcher;
  FetchRequest request;
  request.url = "https://" + host + ':' + std::to_string(port);
  request.policy = {.addresses = addresses, .timeout = timeout};
  const auto outcome = block_on(fetcher.fetch(std::move(request)));
  EXPECT_FALSE(outcome);
  return outcome ? FetchError{} : outcome.error();
}

TEST(FetchResolution, a_name_leads_only_where_its_addresses_may) {
  struct Row {
    const char* sentence;
    std::vector<std::string> addresses;
    AddressPolicy policy;
    Kind outcome = Kind::forbidden_address;
  };
  const Row rows[] = {
      {"loopback", {"127.0.0.1"}, kPublic},
      {"IPv6 loopback", {"::1"}, kPublic},
      {"an IPv4-mapped loopback", {"::ffff:127.0.0.1"}, kDevelopment},
      {"loopback behind NAT64", {"64:ff9b::7f00:1"}, kDevelopment},
      {"a private address", {"10.0.0.1"}, kDevelopment},
      {"cloud metadata", {"169.254.169.254"}, kDevelopment},
      {"the unspecified address", {"0.0.0.0"}, kDevelopment},
      {"a carrier's own range", {"100.64.0.1"}, kDevelopment},
      {"several, and none that may be", {"10.0.0.1", "::1", "127.0.0.1", "169.254.169.254"}, kPublic},
      {"one that may be, after one that may not", {"10.0.0.1", "127.0.0.1"}, kDevelopment, Kind::timed_out},
  };
  TestListener listener;
  for (const Row& row : rows) {
    lead_to(row.addresses);
    // The listener takes connections and says nothing.
    const bool may_be_reached = row.outcome == Kind::timed_out;
    const auto error =
        fetch_in_vain("name.rebind.example", listener.port(), row.policy, may_be_reached ? kBrief : kAmple);
    EXPECT_EQ(error.kind, row.outcome) << row.sentence << ": " << error.message;
    EXPECT_EQ(count_lookups(), 1) << row.sentence;
    const bool was_reached = listener.is_connected_within(milliseconds{0});
    EXPECT_EQ(was_reached, may_be_reached) << row.sentence;
    if (was_reached) static_cast<void>(listener.accept());
  }
}

/// DNS rebinding: no lookup comes before the one that is used, so that none can be answered otherwise.
TEST(FetchResolution, a_name_that_changes_is_judged_by_what_is_connected_to) {
  TestListener listener;
  lead_to({"127.0.0.1"});
  EXPECT_EQ(fetch_in_vain("changing.rebind.example", listener.port(), kDevelopment, kBrief).kind, Kind::timed_out);
  EXPECT_EQ(count_lookups(), 1);
  ASSERT_TRUE(listener.is_connected_within(milliseconds{0})) << "what may be connected to is";
  static_cast<void>(listener.accept());

  EXPECT_EQ(fetch_in_vain("changing.rebind.example", listener.port(), kPublic).kind, Kind::forbidden_address);
  lead_to({"10.0.0.1"});
  EXPECT_EQ(fetch_in_vain("changing.rebind.example", listener.port(), kDevelopment).kind, Kind::forbidden_address);
  EXPECT_EQ(count_lookups(), 1);
  EXPECT_FALSE(listener.is_connected_within(milliseconds{0}));
}

TEST(FetchResolution, a_name_that_leads_nowhere_is_said) {
  lead_to({});
  EXPECT_EQ(fetch_in_vain("nowhere.rebind.example", 443, kPublic).kind, Kind::unresolvable);
}

}  // namespace
}  // namespace chatelaine::net
