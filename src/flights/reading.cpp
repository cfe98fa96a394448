#include "flights/reading.hpp"

#include <algorithm>
#include <utility>

namespace chatelaine::flights {
namespace {

bool has_gone_on(const storage::FlightStep& step) { return step.notes.outcome == FlightOutcome::went_on; }

}  // namespace

std::string_view describe(FlightStage stage) {
  switch (stage) {
    case FlightStage::none:
      return "Request";
    case FlightStage::authorization_request:
      return "Authorization request";
    case FlightStage::sign_in:
      return "Sign-in";
    case FlightStage::user_source:
      return "Sign-in at a user source";
    case FlightStage::consent:
      return "Consent";
    case FlightStage::token_request:
      return "Token request";
    case FlightStage::pushed_authorization_request:
      return "Pushed authorization request";
    case FlightStage::device_authorization:
      return "Device authorization";
    case FlightStage::device_code:
      return "Device code";
    case FlightStage::registration:
      return "Registration";
    case FlightStage::revocation:
      return "Revocation";
    case FlightStage::introspection:
      return "Introspection";
    case FlightStage::userinfo:
      return "UserInfo";
    case FlightStage::logout:
      return "Sign-out";
    case FlightStage::api_call:
      return "Call of the API";
    case FlightStage::account:
      return "Account page";
    case FlightStage::connection:
      return "Plugin page";
  }
  std::unreachable();
}

std::string_view describe(FlightOutcome outcome) {
  switch (outcome) {
    case FlightOutcome::untold:
      return "untold";
    case FlightOutcome::went_on:
      return "went on";
    case FlightOutcome::odd:
      return "odd";
    case FlightOutcome::failed:
      return "failed";
  }
  std::unreachable();
}

const storage::FlightStep* find_cause(std::span<const storage::FlightStep> flight, std::string_view request_id) {
  const storage::FlightStep* last = nullptr;
  for (const storage::FlightStep& step : flight) {
    if (has_gone_on(step)) continue;
    if (step.request_id == request_id) return &step;
    last = &step;
  }
  return last;
}

bool is_request_id(std::string_view text) {
  return text.size() == 16 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace chatelaine::flights
