#include <gtest/gtest.h>

#include <algorithm>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

constexpr Instant kLater = kNow + std::chrono::hours(1);
constexpr std::uint32_t kMany = 100;

FlightStep step(std::string request_id, std::vector<std::string> links, Instant at = kNow) {
  FlightStep made;
  made.at = at;
  made.request_id = std::move(request_id);
  made.status = 400;
  made.notes.stage = FlightStage::token_request;
  made.notes.outcome = FlightOutcome::failed;
  made.notes.links = std::move(links);
  return made;
}

FlightStep by(FlightStep made, std::string client_id, FlightOutcome outcome = FlightOutcome::failed) {
  made.notes.client_id = std::move(client_id);
  made.notes.outcome = outcome;
  return made;
}

void add(Storage& storage, const std::vector<FlightStep>& steps) { block_on(storage.flights().add_steps(steps)); }

std::vector<std::string> request_ids(const std::vector<FlightStep>& steps) {
  std::vector<std::string> ids;
  std::ranges::transform(steps, std::back_inserter(ids), &FlightStep::request_id);
  return ids;
}

std::vector<std::string> find(Storage& storage, const std::string& request_id, std::uint32_t most = kMany) {
  return request_ids(block_on(storage.flights().find_flight(request_id, most)));
}

std::vector<std::string> list(Storage& storage, FlightFilter filter) {
  return request_ids(block_on(storage.flights().list_steps(std::move(filter))));
}

using Ids = std::vector<std::string>;

const Case kCases[] = {
    {"a step comes back as it was noted",
     [](Storage& storage) {
       FlightStep noted = by(step("r1", {"grant:1", "code:2"}), "c1", FlightOutcome::odd);
       noted.notes.user_id = "u1";
       noted.notes.sentence = "It came \"twice\".";
       noted.notes.values = {{"redirect_uri", "https://a.example/\"x\""}, {"state", "(3 characters)"}};
       add(storage, {noted});
       const auto found = block_on(storage.flights().find_flight("r1", kMany));
       ASSERT_EQ(found.size(), 1U);
       EXPECT_EQ(found[0].at, kNow);
       EXPECT_EQ(found[0].status, 400U);
       EXPECT_EQ(found[0].notes.stage, FlightStage::token_request);
       EXPECT_EQ(found[0].notes.outcome, FlightOutcome::odd);
       EXPECT_EQ(found[0].notes.client_id, "c1");
       EXPECT_EQ(found[0].notes.user_id, "u1");
       EXPECT_EQ(found[0].notes.sentence, "It came \"twice\".");
       EXPECT_EQ(found[0].notes.values, noted.notes.values);
       EXPECT_EQ(found[0].notes.links, noted.notes.links);
     }},
    {"a flight is what its steps' links reach, in the order in which it happened",
     [](Storage& storage) {
       add(storage, {step("asked", {"request:a"}), step("other", {"request:b"})});
       add(storage, {step("consent", {"request:a", "code:1"}), step("exchange", {"code:1", "grant:7"}),
                     step("refresh", {"grant:7"}), step("alone", {})});
       const Ids flight{"asked", "consent", "exchange", "refresh"};
       EXPECT_EQ(find(storage, "asked"), flight);
       EXPECT_EQ(find(storage, "refresh"), flight);
       EXPECT_EQ(find(storage, "other"), Ids{"other"});
       EXPECT_EQ(find(storage, "alone"), Ids{"alone"});
       EXPECT_EQ(find(storage, "unknown"), Ids{});
     }},
    {"of a flight with too many steps those are given that went on, and the newest",
     [](Storage& storage) {
       std::vector<FlightStep> steps{by(step("consent", {"a", "grant:1"}), "c", FlightOutcome::went_on)};
       for (int i = 0; i < 300; ++i) steps.push_back(step("call" + std::to_string(i), {"grant:1"}));
       add(storage, steps);
       EXPECT_EQ(find(storage, "call7", 4), (Ids{"consent", "call7", "call298", "call299"}));
       EXPECT_EQ(find(storage, "consent", 1), Ids{"consent"});
     }},
    {"steps are listed newest first, page by page, those that went on where they are asked for",
     [](Storage& storage) {
       add(storage, {by(step("1", {}), "c1"), by(step("2", {}), "c1", FlightOutcome::went_on),
                     by(step("3", {}), "c2", FlightOutcome::odd), by(step("4", {}), "c1")});
       EXPECT_EQ(list(storage, {}), (Ids{"4", "3", "1"}));
       EXPECT_EQ(list(storage, {.outcomes = FlightFilter::Outcomes::all}), (Ids{"4", "3", "2", "1"}));
       EXPECT_EQ(list(storage, {.client_id = oauth::ClientId("c1")}), (Ids{"4", "1"}));
       EXPECT_EQ(list(storage, {.most = 2}), (Ids{"4", "3"}));
       const auto page = block_on(storage.flights().list_steps({.most = 2}));
       EXPECT_EQ(list(storage, {.before = page.back().id}), Ids{"1"});
     }},
    {"old steps are removed, and the oldest of too many, with their links",
     [](Storage& storage) {
       add(storage, {step("1", {"x"}), step("2", {"x"}, kLater), step("3", {"x"}, kLater), step("4", {}, kLater)});
       EXPECT_FALSE(block_on(storage.flights().remove_steps(kLater, kMany)));
       EXPECT_EQ(find(storage, "2"), (Ids{"2", "3"}));
       EXPECT_FALSE(block_on(storage.flights().remove_steps(kLater, 2)));
       EXPECT_EQ(list(storage, {}), (Ids{"4", "3"}));
       EXPECT_EQ(find(storage, "3"), Ids{"3"});
       add(storage, {step("5", {})});
       EXPECT_EQ(list(storage, {}), (Ids{"5", "4", "3"}));
     }},
    {"calls of the API are a quarter of it at most",
     [](Storage& storage) {
       std::vector<FlightStep> steps{step("sign-in", {})};
       for (int i = 0; i < 5; ++i) {
         steps.push_back(step("call" + std::to_string(i), {}));
         steps.back().notes.stage = FlightStage::api_call;
       }
       add(storage, steps);
       EXPECT_FALSE(block_on(storage.flights().remove_steps(kNow, 8)));
       EXPECT_EQ(list(storage, {}), (Ids{"call4", "call3", "sign-in"}));
     }},
};

}  // namespace

std::span<const Case> flight_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
