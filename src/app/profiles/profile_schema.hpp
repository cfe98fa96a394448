#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/profiles/profile_values.hpp"
#include "oauth/assistants/assistant_profile.hpp"

namespace chatelaine::app {

/// What the keys of a profile have said so far.
struct ProfileDraft {
  oauth::AssistantProfile profile;
  /// The [[redirect]] that is being read.
  std::optional<oauth::RedirectTemplate> redirect_template;
  std::string redirect_example;
  std::string redirect_note;
  std::string redirect_document;
  std::vector<std::string> redirect_parameters;
  std::optional<oauth::StateForm> redirect_state;
};

using TakeProfileText = ProfileTaken (*)(ProfileDraft&, const std::string&);
using TakeProfileBoolean = ProfileTaken (*)(ProfileDraft&, bool);
using TakeProfileList = ProfileTaken (*)(ProfileDraft&, const std::vector<std::string>&);
using TakeProfileDate = ProfileTaken (*)(ProfileDraft&, std::chrono::year_month_day);

enum class Presence : std::uint8_t {
  required,
  optional,
  fact,  ///< given, or named among those that are not known
};

/// Of which profiles something is a fact; the others must not have it.
struct Condition {
  bool (*holds)(const oauth::AssistantProfile&);
  /// `registration has "dynamic"`.
  std::string_view text;
};

/// One key of a profile: reading it, the messages about it and docs/operators/profiles.md come from here.
struct ProfileKey {
  /// The table that it stands in, "" for the top.
  std::string_view table;
  std::string_view name;
  /// What its value looks like: "a text".
  std::string_view shape;
  Presence presence;
  std::string_view sentence;
  std::variant<TakeProfileText, TakeProfileBoolean, TakeProfileList, TakeProfileDate> take;
  /// Null: of every profile.
  const Condition* where = nullptr;

  /// `token.timeout`, as messages name it.
  [[nodiscard]] std::string path() const;
};

struct ProfileTable {
  std::string_view name;
  enum class Shape : std::uint8_t {
    once,
    repeated,  ///< `[[name]]`
    needs,     ///< its keys are those of the server's metadata
    request,   ///< its keys are those of a request to register; a fact
  } shape;
  std::string_view sentence;
  /// Where the members of a table of needs go.
  boost::json::object oauth::AssistantProfile::* needs = nullptr;
};

/// Where [registration_request] is a fact.
[[nodiscard]] const Condition& registration_request_condition();

/// In the order of the reference; the top's keys have no table of their own.
[[nodiscard]] std::span<const ProfileTable> profile_tables();
[[nodiscard]] std::span<const ProfileKey> profile_keys();

}  // namespace chatelaine::app
