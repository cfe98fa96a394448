#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chatelaine {

/// Which step of a flow a request is; `none` is no step of any (a stylesheet, the metadata).
enum class FlightStage : std::uint8_t {
  none,
  authorization_request,
  sign_in,
  user_source,
  consent,
  token_request,
  pushed_authorization_request,
  device_authorization,
  device_code,
  registration,
  revocation,
  introspection,
  userinfo,
  logout,
  api_call,
  account,
  connection
};

/// `went_on`: as it should; `odd`: answered, but not as a flow without trouble would be (a refresh token that came
/// twice, a person who says no); `failed`: the client or the person cannot go on from here.
enum class FlightOutcome : std::uint8_t { untold, went_on, odd, failed };

namespace detail {
inline constexpr std::array<std::string_view, 17> kFlightStages{"none",
                                                                "authorization_request",
                                                                "sign_in",
                                                                "user_source",
                                                                "consent",
                                                                "token_request",
                                                                "pushed_authorization_request",
                                                                "device_authorization",
                                                                "device_code",
                                                                "registration",
                                                                "revocation",
                                                                "introspection",
                                                                "userinfo",
                                                                "logout",
                                                                "api_call",
                                                                "account",
                                                                "connection"};
inline constexpr std::array<std::string_view, 4> kFlightOutcomes{"untold", "went_on", "odd", "failed"};

template <class Enum, std::size_t N>
[[nodiscard]] std::optional<Enum> find_named(const std::array<std::string_view, N>& names, std::string_view text) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}
}  // namespace detail

/// As they are stored and printed.
[[nodiscard]] inline std::string_view to_string(FlightStage stage) {
  return detail::kFlightStages[static_cast<std::size_t>(stage)];
}
[[nodiscard]] inline std::string_view to_string(FlightOutcome outcome) {
  return detail::kFlightOutcomes[static_cast<std::size_t>(outcome)];
}
[[nodiscard]] inline std::optional<FlightStage> parse_flight_stage(std::string_view text) {
  return detail::find_named<FlightStage>(detail::kFlightStages, text);
}
[[nodiscard]] inline std::optional<FlightOutcome> parse_flight_outcome(std::string_view text) {
  return detail::find_named<FlightOutcome>(detail::kFlightOutcomes, text);
}

/// What is learnt of one request while it is answered, for whoever asks later why a flow ended where it did
/// (docs/adr/0020). Whoever learns something notes it; whoever made the request's record passes it on once.
///
/// Nothing in it may be a secret: of values that could be, `describe_secret` says that they were there.
struct FlightNotes {
  struct Value {
    std::string name;
    std::string value;
    friend bool operator==(const Value&, const Value&) = default;
  };

  FlightStage stage = FlightStage::none;
  FlightOutcome outcome = FlightOutcome::untold;
  /// The client that the request names, where it is known here: not that it has proven to be it.
  std::string client_id;
  /// The user's id (format_id); empty where nobody is signed in.
  std::string user_id;
  /// What happened; where it failed, the cause. One sentence or more.
  std::string sentence;
  /// What came, as it may be shown.
  std::vector<Value> values;
  /// What this step shares with others of its flow: "grant:…", "code:…" (docs/operators/flights.md).
  std::vector<std::string> links;

  void tell(FlightOutcome how, std::string what) {
    outcome = how;
    sentence = std::move(what);
  }
  void show(std::string name, std::string value) { values.push_back({std::move(name), std::move(value)}); }
  void link(std::string kind, std::string_view what) {
    std::string text = std::move(kind);
    text += ':';
    text += what;
    if (std::ranges::find(links, text) == links.end()) links.push_back(std::move(text));
  }
};

/// "(43 characters)": that a value was there and whether it could be whole, and nothing of it.
[[nodiscard]] inline std::string describe_secret(std::string_view value) {
  if (value.empty()) return "(empty)";
  return "(" + std::to_string(value.size()) + (value.size() == 1 ? " character)" : " characters)");
}

/// A request's notes and its end.
struct FlightRecord {
  /// As in the answer's `X-Request-Id`.
  std::string request_id;
  int status = 0;
  FlightNotes notes;
};

}  // namespace chatelaine
