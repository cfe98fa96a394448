#include "admin/remedies.hpp"

#include <gtest/gtest.h>

namespace chatelaine::admin {
namespace {

struct Row {
  const char* name;
  const char* id;
  oauth::ClientOrigin origin;
  oauth::WeaknessKind kind;
  const char* command;
};

constexpr Row kRows[] = {
    {"PKCE can be required", "todo-helper-7k2vq9xmpd", oauth::ClientOrigin::command, oauth::WeaknessKind::optional_pkce,
     "chatelaine client update todo-helper-7k2vq9xmpd --pkce required"},
    {"another assistant sends redirect_uri", "todo", oauth::ClientOrigin::command,
     oauth::WeaknessKind::left_out_redirect_uri, "chatelaine client update todo --assistant NAME"},
    {"another redirect URI is https, and none that a stranger wrote is in the command", "todo",
     oauth::ClientOrigin::registration, oauth::WeaknessKind::plain_redirect_uri,
     "chatelaine client update todo --redirect-uri https://…"},
    {"THREATS N38: an id that is a stranger's URL is in no command", "https://evil.example/client.json",
     oauth::ClientOrigin::metadata_document, oauth::WeaknessKind::plain_redirect_uri, ""},
    {"nor a plain word that a document should be called by", "todo", oauth::ClientOrigin::metadata_document,
     oauth::WeaknessKind::plain_redirect_uri, ""},
    {"nor an id that a shell reads as more than a word", "todo;reboot", oauth::ClientOrigin::command,
     oauth::WeaknessKind::optional_pkce, ""},
    {"nor one that looks like an option", "--help", oauth::ClientOrigin::command, oauth::WeaknessKind::optional_pkce,
     ""},
    {"nor an empty one", "", oauth::ClientOrigin::command, oauth::WeaknessKind::optional_pkce, ""},
};

TEST(Remedies, NameACommandOfOurOwnWordsAlone) {
  for (const Row& row : kRows) {
    oauth::Client client;
    client.id = oauth::ClientId(row.id);
    client.origin = row.origin;
    const Remedy remedy = find_remedy(client, {row.kind, "http://evil.example/$(reboot) is not https"});
    EXPECT_EQ(remedy.command, row.command) << row.name;
    EXPECT_EQ(remedy.advice.find("evil"), std::string::npos) << row.name;
    EXPECT_TRUE(remedy.advice.ends_with('.')) << row.name;
  }
}

}  // namespace
}  // namespace chatelaine::admin
