#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/config/configuration.hpp"

namespace chatelaine::app {

/// What the keys of a file have said so far; defaults are taken first, by the same functions.
struct ConfigurationDraft {
  std::filesystem::path directory;
  ProviderConfiguration provider;
  HostConfiguration host;
  SessionsConfiguration sessions;
  LedgerConfiguration ledger;
  FlightsConfiguration flights;
  LimitsConfiguration limits;
  std::string profiles_directory;
};

/// The error says what was expected, as the rest of a sentence that begins with the key: "must be …".
using Taken = std::expected<void, std::string>;
using TakeText = Taken (*)(ConfigurationDraft&, std::string_view);
using TakeBoolean = Taken (*)(ConfigurationDraft&, bool);
using TakeNumber = Taken (*)(ConfigurationDraft&, std::int64_t);
using TakeList = Taken (*)(ConfigurationDraft&, const std::vector<std::string>&);
using TakeMap = Taken (*)(ConfigurationDraft&, const std::map<std::string, std::string>&);

/// One key of the configuration: reading it, every message about it, the comments of `chatelaine init` and
/// docs/operators/configuration.md all come from here.
struct Key {
  /// The table that it stands in, "" for the top.
  std::string_view table;
  std::string_view name;
  /// What its value looks like: "a URL", "a duration".
  std::string_view shape;
  /// As `take` reads it, the elements of a list parted by commas; empty where the key has no default, or one that
  /// depends on others (`default_note`).
  std::string_view default_value;
  std::string_view default_note;
  /// A value for the comments and the reference, where the default is none.
  std::string_view example;
  std::string_view sentence;
  std::variant<TakeText, TakeBoolean, TakeNumber, TakeList, TakeMap> take;

  /// `api.upstream`, as messages name it.
  [[nodiscard]] std::string path() const;
};

struct Table {
  std::string_view name;
  /// `[[name]]`: may stand any number of times.
  enum class Shape : std::uint8_t { once, repeated } shape;
  std::string_view sentence;
};

/// The elements of a list as `default_value` and `example` have it.
[[nodiscard]] std::vector<std::string> split_list(std::string_view list);

/// In the order of the reference; the top's keys have no table of their own.
[[nodiscard]] std::span<const Table> configuration_tables();
[[nodiscard]] std::span<const Key> configuration_keys();

}  // namespace chatelaine::app
