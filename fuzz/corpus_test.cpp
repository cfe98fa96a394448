#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "targets.hpp"

namespace chatelaine::fuzz {
namespace {

struct Target {
  std::string name;
  void (*check)(std::string_view);
};

class Corpus : public testing::TestWithParam<Target> {};

// Run from the root of the source tree, as every test is.
TEST_P(Corpus, WhatTheFuzzerFoundOrBeganWithBreaksNoPromise) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("fuzz/corpus/" + GetParam().name)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    GetParam().check(bytes);
    ++count;
  }
  EXPECT_GE(count, 5U);
}

INSTANTIATE_TEST_SUITE_P(
    Every, Corpus,
    testing::Values(Target{"challenge", check_challenge}, Target{"check_question", check_check_question},
                    Target{"client_assertion", check_client_assertion},
                    Target{"client_metadata", check_client_metadata},
                    Target{"client_metadata_document", check_client_metadata_document}, Target{"form", check_form},
                    Target{"handles", check_handles}, Target{"http_request", check_http_request},
                    Target{"id_token", check_id_token}, Target{"jwk", check_jwk}, Target{"jwt", check_jwt},
                    Target{"manifest", check_manifest}, Target{"mcp_message", check_mcp_message},
                    Target{"openapi", check_openapi}, Target{"page", check_page},
                    Target{"password_hash", check_password_hash}, Target{"redirect_template", check_redirect_template},
                    Target{"token_answer", check_token_answer}, Target{"tool_call", check_tool_call},
                    Target{"uri", check_uri}, Target{"user_code", check_user_code}),
    [](const auto& target) { return target.param.name; });

}  // namespace
}  // namespace chatelaine::fuzz
