#include "gateway/notes.hpp"

#include "base/id.hpp"

namespace chatelaine::gateway {

void note_call(const net::Request& call, FlightOutcome outcome, std::string sentence) {
  call.note([&](FlightNotes& notes) {
    notes.stage = FlightStage::api_call;
    notes.tell(outcome, std::move(sentence));
  });
}

void note_token(const net::Request& call, const oauth::AccessToken& token) {
  call.note([&](FlightNotes& notes) {
    notes.client_id = token.client_id.value();
    if (token.grant_id) notes.link("grant", format_id(token.grant_id->value));
  });
}

void note_caller(const net::Request& call, const oauth::AccessToken& token, std::string_view operation) {
  note_token(call, token);
  call.note([&](FlightNotes& notes) {
    if (!operation.empty()) notes.show("operation", std::string(operation));
    notes.show("scope of the token", token.scope.to_string());
  });
}

net::Response note_refused(const net::Request& call, net::Response refusal) {
  note_call(call, FlightOutcome::failed, refusal.trouble);
  return refusal;
}

void note_refused_call(const net::Request& call, const oauth::AccessToken& token, std::string_view operation,
                       FlightOutcome outcome, const net::Response& refusal) {
  note_call(call, outcome, refusal.trouble);
  note_caller(call, token, operation);
}

}  // namespace chatelaine::gateway
