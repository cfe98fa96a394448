#include <fmt/format.h>

#include <array>

#include "rehearsal/step.hpp"

namespace chatelaine::rehearsal {
namespace {

constexpr std::string_view kDoesNotConnect = "does not connect";
constexpr std::string_view kLosesConnection = "connects, but has its people sign in again and again";

constexpr std::array kDescriptions{
    PointDescription{Point::endpoints, "endpoints",
                     "The assistant comes to know where to sign in and where to get tokens.",
                     "Publish the server's metadata, or give --authorization-url and --token-url as they are typed in "
                     "at the assistant.",
                     kDoesNotConnect},
    PointDescription{Point::client, "client", "The assistant has a way to become a client.",
                     "Take client ID metadata documents, offer `registration_endpoint` (RFC 7591), or add a client by "
                     "hand and give --client-id.",
                     kDoesNotConnect},
    PointDescription{Point::client_registration, "client_registration",
                     "Registration answers with status 201 and a `client_id` (RFC 7591 §3.2.1).",
                     "Take what the assistant sends to register itself, and answer with 201 and JSON.",
                     kDoesNotConnect},
    PointDescription{Point::redirect_uri, "redirect_uri", "Every redirect URI that the assistant uses is registered.",
                     "Register each of the assistant's redirect URIs, byte for byte.",
                     "does not come back from the sign-in"},
    PointDescription{Point::sign_in, "sign_in",
                     "The sign-in leads from the authorization endpoint back to the assistant.",
                     "Run it again without CHATELAINE_REHEARSE_PASSWORD, and sign in with a browser at the URL that is "
                     "printed.",
                     "gets no further than the sign-in"},
    PointDescription{Point::answer, "answer", "A code comes back, in the query of the redirect URI (RFC 6749 §4.1.2).",
                     "Send the browser to the redirect URI of the request with `code` in its query.", kDoesNotConnect},
    PointDescription{Point::state, "state", "`state` comes back byte for byte.",
                     "Send `state` back exactly as it came: neither decoded twice, cut, nor left out.",
                     "throws the sign-in away"},
    PointDescription{Point::issuer_returned, "issuer_returned",
                     "`iss` comes back where the metadata promises it, and is the issuer (RFC 9207 §2.4).",
                     "Send `iss` with every authorization response, byte for byte the issuer of the metadata.",
                     "takes the answer for another server's and throws it away"},
    PointDescription{Point::pkce_optional, "pkce_optional", "An assistant that cannot do PKCE is not asked for it.",
                     "Let this client, which has a secret, do without PKCE (with Chatelaine: `client add --assistant`, "
                     "or --pkce optional).",
                     kDoesNotConnect},
    PointDescription{Point::scope_optional, "scope_optional",
                     "The scope that the assistant sends is taken, an empty or absent one too.",
                     "Give the scope that was granted before, or the client's own, where none is asked for, and leave "
                     "out what may not be had: neither is an error.",
                     kDoesNotConnect},
    PointDescription{
        Point::resource_indicator, "resource_indicator",
        "`resource`, by which the assistant names the API that its token is for, is taken (RFC 8707).",
        "Take `resource`: at the authorization and the token endpoint, as the resource's metadata has it. A "
        "provider that refuses it, as Entra does, can stay behind Chatelaine, which takes it (`[[user_source]]`).",
        kDoesNotConnect},
    PointDescription{
        Point::token_answer, "token_answer", "The code is exchanged for a token (RFC 6749 §5.1).",
        "Answer at the token endpoint with JSON: access_token, token_type Bearer, expires_in and refresh_token.",
        kDoesNotConnect},
    PointDescription{Point::token_encoding, "token_encoding",
                     "The token endpoint reads the body as the assistant writes it.",
                     "Read this content type at the token endpoint, or name the other one in the manifest's "
                     "`auth.authorization_content_type`.",
                     kDoesNotConnect},
    PointDescription{Point::token_client, "token_client",
                     "The token endpoint takes the client's id and secret as the assistant sends them.",
                     "Compare id and secret, and take the secret by the way in which this assistant sends it.",
                     kDoesNotConnect},
    PointDescription{Point::token_time, "token_time", "The token endpoint answers within the assistant's patience.",
                     "Make the token endpoint faster: what takes long there belongs behind the answer.",
                     "gives up before the answer comes"},
    PointDescription{Point::redirect_uri_at_exchange, "redirect_uri_at_exchange",
                     "A token request is taken as this assistant writes it, without redirect_uri.",
                     "Let this client leave redirect_uri out of its token requests (with Chatelaine: `client add "
                     "--assistant`).",
                     kDoesNotConnect},
    PointDescription{Point::refresh_token, "refresh_token", "A refresh token comes with the access token.",
                     "Issue a refresh token with the first answer, and keep it good.",
                     "connects, but says \"User is missing credentials\" once the access token has ended"},
    PointDescription{Point::lifetime, "lifetime", "`expires_in` says how long the access token lasts.",
                     "Add `expires_in`, in seconds, to the token answer.",
                     "does not know when to refresh, and shows the API's refusals to people"},
    PointDescription{Point::api_call, "api_call", "The API takes the token that was just given.",
                     "Check in the API what the token is checked against: issuer, audience, signature, scope, and the "
                     "clock.",
                     "connects, but every call is refused"},
    PointDescription{Point::call_answer, "call_answer", "A call that needs no arguments brings what was called for.",
                     "See in the API's log why it fails; where the call itself is wrong, name another path by --call.",
                     "connects, but its calls fail"},
    PointDescription{Point::tools, "tools", "The MCP endpoint answers `initialize` and `tools/list`.",
                     "Answer MCP's messages under their ids, as JSON or as an event stream that ends after the answer.",
                     "connects, but has no tools"},
    PointDescription{Point::refreshed, "refreshed", "A refresh token brings a new access token, which works.",
                     "Take the refresh token that was given last, and answer as for a code.", kLosesConnection},
    PointDescription{
        Point::refreshed_at_once, "refreshed_at_once",
        "One refresh token that comes twice at once brings two tokens that work.",
        "Let a refresh token that was just used be used again by the same client for some seconds, instead of "
        "revoking all that came of it.",
        kLosesConnection},
    PointDescription{Point::expired, "expired", "An access token that has ended is refused with 401, and refreshed.",
                     "Refuse tokens that have ended with 401, and take the refresh token then.", kLosesConnection},
    PointDescription{Point::revoked, "revoked", "What was revoked is good for nothing more (RFC 7009 §2.1).",
                     "Revoke the whole grant when its refresh token is revoked.",
                     "disconnects, but what it had stays good"},
    PointDescription{
        Point::refused_clearly, "refused_clearly",
        "A refresh token that is void is `invalid_grant`: sign in again. A wrong client is `invalid_client`.",
        "Answer a void refresh token with status 400 and `{\"error\":\"invalid_grant\"}` (RFC 6749 §5.2).",
        "does not know that people must sign in again"},
    PointDescription{
        Point::client_removed, "client_removed",
        "The client that a rehearsal registered is deleted at its end (RFC 7592 §2.3).",
        "Answer a DELETE at registration_client_uri that brings the registration access token with status 204, or with "
        "405 where clients are not deleted; and delete this client by hand.",
        "connects all the same: what stays behind is the rehearsal's client"},
    PointDescription{Point::not_played, "not_played", "Every step is played.", "Mend the step before.", ""},
};

}  // namespace

std::span<const PointDescription> point_descriptions() { return kDescriptions; }

const PointDescription& describe(Point point) { return kDescriptions.at(static_cast<std::size_t>(point)); }

std::string render_point_reference() {
  std::string text =
      "# What a rehearsal looks at\n\n"
      "<!-- Written from src/rehearsal/point.cpp; a test compares. -->\n\n"
      "Besides these codes, [rehearse](rehearse.md) has those of the [doctor](doctor.md).\n";
  for (const PointDescription& row : kDescriptions) {
    if (row.point == Point::not_played) continue;
    text += fmt::format("\n## {}\n\n{}\n\n- Otherwise: {}\n- The assistant {}.\n", row.code, row.holds, row.change,
                        row.consequence);
  }
  return text;
}

}  // namespace chatelaine::rehearsal
