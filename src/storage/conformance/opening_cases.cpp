#include <gtest/gtest.h>

#include <map>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

constexpr Instant kLater = kNow + std::chrono::hours(1);
constexpr Instant kLast = kNow + std::chrono::hours(2);

Opening open_by(const std::string& operation, std::vector<std::string> scope) {
  return {operation, oauth::Scope(std::move(scope)), Instant(std::chrono::hours(5))};
}

/// Since when each is open.
std::map<std::string, Instant> keep(Storage& storage, const std::vector<Opening>& openings, Instant now) {
  std::map<std::string, Instant> since;
  for (const Opening& opening : block_on(storage.openings().keep_openings(openings, now)))
    since[opening.operation] = opening.since;
  return since;
}

using Since = std::map<std::string, Instant>;

const Case kCases[] = {
    {"what is open at first was open before anybody was asked",
     [](Storage& storage) {
       const auto kept = block_on(storage.openings().keep_openings({open_by("GET /a", {"read", "\"x\""})}, kNow));
       ASSERT_EQ(kept.size(), 1U);
       EXPECT_EQ(kept[0].operation, "GET /a");
       EXPECT_EQ(kept[0].scope, oauth::Scope({"read", "\"x\""}));
       EXPECT_EQ(kept[0].since, Instant());
     }},
    {"what comes later is open since then, also where the same is kept again",
     [](Storage& storage) {
       keep(storage, {open_by("GET /a", {"read"})}, kNow);
       const std::vector<Opening> both{open_by("GET /a", {"read"}), open_by("DELETE /a", {"write"})};
       const Since expected{{"GET /a", Instant()}, {"DELETE /a", kLater}};
       EXPECT_EQ(keep(storage, both, kLater), expected);
       EXPECT_EQ(keep(storage, both, kLast), expected);
     }},
    {"an operation that asks for more than before opens nothing; one that asks for less or something else does",
     [](Storage& storage) {
       const auto ask = [&](std::vector<std::string> scope, Instant now) {
         return keep(storage, {open_by("GET /a", std::move(scope))}, now)["GET /a"];
       };
       EXPECT_EQ(ask({"read"}, kNow), Instant());
       EXPECT_EQ(ask({"read", "write"}, kLater), Instant());
       EXPECT_EQ(ask({"read"}, kLater), kLater);
       EXPECT_EQ(ask({"write"}, kLast), kLast);
     }},
    {"an operation that was gone is new",
     [](Storage& storage) {
       keep(storage, {open_by("GET /a", {"read"}), open_by("GET /b", {"read"})}, kNow);
       keep(storage, {open_by("GET /b", {"read"})}, kNow);
       EXPECT_EQ(keep(storage, {open_by("GET /a", {"read"}), open_by("GET /b", {"read"})}, kLater),
                 (Since{{"GET /a", kLater}, {"GET /b", Instant()}}));
     }},
};

}  // namespace

std::span<const Case> opening_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
