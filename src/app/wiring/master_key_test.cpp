#include "app/wiring/master_key.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <thread>
#include <vector>

namespace chatelaine::app {
namespace {

class MasterKeyFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "chatelaine-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string find(const std::map<std::string, std::string, std::less<>>& variables = {}) {
    const auto environment = [&](std::string_view name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    return std::string(
        crypto::format_master_key(find_or_make_master_key(directory_, environment, randomness_)).reveal());
  }
  std::string fault_of(const std::map<std::string, std::string, std::less<>>& variables = {}) {
    try {
      static_cast<void>(find(variables));
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  }

  SystemRandomness randomness_;
  std::filesystem::path directory_;
};

TEST_F(MasterKeyFile, IsMadeOnceForItsOwnerAlone) {
  const std::string key = find();
  EXPECT_EQ(find(), key);
  struct stat status{};
  ASSERT_EQ(::stat((directory_ / "chatelaine.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(MasterKeyFile, IsOneWhereManyStartAtOnce) {
  std::vector<std::string> keys(8);
  {
    std::vector<std::jthread> threads;
    for (auto& key : keys) threads.emplace_back([&] { key = find(); });
  }
  for (const auto& key : keys) EXPECT_EQ(key, keys.front());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_), std::filesystem::directory_iterator()), 1);
}

TEST_F(MasterKeyFile, IsRefusedWhereOthersMayReadIt) {
  static_cast<void>(find());
  ASSERT_EQ(::chmod((directory_ / "chatelaine.key").c_str(), 0640), 0);
  EXPECT_NE(fault_of().find("may be read by others"), std::string::npos);
}

TEST_F(MasterKeyFile, GivesWayToTheEnvironment) {
  const auto text = [&] {
    return std::string(crypto::format_master_key(crypto::generate_master_key(randomness_)).reveal());
  };
  const std::string from_variable = text();
  const std::string from_file = text();
  const std::string from_credentials = text();
  std::ofstream(directory_ / "mounted") << from_file << "\n";
  std::ofstream(directory_ / "chatelaine-master-key") << from_credentials << "\n";
  const std::string file = (directory_ / "mounted").string();
  EXPECT_EQ(find({{"CREDENTIALS_DIRECTORY", directory_.string()}}), from_credentials);
  EXPECT_EQ(find({{"CREDENTIALS_DIRECTORY", directory_.string()}, {"CHATELAINE_MASTER_KEY_FILE", file}}), from_file);
  EXPECT_EQ(find({{"CHATELAINE_MASTER_KEY", from_variable}, {"CHATELAINE_MASTER_KEY_FILE", file}}), from_variable);
  EXPECT_FALSE(std::filesystem::exists(directory_ / "chatelaine.key"));
}

TEST_F(MasterKeyFile, IsNotQuotedWhereItIsWrong) {
  EXPECT_EQ(fault_of({{"CHATELAINE_MASTER_KEY", "hunter2"}}),
            "CHATELAINE_MASTER_KEY does not hold a master key (ctl_mk_ and 43 characters)");
}

}  // namespace
}  // namespace chatelaine::app
