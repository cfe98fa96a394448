#pragma once

#include "base/task.hpp"
#include "net/request.hpp"
#include "net/response.hpp"
#include "provider/context.hpp"

/// What an endpoint answers where it cannot do its work, in the language of whoever reads it: no fault leaves it as an
/// exception.
namespace chatelaine::provider::endpoints {

using Endpoint = Task<net::Response> (*)(const Context& context, const net::Request& request);

/// An endpoint, and which step of a flow a request to it is.
struct Step {
  Endpoint endpoint;
  FlightStage stage;
};

/// For programs: `temporarily_unavailable` (503 with Retry-After) or `server_error` (500) as JSON that nobody may
/// store. The arguments outlive the task.
[[nodiscard]] Task<net::Response> answer_program(const Context& context, Step step, const net::Request& request);
/// For people: the same as a page.
[[nodiscard]] Task<net::Response> answer_person(const Context& context, Step step, const net::Request& request);

/// 404 for a path whose flow is switched off: as JSON that nobody may store, or as a page.
[[nodiscard]] Task<net::Response> answer_closed_to_program(const net::Request& request);
[[nodiscard]] Task<net::Response> answer_closed_to_person(const Context& context, FlightStage stage,
                                                          const net::Request& request);

/// 405 as JSON that nobody may store. `allowed`: "POST, OPTIONS". A browser that was sent to the token endpoint is told
/// that the two addresses were swapped.
[[nodiscard]] net::Response refuse_method_to_program(FlightStage stage, const net::Request& request,
                                                     std::string_view allowed);
/// 405 as a page.
[[nodiscard]] net::Response refuse_method_to_person(const Context& context, FlightStage stage,
                                                    const net::Request& request);

}  // namespace chatelaine::provider::endpoints
