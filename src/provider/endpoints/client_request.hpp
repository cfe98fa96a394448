#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>

#include "base/form.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "net/request.hpp"
#include "net/response.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/oauth_error.hpp"
#include "provider/context.hpp"

/// The steps that the endpoints share which a client calls with its credentials, so that none can forget one.
namespace chatelaine::provider::endpoints {

/// The most bytes that an OAuth request's body may have.
inline constexpr std::size_t kBodyLimit = std::size_t{64} * 1024;

/// A request by a client that has proven itself.
struct ClientRequest {
  Form form;
  std::shared_ptr<const oauth::Client> client;
};

/// Which clients a request may be from: where something begins, also one that is known by its document alone
/// (find_client.hpp).
enum class ClientSource : std::uint8_t { stored, stored_or_document };
/// The body of at most kBodyLimit bytes, once it is sure that the headers which say what it means came once each. The
/// error is the whole answer.
[[nodiscard]] Task<std::expected<std::string, net::Response>> receive_body(const Context& context,
                                                                           const net::Request& request);

/// Reads the body, its parameters and the client's credentials, and checks them. The error is the whole answer: also
/// 429, where wrong credentials have come too often for this client from this address, or from this address. Right
/// ones are never turned away.
[[nodiscard]] Task<std::expected<ClientRequest, net::Response>> receive_client_request(
    const Context& context, const net::Request& request, ClientSource source = ClientSource::stored);

/// 200 with JSON that nobody may store (RFC 6749 §5.1).
[[nodiscard]] net::Response answer_json(std::string body);
/// The error as JSON that nobody may store, with the status of its code; the log is told.
[[nodiscard]] net::Response answer_plain_error(const Context& context, const net::Request& request,
                                               const oauth::OAuthError& error);
/// RFC 6749 §5.2: the same; 401 also says how a client authenticates.
[[nodiscard]] net::Response answer_error(const Context& context, const net::Request& request,
                                         const oauth::OAuthError& error);
/// RFC 6585 §4: 429 `temporarily_unavailable` with Retry-After; `sentence` says what there was too much of.
[[nodiscard]] net::Response answer_wait(const Context& context, const net::Request& request, milliseconds wait,
                                        std::string sentence);

}  // namespace chatelaine::provider::endpoints
