#include "oauth/clients/credentials.hpp"

#include <gtest/gtest.h>

#include <string_view>

#include "oauth/clients/client_metadata_document.hpp"

namespace chatelaine::oauth {
namespace {

struct NameRow {
  const char* sentence;
  const char* name;
  const char* start;
};

/// RFC 9700 §2.6, §4.15.1, RFC 9068 §5: who registers chooses the start of the id and never all of it, so that it can
/// be nobody's subject. RFC 6749 §2.2: no two are the same.
TEST(ClientIds, NobodyChoosesOne) {
  constexpr std::string_view kLetters = "abcdefghijkmnpqrstuvwxyz23456789";
  const NameRow rows[] = {
      {"a person's subject", "user-1815", "user-1815-"},
      {"draft-ietf-oauth-client-id-metadata-document-03 §7.1: the URL of a document", "https://a.example/c",
       "https-a-example-c-"},
      {"an id that was given before", "todo-helper-7k2vq9xmpd", "todo-helper-7k2vq9xmpd-"},
      {"signs alone", "../", "client-"},
      {"nothing", "", "client-"},
      {"a long name", "abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghijklmnopqrstuvwxyz012345-"},
  };
  SystemRandomness randomness;
  for (const NameRow& row : rows) {
    SCOPED_TRACE(row.sentence);
    const ClientId id = make_client_id(row.name, randomness);
    const std::string& text = id.value();
    ASSERT_TRUE(text.starts_with(row.start)) << text;
    const auto chosen_here = std::string_view(text).substr(std::string_view(row.start).size());
    EXPECT_EQ(chosen_here.size(), 10U) << text;
    EXPECT_EQ(chosen_here.find_first_not_of(kLetters), std::string_view::npos) << text;
    EXPECT_FALSE(names_document(id)) << text;
    EXPECT_NE(make_client_id(row.name, randomness), id);
  }
}

}  // namespace
}  // namespace chatelaine::oauth
