#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/read.hpp"
#include "oauth/assistants/assistant_profile.hpp"

namespace chatelaine::app {

struct KnownProfile {
  oauth::AssistantProfile profile;
  /// Where it was read; empty for a built-in one.
  std::filesystem::path file;
  /// What stands there.
  std::string text;
};

/// The profiles that are built in, and those of a directory over them.
class KnownProfiles {
 public:
  /// `directory`: empty for the built-in ones alone. Reads every `*.toml` in it whose name does not begin with a dot.
  /// Every fault is named: a directory or file that cannot be read, what is wrong in one, an alias that is another's
  /// name or alias. A name of the directory's goes before an alias that is built in.
  [[nodiscard]] static std::expected<KnownProfiles, std::vector<ConfigurationFault>> load(
      const std::filesystem::path& directory);

  /// By its name or one of its aliases; null where there is none.
  [[nodiscard]] const KnownProfile* find(std::string_view name) const;
  /// By their names.
  [[nodiscard]] const std::map<std::string, KnownProfile, std::less<>>& all() const { return profiles_; }

 private:
  std::map<std::string, KnownProfile, std::less<>> profiles_;
};

}  // namespace chatelaine::app
