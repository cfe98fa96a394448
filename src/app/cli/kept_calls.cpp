#include "app/cli/kept_calls.hpp"

#include <fmt/format.h>

#include "app/cli/command.hpp"
#include "app/cli/configuration_file.hpp"

namespace chatelaine::app {

std::filesystem::path kept_calls_file(const std::filesystem::path& configuration) {
  return std::filesystem::path(configuration).replace_extension(".exposed.json");
}

std::optional<std::vector<OpenCall>> read_kept_calls(const std::filesystem::path& configuration) {
  const std::filesystem::path file = kept_calls_file(configuration);
  if (!std::filesystem::exists(file)) return std::nullopt;
  auto calls = read_open_calls(read_text(file));
  if (!calls)
    throw WrongUsage(fmt::format("{} cannot be read: {}. Without that file nothing is compared, and it is made anew",
                                 file.string(), calls.error()));
  return *std::move(calls);
}

void keep_open_calls(const std::filesystem::path& configuration, const std::string& text) {
  const std::filesystem::path file = kept_calls_file(configuration);
  if (!std::filesystem::exists(file))
    write_new_file(file, text);
  else if (read_text(file) != text)
    replace_file(file, text);
}

}  // namespace chatelaine::app
