#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "app/cli/command.hpp"
#include "base/json.hpp"

namespace chatelaine::app {

/// What a command left behind.
struct Ran {
  ExitCode code;
  std::string out;
  std::string err;
  /// stdout as JSON; null where it is none.
  [[nodiscard]] json::value json() const { return parse_json(out).value_or(json::value()); }
};

/// A directory that goes away, with a configuration for commands to work on.
class Workplace {
 public:
  Workplace() {
    std::string name = (std::filesystem::temp_directory_path() / "chatelaine-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  ~Workplace() { std::filesystem::remove_all(directory_); }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }
  [[nodiscard]] std::filesystem::path file() const { return directory_ / "chatelaine.toml"; }
  void write(std::string_view text) const { std::ofstream(file()) << text; }
  void write(const std::string& name, std::string_view text) const { std::ofstream(directory_ / name) << text; }

  /// Runs a command on this configuration.
  [[nodiscard]] Ran run(std::vector<std::string> words, const std::string& in = "") const {
    words.push_back("--config");
    words.push_back(file().string());
    return run_as_it_is(std::move(words), in);
  }
  [[nodiscard]] static Ran run_as_it_is(const std::vector<std::string>& words, const std::string& in = "") {
    std::istringstream input(in);
    std::ostringstream out;
    std::ostringstream err;
    Console console{input, out, err, false};
    const ExitCode code = run_command_line(words, console);
    return {code, out.str(), err.str()};
  }

 private:
  std::filesystem::path directory_;
};

inline constexpr std::string_view kProviderFile =
    "issuer = \"http://127.0.0.1:8080\"\n[[scope]]\nname = \"todo.read\"\n[[scope]]\nname = \"todo.write\"\n";

}  // namespace chatelaine::app
