#include "rehearsal/client_removal.hpp"

#include <fmt/format.h>

#include "base/uri.hpp"
#include "rehearsal/answers.hpp"

namespace chatelaine::rehearsal {

Task<Remarks> remove_client(inspection::Outside& outside, const Client& client,
                            std::string_view registration_endpoint) {
  if (client.way != oauth::RegistrationWay::dynamic || client.id.value().empty())
    co_return Remarks{skip(Point::not_played, "no client was registered")};
  const std::string id = inspection::quote(client.id.value());
  if (!client.management)
    co_return Remarks{
        skip(Point::client_removed,
             fmt::format("the server has no client management (RFC 7592): the client {} stays there", id))};
  const auto endpoint = parse_http_url(registration_endpoint);
  const auto url = parse_http_url(client.management->url);
  // Whoever answers a registration must not choose which server of a tester's network gets a DELETE.
  if (!endpoint || !url || url->origin() != endpoint->origin())
    co_return Remarks{find_warning(
        Point::client_removed,
        fmt::format("the client {} stays there: registration_client_uri is {}, which is not on the origin of the "
                    "registration endpoint",
                    id, inspection::quote(client.management->url)),
        "Give a registration_client_uri on the origin of the registration endpoint; and delete this client by hand.")};
  inspection::Question question;
  question.method = "DELETE";
  question.url = url->text;
  question.headers = {{"Accept", "application/json"},
                      {"Authorization", fmt::format("Bearer {}", client.management->token.reveal())}};
  const inspection::Visit visit = co_await outside.visit(std::move(question));
  co_return Remarks{judge_removal(visit, client.id)};
}

}  // namespace chatelaine::rehearsal
