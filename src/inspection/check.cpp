#include "inspection/check.hpp"

#include <fmt/format.h>

#include <array>

namespace chatelaine::inspection {
namespace {

constexpr std::string_view kEverybody = "every assistant";
constexpr std::string_view kPluginHosts = "hosts of plugins (ChatGPT plugins of 2023, Coze, `chatelaine host`)";
constexpr std::string_view kMcpClients = "ChatGPT apps, Claude connectors and every other MCP client";
constexpr std::string_view kBrowsers = "clients that run in a browser (MCP Inspector, playgrounds, set-up pages)";
constexpr std::string_view kItself = "holds by itself";

constexpr std::array kDescriptions{
    CheckDescription{Check::https, "https", "The URL is https; plain http is for loopback alone.",
                     "Serve it over https and give that URL.",
                     "`issuer` with https, and `[tls]` or a reverse proxy in front", kEverybody},
    CheckDescription{Check::reachable, "reachable",
                     "The name leads to a public address, the port takes connections, and an answer comes in time.",
                     "See that the server runs and answers, open its port to the internet, and publish its name in the "
                     "DNS with a public address.",
                     "`listen`, and the reverse proxy in front of it", kEverybody},
    CheckDescription{Check::certificate, "certificate",
                     "Each certificate names its host, leads to a root that clients know, and lasts for 14 days more.",
                     "Have the server send a certificate that names this host and is valid now, with the intermediate "
                     "certificates behind it.",
                     "`[tls] certificate`, or the reverse proxy", kEverybody},
    CheckDescription{
        Check::clock, "clock",
        "The token endpoint's header Date (else that of the URL) is within a minute of this machine's clock.",
        "Set the server's clock (or this machine's) by NTP.", "the machine's clock",
        "whoever compares `iat`, `nbf` or `exp` of a JWT with a clock of their own"},
    CheckDescription{Check::redirect, "redirect", "The URL itself is not redirected by its server.",
                     "Enter the URL that the redirect leads to: assistants do not follow it.", "`issuer`", kEverybody},
    CheckDescription{Check::plain_http, "plain_http", "http:// of the same host leads to https://, or is closed.",
                     "Answer http:// with 301 or 308 to the same place under https://, or close port 80.",
                     "the reverse proxy; Chatelaine listens at one address", "people who type the address"},
    CheckDescription{Check::manifest_served, "manifest_served",
                     "/.well-known/ai-plugin.json is answered with status 200, without a redirect.",
                     "Answer /.well-known/ai-plugin.json itself with 200 and the document, on the plugin's own domain.",
                     "`[plugin]`", kPluginHosts},
    CheckDescription{Check::manifest_type, "manifest_type", "The manifest's Content-Type is application/json.",
                     "Send `Content-Type: application/json` with the manifest.", kItself, kPluginHosts},
    CheckDescription{Check::manifest_cors, "manifest_cors",
                     "Scripts of https://chat.openai.com and https://chatgpt.com may read the manifest.",
                     "Send `Access-Control-Allow-Origin: *` with the manifest.", kItself, kPluginHosts},
    CheckDescription{Check::manifest_content, "manifest_content", "The manifest is what hosts expect.",
                     "Mend the named member of ai-plugin.json.",
                     "the key of the member's own name, as `[plugin] logo_url` for `logo_url`", kPluginHosts},
    CheckDescription{Check::manifest_root_domain, "manifest_root_domain",
                     "client_url, authorization_url and the API share a root domain.",
                     "Put sign-in, token endpoint and API under one root domain, for instance behind one gateway.",
                     "holds by itself: one origin for all", "GPT Actions"},
    CheckDescription{Check::manifest_agrees, "manifest_agrees",
                     "The manifest and the server's metadata name the same two endpoints.",
                     "Make `auth.client_url` the `authorization_endpoint` and `auth.authorization_url` the "
                     "`token_endpoint` of the metadata.",
                     kItself, "hosts that read both, and believe neither then"},
    CheckDescription{Check::manifest_logo, "manifest_logo", "The logo is there, and is a picture.",
                     "Serve a picture at `logo_url`, with its Content-Type and without signing in.",
                     "`[plugin] logo_url`; a path of the API also under `[api] public`", kPluginHosts},
    CheckDescription{Check::manifest_legal, "manifest_legal", "The page of `legal_info_url` is there.",
                     "Serve a page at `legal_info_url`, without signing in.", "`[plugin] legal_info_url`",
                     kPluginHosts},
    CheckDescription{Check::openapi_served, "openapi_served",
                     "The OpenAPI description is answered with status 200, without a redirect.",
                     "Answer the manifest's `api.url` itself with 200 and the description, without signing in.",
                     "`[api] openapi`", kPluginHosts},
    CheckDescription{Check::openapi_content, "openapi_content", "The description is OpenAPI 3 that can be called.",
                     "Mend the named place of the description.", "`[api] openapi`", "hosts of plugins, GPT Actions"},
    CheckDescription{Check::openapi_cors, "openapi_cors",
                     "Scripts of https://chat.openai.com and https://chatgpt.com may read the description.",
                     "Send `Access-Control-Allow-Origin: *` with the description.", kItself, kPluginHosts},
    CheckDescription{Check::openapi_servers, "openapi_servers",
                     "`servers` of the description leads to the plugin's own root domain, by an absolute https URL.",
                     "Name under `servers` the https URL at which assistants call the API.",
                     "holds by itself: the description that is served names the issuer's own URL",
                     "hosts of plugins, GPT Actions"},
    CheckDescription{Check::challenge, "challenge",
                     "A call without a token is answered with 401 and `WWW-Authenticate: Bearer` (RFC 6750 §3).",
                     "Answer calls without a valid token with 401 and a header `WWW-Authenticate: Bearer …`.",
                     "holds for everything but `[api] public`", kMcpClients},
    CheckDescription{Check::challenge_metadata, "challenge_metadata",
                     "The challenge names the resource's metadata in `resource_metadata` (RFC 9728 §5.1).",
                     "Add resource_metadata=\"URL\" to `WWW-Authenticate: Bearer`, with the URL of the document under "
                     "/.well-known/oauth-protected-resource.",
                     kItself, kMcpClients},
    CheckDescription{
        Check::challenge_cors, "challenge_cors",
        "Scripts of https://claude.ai and https://chatgpt.com may call the resource, and read its challenge.",
        "Answer OPTIONS at the resource with `Access-Control-Allow-Origin` and `Access-Control-Allow-Headers: "
        "Content-Type, Authorization`, and send `Access-Control-Allow-Origin` and `Access-Control-Expose-Headers: "
        "WWW-Authenticate` with its refusals.",
        "`[mcp] allowed_origins`", kBrowsers},
    CheckDescription{Check::resource_metadata, "resource_metadata",
                     "The resource's metadata is JSON at /.well-known/oauth-protected-resource, the resource's path "
                     "behind it (RFC 9728 §3).",
                     "Serve the document with 200 and `Content-Type: application/json` under "
                     "/.well-known/oauth-protected-resource, followed by the resource's path.",
                     kItself, kMcpClients},
    CheckDescription{Check::resource_identifier, "resource_identifier",
                     "`resource` is, byte for byte, the URL that people enter (RFC 9728 §3.3).",
                     "Make `resource` exactly the URL that people enter, path and final slash included.",
                     "`[api] resource`; of the MCP endpoint `issuer`", "Claude connectors, ChatGPT apps, MCP SDKs"},
    CheckDescription{Check::resource_servers, "resource_servers",
                     "`authorization_servers` names at least one https issuer.",
                     "List the authorization server's issuer, byte for byte, first in `authorization_servers`.",
                     "`issuer`", kMcpClients},
    CheckDescription{Check::resource_scopes, "resource_scopes",
                     "`scopes_supported` of the resource lists its scopes, and not offline_access.",
                     "List the API's own scopes in `scopes_supported` of the resource's metadata; offline_access "
                     "belongs to the authorization server's.",
                     "`[[scope]]`", "MCP clients, which ask for what is listed"},
    CheckDescription{Check::resource_bearer, "resource_bearer",
                     "Tokens are taken from the header alone (RFC 9700 §4.3.2).",
                     "Take \"query\" out of `bearer_methods_supported`, and refuse tokens in the query: they end up in "
                     "logs.",
                     kItself, "nobody; tokens leak"},
    CheckDescription{Check::resource_cors, "resource_cors",
                     "Scripts of https://claude.ai and https://chatgpt.com may read the resource's metadata.",
                     "Send `Access-Control-Allow-Origin: *` with the document.", kItself, kBrowsers},
    CheckDescription{Check::metadata_served, "metadata_served",
                     "The authorization server's metadata (RFC 8414, or OpenID Connect Discovery) is there, without a "
                     "redirect.",
                     "Answer /.well-known/oauth-authorization-server itself with 200 and the document.", kItself,
                     kMcpClients},
    CheckDescription{Check::metadata_paths, "metadata_paths",
                     "The metadata is at every place where clients look: both names put before the issuer's path, and "
                     "openid-configuration also behind it.",
                     "Serve the same document at each of these places.", kItself,
                     "MCP clients that look at one place alone"},
    CheckDescription{Check::metadata_type, "metadata_type",
                     "The metadata's Content-Type is application/json (RFC 8414 §3.2).",
                     "Send `Content-Type: application/json` with the metadata.", kItself,
                     "clients with strict libraries (oauth4webapi, the MCP SDKs)"},
    CheckDescription{Check::metadata_issuer, "metadata_issuer",
                     "`issuer` is, byte for byte, what the document was asked for by (RFC 8414 §3.3).",
                     "Make `issuer` the same text everywhere: in the metadata, in tokens, in `authorization_servers`; "
                     "mind the final slash.",
                     "`issuer`", kMcpClients},
    CheckDescription{
        Check::metadata_members, "metadata_members",
        "The metadata has authorization_endpoint, token_endpoint and the response type code (RFC 8414 §2).",
        "Add the missing members to the metadata.", "`[flows] authorization_code`", kMcpClients},
    CheckDescription{Check::metadata_cors, "metadata_cors",
                     "Scripts of https://claude.ai and https://chatgpt.com may read the metadata.",
                     "Send `Access-Control-Allow-Origin: *` with the metadata.", kItself, kBrowsers},
    CheckDescription{Check::pkce, "pkce", "`code_challenge_methods_supported` lists S256, and not plain.",
                     "Support PKCE and say so: `\"code_challenge_methods_supported\": [\"S256\"]`.", kItself,
                     kMcpClients},
    CheckDescription{Check::issuer_parameter, "issuer_parameter",
                     "`authorization_response_iss_parameter_supported` is true (RFC 9207 §3).",
                     "Send `iss` with every authorization response, errors included, and set "
                     "`\"authorization_response_iss_parameter_supported\": true`.",
                     kItself, "ChatGPT apps: without it their redirect URI is another for each connector"},
    CheckDescription{Check::client_id_documents, "client_id_documents",
                     "`client_id_metadata_document_supported` is true, and `none` is among the token endpoint's "
                     "methods.",
                     "Take the URL of a client's metadata document for a client_id, set "
                     "`\"client_id_metadata_document_supported\": true`, and list `none` in "
                     "`token_endpoint_auth_methods_supported`.",
                     "`[flows] client_id_metadata_documents`",
                     "Claude connectors and ChatGPT apps: they register anew for each connection instead"},
    CheckDescription{Check::registration, "registration",
                     "A client that nobody has registered can connect: by its document, or by `registration_endpoint`.",
                     "Offer client ID metadata documents, or `registration_endpoint` (RFC 7591).",
                     "`[registration] mode`, `[flows] client_id_metadata_documents`", kMcpClients},
    CheckDescription{
        Check::token_auth_methods, "token_auth_methods",
        "`token_endpoint_auth_methods_supported` says how clients prove themselves: none, and a secret or "
        "a key.",
        "List the methods in `token_endpoint_auth_methods_supported`: without it client_secret_basic alone "
        "counts (RFC 8414 §2).",
        kItself, "public clients (Claude, Cursor, VS Code) and ChatGPT apps"},
    CheckDescription{
        Check::grant_types, "grant_types", "`grant_types_supported` lists authorization_code and refresh_token.",
        "Give refresh tokens, and list refresh_token in `grant_types_supported`.", "`[flows] refresh_token`",
        "every assistant: people sign in again each time a token ends (\"User is missing credentials\")"},
    CheckDescription{Check::request_forms, "request_forms",
                     "Authorization requests need neither be pushed (RFC 9126 §5) nor signed (RFC 9101 §10.5).",
                     "Take requests from a link's query, too, and take the member out of the metadata; single clients "
                     "may still be held to more.",
                     "`[flows] require_pushed_requests`", kEverybody},
    CheckDescription{Check::scopes, "scopes", "`scopes_supported` lists the scopes.",
                     "List in `scopes_supported` what clients may ask for.", "`[[scope]]`",
                     "MCP clients, which ask for what is listed"},
    CheckDescription{Check::weak_flows, "weak_flows",
                     "Neither the implicit nor the password grant is offered (RFC 9700 §2.1.2, §2.4).",
                     "Switch the implicit and the password grant off, and take them out of the metadata.", kItself,
                     "nobody; tokens and passwords leak"},
    CheckDescription{Check::endpoint_urls, "endpoint_urls",
                     "Every endpoint is an absolute https URL without a fragment.",
                     "Write the endpoint's whole https URL into the metadata.", "`issuer`", kEverybody},
    CheckDescription{Check::endpoint_root_domain, "endpoint_root_domain",
                     "The endpoints share the issuer's root domain.",
                     "Serve authorization and token endpoint under the root domain of the API.",
                     "holds by itself: one origin for all", "GPT Actions"},
    CheckDescription{
        Check::keys, "keys", "`jwks_uri` leads to public keys that can be used, and to no private one (RFC 8414 §2).",
        "Serve a JWK Set of public keys (RFC 7517 §5) at `jwks_uri`.", kItself, "whoever checks access or ID tokens"},
    CheckDescription{
        Check::authorization_endpoint, "authorization_endpoint", "The authorization endpoint answers a browser.",
        "Serve the sign-in page at the URL that is named as the authorization endpoint.", kItself, kEverybody},
    CheckDescription{Check::authorization_framing, "authorization_framing",
                     "The authorization endpoint's pages cannot be framed (RFC 9700 §4.16).",
                     "Send `Content-Security-Policy: frame-ancestors 'none'` with the pages.", kItself,
                     "nobody; people can be made to click Allow unseen"},
    CheckDescription{Check::token_endpoint, "token_endpoint",
                     "The token endpoint answers a request without anything with 400 or 401 and a JSON error (RFC 6749 "
                     "§5.2).",
                     "Answer at the token endpoint itself, to POST, with JSON {\"error\": …} and status 400 or 401.",
                     kItself, kEverybody},
    CheckDescription{Check::token_no_store, "token_no_store",
                     "The token endpoint's answers say `Cache-Control: no-store` (RFC 6749 §5.1).",
                     "Send `Cache-Control: no-store` with every answer of the token endpoint.", kItself,
                     "nobody; tokens stay in caches"},
    CheckDescription{Check::token_json, "token_json",
                     "Where the manifest says application/json, the token endpoint reads JSON as it reads a form.",
                     "Read JSON bodies at the token endpoint, or set `auth.authorization_content_type` to "
                     "application/x-www-form-urlencoded.",
                     kItself, kPluginHosts},
    CheckDescription{Check::token_cors, "token_cors",
                     "Scripts of https://claude.ai and https://chatgpt.com may call the token endpoint.",
                     "Answer OPTIONS at the token endpoint with `Access-Control-Allow-Origin: *` and "
                     "`Access-Control-Allow-Headers: Content-Type, Authorization`.",
                     kItself, kBrowsers},
    CheckDescription{Check::registration_endpoint, "registration_endpoint",
                     "The registration endpoint refuses what is no registration, with 400 and JSON (RFC 7591 §3.2.2).",
                     "Take registrations by POST at `registration_endpoint`, without a token: assistants have none.",
                     "`[registration] mode`", "assistants that register themselves"},
    CheckDescription{Check::registration_cors, "registration_cors",
                     "Scripts of https://claude.ai and https://chatgpt.com may call the registration endpoint.",
                     "Answer OPTIONS at the registration endpoint with `Access-Control-Allow-Origin: *` and "
                     "`Access-Control-Allow-Headers: Content-Type`.",
                     kItself, kBrowsers},
    CheckDescription{Check::revocation_endpoint, "revocation_endpoint",
                     "There is a revocation endpoint (RFC 7009), and it answers.",
                     "Offer `revocation_endpoint`: an assistant that is disconnected gives its tokens back there.",
                     "`[flows] revocation`", "ChatGPT apps, `chatelaine host`"},
    CheckDescription{Check::introspection_endpoint, "introspection_endpoint",
                     "The introspection endpoint answers nobody who has not proven who they are (RFC 7662 §2.1).",
                     "Ask for credentials at the introspection endpoint: it tells of other people's tokens.", kItself,
                     "nobody; whoever finds a token learns what it is good for"},
    CheckDescription{Check::stack_traces, "stack_traces", "No answer shows a stack trace.",
                     "Switch the framework's debug mode off, and answer faults with a sentence.", kItself,
                     "nobody; attackers learn what runs there"},
    CheckDescription{Check::role, "role",
                     "The URL belongs to a plugin, an authorization server or a protected resource.",
                     "Give the plugin's domain, the issuer, or the MCP endpoint's URL.", "`issuer`", kEverybody},
};

}  // namespace

std::span<const CheckDescription> check_descriptions() { return kDescriptions; }

const CheckDescription& describe(Check check) { return kDescriptions.at(static_cast<std::size_t>(check)); }

std::string render_check_reference() {
  std::string text =
      "# What the doctor looks at\n\n"
      "<!-- Written from src/inspection/check.cpp; a test compares. -->\n\n"
      "`chatelaine doctor URL` looks at a server from outside, without signing in. Each check is one line: `ok`, "
      "`warning` (somebody\nstumbles, or something leaks), `fault` (assistants cannot connect), or `skipped` with the "
      "reason. The codes are stable. Which of\nthem come depends on what is found: a plugin's manifest, an "
      "authorization server's metadata, a protected resource.\n\n"
      "It asks public addresses alone; loopback where the URL that was given is loopback itself. Each request has 10 "
      "seconds and all of\nthem a minute (`--timeout`, `--total`). Redirects are answers, and not followed; those of "
      "the logo and of the legal page are, five\ntimes. What it sends to endpoints is nothing that they should act "
      "upon: a form without a field, a grant type and a client that\nnobody has, an array where a registration is an "
      "object, an MCP `ping`. An endpoint that takes it all the same is told of, and sent\nnothing else.\n\n"
      "Faults end it with exit code 1, and so does time that ran out: what was not looked at is not known to be good. "
      "`--json` has\n`\"complete\":false` then. Certificates are trusted as assistants trust them; where `--ca-file` "
      "adds roots, the verdict says so.\n";
  for (const CheckDescription& row : kDescriptions) {
    text += fmt::format("\n## {}\n\n{}\n\n- Otherwise: {}\n- With Chatelaine: {}.\n- Who stumbles: {}.\n", row.code,
                        row.holds, row.change, row.chatelaine, row.stumbles);
  }
  return text;
}

}  // namespace chatelaine::inspection
