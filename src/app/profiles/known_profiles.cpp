#include "app/profiles/known_profiles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

#include "app/embedded.hpp"
#include "app/profiles/profile_file.hpp"
#include "base/contains.hpp"

namespace chatelaine::app {
namespace {

using Faults = std::vector<ConfigurationFault>;

enum class Origin : std::uint8_t { built_in, directory };
/// A profile beside what its faults are told with.
struct Loaded {
  ProfileFile content;
  Origin origin;
  std::filesystem::path file;
  std::string text;
};
using LoadedProfiles = std::map<std::string, Loaded, std::less<>>;

void load_text(std::string text, Origin origin, const std::filesystem::path& file, LoadedProfiles& loaded,
               Faults& faults) {
  auto parsed = parse_profile(text, file);
  if (!parsed) {
    std::ranges::move(parsed.error(), std::back_inserter(faults));
    return;
  }
  std::string name = parsed->profile.name;
  loaded.insert_or_assign(std::move(name), Loaded{std::move(*parsed), origin, file, std::move(text)});
}

std::vector<std::filesystem::path> list_files(const std::filesystem::path& directory, Faults& faults) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (auto entry = std::filesystem::directory_iterator(directory, error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.ends_with(".toml") && !name.starts_with('.')) files.push_back(entry->path());
  }
  if (error) faults.push_back({directory, 0, "", fmt::format("cannot be read: {}", error.message())});
  std::ranges::sort(files);
  return files;
}

void load_file(const std::filesystem::path& file, LoadedProfiles& loaded, Faults& faults) {
  // Whatever else opens may never end, as a pipe that nobody writes to.
  std::error_code unknown;
  const auto status = std::filesystem::status(file, unknown);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    faults.push_back({file, 0, "", "is no file that could be read, but a directory, a pipe or a device"});
    return;
  }
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    faults.push_back({file, 0, "", fmt::format("cannot be read: {}", std::generic_category().message(errno))});
    return;
  }
  load_text({std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()}, Origin::directory, file, loaded,
            faults);
}

/// Whoever names a file of their own like an alias that is built in means their file.
void shadow_built_in_aliases(LoadedProfiles& loaded) {
  for (auto& [name, entry] : loaded)
    if (entry.origin == Origin::built_in)
      std::erase_if(entry.content.profile.aliases, [&](const std::string& alias) {
        const auto own = loaded.find(alias);
        return own != loaded.end() && own->second.origin == Origin::directory;
      });
}

/// What a name means must not depend on the order of files. The built-in ones come first, so that the fault is told of
/// the file that an operator can change.
void check_aliases(const LoadedProfiles& loaded, Faults& faults) {
  std::set<std::string_view> taken;
  for (const auto& [name, entry] : loaded) taken.insert(name);
  for (const Origin origin : {Origin::built_in, Origin::directory})
    for (const auto& [name, entry] : loaded) {
      if (entry.origin != origin) continue;
      for (const std::string& alias : entry.content.profile.aliases) {
        if (taken.insert(alias).second) continue;
        const auto line = entry.content.lines.find("aliases");
        faults.push_back({entry.file, line == entry.content.lines.end() ? 0 : line->second, "aliases",
                          fmt::format("must be free, and \"{}\" is another profile's name or alias", alias)});
      }
    }
}

}  // namespace

std::expected<KnownProfiles, std::vector<ConfigurationFault>> KnownProfiles::load(
    const std::filesystem::path& directory) {
  LoadedProfiles loaded;
  Faults faults;
  for (const EmbeddedFile& file : embedded_files())
    load_text(std::string(file.bytes), Origin::built_in, std::filesystem::path("built-in profiles") / file.name, loaded,
              faults);
  if (!directory.empty())
    for (const auto& file : list_files(directory, faults)) load_file(file, loaded, faults);
  shadow_built_in_aliases(loaded);
  if (faults.empty()) check_aliases(loaded, faults);
  if (!faults.empty()) return std::unexpected(std::move(faults));
  KnownProfiles known;
  for (auto& [name, entry] : loaded)
    known.profiles_.emplace(name, KnownProfile{std::move(entry.content.profile),
                                               entry.origin == Origin::built_in ? std::filesystem::path() : entry.file,
                                               std::move(entry.text)});
  return known;
}

const KnownProfile* KnownProfiles::find(std::string_view name) const {
  if (const auto found = profiles_.find(name); found != profiles_.end()) return &found->second;
  for (const auto& [own_name, known] : profiles_)
    if (contains(known.profile.aliases, name)) return &known;
  return nullptr;
}

}  // namespace chatelaine::app
