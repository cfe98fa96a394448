#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <ostream>
#include <vector>

#include "storage/conformance/backend.hpp"
#include "storage/conformance/cases.hpp"
#include "storage/memory/memory_storage.hpp"
#include "storage/sqlite/sqlite_storage.hpp"

namespace chatelaine::storage::conformance {

// What GoogleTest says of a parameter when its test fails.
void PrintTo(const Case& sentence, std::ostream* out) { *out << sentence.sentence; }
void PrintTo(const Backend& backend, std::ostream* out) { *out << backend.name; }

namespace {

const Backend kBackends[] = {
    {"memory", [](const std::filesystem::path&) { return make_memory_storage(); }},
    {"sqlite",
     [](const std::filesystem::path& directory) {
       static SystemClock clock;
       static SilentLog log;
       return open_sqlite(directory / "chatelaine.sqlite", clock, log);
     }},
};

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const auto cases : {client_cases(),
                           document_client_cases(),
                           registration_cases(),
                           initial_access_token_cases(),
                           user_cases(),
                           federated_identity_cases(),
                           sign_in_attempt_cases(),
                           session_cases(),
                           one_time_link_cases(),
                           consent_cases(),
                           pushed_authorization_request_cases(),
                           used_client_assertion_cases(),
                           authorization_code_cases(),
                           device_code_cases(),
                           device_code_answer_cases(),
                           grant_cases(),
                           rotation_cases(),
                           replay_cases(),
                           access_token_cases(),
                           confirmation_cases(),
                           key_cases(),
                           ledger_cases(),
                           flight_cases(),
                           opening_cases(),
                           plugin_cases(),
                           connection_cases(),
                           connection_refresh_cases(),
                           upkeep_cases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

/// GoogleTest's names are words of letters, digits and underscores.
std::string to_test_name(const Backend& backend, const Case& sentence) {
  std::string name = std::string(backend.name) + "_" + std::string(sentence.sentence);
  std::erase(name, '\'');
  std::ranges::replace_if(name, [](unsigned char character) { return std::isalnum(character) == 0; }, '_');
  return name;
}

class Conformance : public testing::TestWithParam<std::tuple<Backend, Case>> {};

TEST_P(Conformance, Holds) {
  const auto& [backend, sentence] = GetParam();
  SCOPED_TRACE(sentence.sentence);
  const TemporaryDirectory directory;
  const auto storage = backend.open(directory.path());
  sentence.check(*storage);
}

INSTANTIATE_TEST_SUITE_P(Storage, Conformance,
                         testing::Combine(testing::ValuesIn(kBackends), testing::ValuesIn(all_cases())),
                         [](const testing::TestParamInfo<Conformance::ParamType>& row) {
                           return to_test_name(std::get<0>(row.param), std::get<1>(row.param));
                         });

}  // namespace
}  // namespace chatelaine::storage::conformance
