// One table, a key a row, and so longer than 400 lines: what a file may say stands in one place.
#include "app/config/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "app/config/values.hpp"
#include "net/fetch.hpp"
#include "openapi/description.hpp"

namespace chatelaine::app {
namespace {

using Draft = ConfigurationDraft;

/// Puts what was read where it belongs, or hands the error on.
template <class T, class Place>
Taken keep(Read<T> read, Place& place) {
  if (!read) return std::unexpected(std::move(read).error());
  place = std::move(*read);
  return {};
}

Taken keep_file(const Draft& draft, std::string_view text, std::string& place,
                std::string_view expected = "must name a file") {
  if (text.empty()) return std::unexpected(std::string(expected));
  place = (draft.directory / text).lexically_normal().string();
  return {};
}

Taken keep_text(std::string_view text, std::string& place) {
  place = text;
  return {};
}

Taken keep_count(std::int64_t value, std::uint32_t& place, std::int64_t most = 1'000'000) {
  if (value < 1 || value > most) return std::unexpected(fmt::format("must be from 1 to {}, not {}", most, value));
  place = static_cast<std::uint32_t>(value);
  return {};
}

Taken keep_flag(bool value, bool& place) {
  place = value;
  return {};
}

Taken keep_lifetime(std::string_view text, milliseconds& place) { return keep(read_lifetime(text), place); }

template <class T>
struct Choice {
  std::string_view name;
  T value;
};
template <class T, std::size_t N>
Taken keep_choice(std::string_view text, const Choice<T> (&choices)[N], T& place) {
  std::string names;
  for (const auto& choice : choices) {
    if (choice.name == text) {
      place = choice.value;
      return {};
    }
    names += fmt::format("{}\"{}\"", names.empty() ? "" : " or ", choice.name);
  }
  return std::unexpected(fmt::format("must be {}, not \"{}\"", names, text));
}

Taken keep_access_format(std::string_view text, oauth::AccessTokenFormat& place) {
  using enum oauth::AccessTokenFormat;
  constexpr Choice<oauth::AccessTokenFormat> kChoices[] = {{"jwt", jwt}, {"opaque", opaque}};
  return keep_choice(text, kChoices, place);
}

Taken keep_operations(const std::vector<std::string>& names, std::vector<std::string>& place) {
  if (std::ranges::find(names, "") != names.end()) return std::unexpected("must name operations, not \"\"");
  place = names;
  return {};
}

Taken keep_scopes(const std::vector<std::string>& names, std::optional<oauth::Scope>& place) {
  for (const auto& name : names)
    if (!is_scope_token(name)) return std::unexpected(fmt::format("must hold single scopes, not \"{}\"", name));
  place = oauth::Scope(names);
  return {};
}

/// A spelling of the last [[resource]] must be one, and must not be another's.
Taken check_spelling(const Draft& draft, std::string_view text) {
  if (auto read = read_absolute_uri(text); !read) return std::unexpected(std::move(read).error());
  const auto others = std::span(draft.provider.resources).first(draft.provider.resources.size() - 1);
  const auto is_same = [text](const oauth::ProtectedResource& other) { return other.is_called(text); };
  if (std::ranges::any_of(others, is_same))
    return std::unexpected(fmt::format("must name one [[resource]] alone, and \"{}\" names one already", text));
  return {};
}

Taken keep_source_name(Draft& draft, std::string_view name) {
  const auto is_allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  if (name.empty() || name.size() > 32 || !std::ranges::all_of(name, is_allowed))
    return std::unexpected(fmt::format("must be up to 32 of a-z, 0-9 and -, not \"{}\"", name));
  const auto is_same = [&](const UserSourceConfiguration& source) { return source.name == name; };
  if (std::ranges::any_of(draft.provider.user_sources, is_same))
    return std::unexpected(fmt::format("must be given once, and \"{}\" is there already", name));
  return keep_text(name, draft.provider.user_sources.back().name);
}

Taken keep_email_domains(const std::vector<std::string>& domains, std::vector<std::string>& place) {
  for (const auto& domain : domains) {
    const bool is_any = domain == "*" && domains.size() == 1;
    const auto url = parse_http_url("https://" + domain + "/");
    if (!is_any && (!url || url->authority() != domain))
      return std::unexpected(
          fmt::format("must hold domains in lower case such as \"example.com\", or \"*\" alone, not \"{}\"", domain));
  }
  place = domains;
  return {};
}

Taken keep_networks(const std::vector<std::string>& blocks, std::vector<std::string>& place) {
  for (const auto& block : blocks) {
    if (auto read = read_address_block(block); !read) return std::unexpected(std::move(read).error());
    if (!net::is_private_address(std::string_view(block).substr(0, block.find('/'))))
      return std::unexpected(fmt::format("must hold private or loopback addresses alone, not \"{}\"", block));
  }
  place = blocks;
  return {};
}

/// The name of a claim, or another text that must be there.
Taken keep_word(std::string_view text, std::string& place) {
  if (text.empty()) return std::unexpected("must not be empty");
  return keep_text(text, place);
}

constexpr std::array kTables = {
    Table{"tls", Table::Shape::once,
          "TLS on `listen`. Leave the table out where a proxy in front speaks TLS, and on loopback."},
    Table{"api", Table::Shape::once, "The API behind the gateway."},
    Table{"confirmation", Table::Shape::once,
          "Calls that their user confirms before they go through (docs/operators/confirmation.md). A client that acts "
          "for itself has no user: its calls are not asked about."},
    Table{
        "mcp", Table::Shape::once,
        "The API as an MCP server, at `/mcp` below the issuer: each operation of `[api] openapi` is a tool, and a call "
        "of it is a call of the API, with the same token and scopes."},
    Table{"plugin", Table::Shape::once, "What `/.well-known/ai-plugin.json` says, in the manifest's own member names."},
    Table{"tokens", Table::Shape::once, "How long what we hand out lives."},
    Table{
        "keys", Table::Shape::once,
        "The server's own keys for signatures. A new one is published 70 seconds before it signs (a JWKS is cached for "
        "a minute), and an old one verifies until the last token that it signed has ended; `chatelaine key` shows and "
        "changes them."},
    Table{
        "flows", Table::Shape::once,
        "Which parts of the protocol are switched on. One that is off answers 404 or `unsupported_grant_type`, and the "
        "metadata does not name it; a client may use those that are on and among its own `--grant`. Counts at once on "
        "SIGHUP."},
    Table{"registration", Table::Shape::once,
          "Clients that register themselves (RFC 7591), at `/oauth/register`, as today's assistants do."},
    Table{"device", Table::Shape::once, "Devices that people let in by a code."},
    Table{"sessions", Table::Shape::once, "How long a person stays signed in, at the provider and at the host."},
    Table{"ledger", Table::Shape::once,
          "What was done, by whom and when: `chatelaine ledger` shows it, and the account page shows people their own "
          "part. Never with bodies, queries or tokens."},
    Table{"flights", Table::Shape::once,
          "The flight recorder: what led to a request that failed or was odd, for `chatelaine trace` "
          "(docs/operators/flights.md). Secrets and whole queries are never in it."},
    Table{"admin", Table::Shape::once,
          "Pages for administrators, at `/admin`: what clients there are, what is weak about them, and why a sign-in "
          "failed (docs/operators/admin.md). They change nothing."},
    Table{"scope", Table::Shape::repeated,
          "A permission that clients can ask for, in words that the consent page shows."},
    Table{
        "resource", Table::Shape::repeated,
        "An API that access tokens can be for (RFC 8707). `[api] resource` is always one: describe it here, under the "
        "same identifier, to give it aliases, a name or scopes; the others check their tokens themselves."},
    Table{"accounts", Table::Shape::once, "How people sign in at the provider, beside `[[user_source]]`."},
    Table{"user_source", Table::Shape::repeated,
          "An OpenID provider that people have already (Entra ID, Google, Keycloak, …): the sign-in page has a button "
          "for it. Register `ISSUER/sign-in/NAME/callback` there as the redirect URI (`[paths] prefix` stands before "
          "`/sign-in`). docs/operators/user-sources.md has the values for each. Counts at once on SIGHUP."},
    Table{"limits", Table::Shape::once,
          "What slows those who try or call too often: 429 with `Retry-After`. Counted in memory, by each process for "
          "itself."},
    Table{"paths", Table::Shape::once, "Where our own pages live."},
    Table{"fetch", Table::Shape::once,
          "How the provider fetches what clients publish: their metadata documents (5 KiB at most) and their keys "
          "(`jwks_uri`, 64 KiB). Only from public addresses over https, without following redirects, within five "
          "seconds."},
    Table{"client_id_metadata_documents", Table::Shape::once,
          "Clients that nobody registers here: their client_id is the URL of a document that says what they are. "
          "`[flows] client_id_metadata_documents` switches them off."},
    Table{"profiles", Table::Shape::once,
          "What is known of each assistant, for `chatelaine client add --assistant` and `chatelaine profile`."},
    Table{"host", Table::Shape::once, "The assistant's side, for `chatelaine host` and `chatelaine plugin`."},
};

const std::array kKeys = {
    Key{"", "issuer", "a URL", "", "needed by `serve`", "https://api.example.com",
        "The public URL of this server, as assistants and users type it: https, or http on loopback for development. "
        "No slash at its end.",
        TakeText{[](Draft& d, std::string_view v) { return keep(read_public_url(v), d.provider.issuer); }}},
    Key{"", "listen", "an address and a port", "127.0.0.1:8080", "", "", "Where the server listens.",
        TakeText{[](Draft& d, std::string_view v) { return keep(read_listen_address(v), d.provider.listen); }}},
    Key{"", "storage", "`sqlite:FILE`", "sqlite:chatelaine.db", "", "",
        "Where everything is kept. A relative file is seen from this file's directory.",
        TakeText{[](Draft& d, std::string_view v) { return keep(read_storage(v, d.directory), d.provider.storage); }}},
    Key{"", "trusted_proxies", "a list of addresses or blocks", "", "none", "10.0.0.0/8",
        "The proxies whose `X-Forwarded-For` is believed. Wrong passwords are counted by the address that it names. "
        "They alone may ask at `/oauth/check`.",
        TakeList{[](Draft& d, const std::vector<std::string>& v) -> Taken {
          for (const auto& text : v) {
            auto block = read_address_block(text);
            if (!block) return std::unexpected(std::move(block).error());
            d.provider.trusted_proxies.push_back(std::move(*block));
          }
          return {};
        }}},

    Key{"tls", "certificate", "a file", "", "none", "certificate.pem",
        "The certificate chain in PEM, read again on SIGHUP.",
        TakeText{[](Draft& d, std::string_view v) { return keep_file(d, v, d.provider.tls.certificate); }}},
    Key{"tls", "private_key", "a file", "", "none", "private_key.pem", "The certificate's private key in PEM.",
        TakeText{[](Draft& d, std::string_view v) { return keep_file(d, v, d.provider.tls.private_key); }}},

    Key{"api", "upstream", "a URL", "", "no gateway: foreign paths are 404", "http://127.0.0.1:3000",
        "Where the API runs. The gateway passes on every path that is not ours. Beyond this machine use https, or a "
        "network that is yours alone: the API believes what the gateway says of a caller.",
        TakeText{[](Draft& d, std::string_view v) { return keep(read_upstream_url(v), d.provider.api.upstream); }}},
    Key{"api", "openapi", "a file", "", "none", "openapi.yaml",
        "The API's OpenAPI description (YAML or JSON), served at `/.well-known/openapi.yaml`; names the scopes that "
        "each "
        "operation needs.",
        TakeText{[](Draft& d, std::string_view v) { return keep_file(d, v, d.provider.api.openapi); }}},
    Key{"api", "base_path", "a path", "", "that of the OpenAPI's first server, less what `upstream` has of it", "/",
        "What stands before the OpenAPI's paths, here and at `upstream`: `/v1`, or `/` where nothing does.",
        TakeText{[](Draft& d, std::string_view v) -> Taken {
          auto path = openapi::read_base_path(v);
          if (!v.starts_with('/') || v.starts_with("//") || !path || v.find_first_of("?#") != std::string_view::npos)
            return std::unexpected(fmt::format("must be a path that begins with a slash, not \"{}\"", v));
          d.provider.api.base_path = *std::move(path);
          return {};
        }}},
    Key{"api", "resource", "a URL", "", "the issuer", "https://api.example.com/v1",
        "What access tokens are for, their `aud`, unless the request names another `[[resource]]` or asks for scopes "
        "that only another has (RFC 8707).",
        TakeText{[](Draft& d, std::string_view v) -> Taken {
          const auto url = parse_http_url(v);
          // RFC 8707 §2: an absolute URI without a fragment.
          if (!url || url->has_fragment)
            return std::unexpected(fmt::format("must be an absolute URL without a fragment, not \"{}\"", v));
          return keep_text(v, d.provider.api.resource);
        }}},
    Key{"api", "timeout", "a duration", "30s", "", "",
        "How long the API may take to begin its answer, and to go on with it.",
        TakeText{[](Draft& d, std::string_view v) { return keep_lifetime(v, d.provider.api.timeout); }}},
    Key{"api", "public", "a list of paths", "", "none", "/logo.png", "Paths of the API that need no token.",
        TakeList{[](Draft& d, const std::vector<std::string>& v) -> Taken {
          for (const auto& path : v)
            if (!path.starts_with('/'))
              return std::unexpected(fmt::format("must hold paths that begin with a slash, not \"{}\"", path));
          d.provider.api.public_paths = v;
          return {};
        }}},
    Key{"api", "unlisted", "`\"deny\"` or `\"allow\"`", "", "`\"deny\"` where `openapi` is set, else `\"allow\"`",
        "deny",
        "What becomes of paths that the OpenAPI does not describe: `deny` answers 404, `allow` lets any valid token "
        "through.",
        TakeText{[](Draft& d, std::string_view v) {
          constexpr Choice<Unlisted> kChoices[] = {{"deny", Unlisted::deny}, {"allow", Unlisted::allow}};
          return keep_choice(v, kChoices, d.provider.api.unlisted);
        }}},
    Key{"api", "closed", "a list of operations", "", "none", "deleteEverything, delete /todos",
        "Operations of the OpenAPI that nobody may call, whatever else opens them: 403. `chatelaine expose` proposes "
        "no scope for them.",
        TakeList{
            [](Draft& d, const std::vector<std::string>& v) { return keep_operations(v, d.provider.api.closed); }}},
    Key{"api", "check", "true or false", "false", "", "",
        "Whether a proxy that stands in front of the API already may ask at `/oauth/check` what the gateway would do "
        "with a call (docs/operators/forward-auth.md). Only those in `trusted_proxies` may, and none of them should "
        "pass that path on for its own clients.",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.provider.api.check); }}},
    Key{"api", "initial_scopes", "a list of scopes", "", "every `[[scope]]`", "todo.read",
        "What the API's metadata (RFC 9728) and its 401 challenges name, and so what assistants ask for when they "
        "connect. For the rest they ask when a call is refused with `insufficient_scope`, where they can.",
        TakeList{
            [](Draft& d, const std::vector<std::string>& v) { return keep_scopes(v, d.provider.api.initial_scopes); }}},

    Key{"confirmation", "calls", "`\"none\"`, `\"consequential\"`, `\"deleting\"` or `\"changing\"`", "none", "", "",
        "Which calls: what the OpenAPI says has consequences (`x-openai-isConsequential: true`); that, and all that "
        "deletes; or that, and all that changes anything and is not marked `false`.",
        TakeText{[](Draft& d, std::string_view v) {
          using enum gateway::ConfirmedCalls;
          constexpr Choice<gateway::ConfirmedCalls> kChoices[] = {
              {"none", none}, {"consequential", consequential}, {"deleting", deleting}, {"changing", changing}};
          return keep_choice(v, kChoices, d.provider.confirmation.calls);
        }}},
    Key{"confirmation", "operations", "a list of operations", "", "none", "sendMessage, post /payments",
        "Further operations of the OpenAPI, each by its operationId, or by method and path.",
        TakeList{[](Draft& d, const std::vector<std::string>& v) {
          return keep_operations(v, d.provider.confirmation.operations);
        }}},
    Key{"confirmation", "by", "`\"approval\"` or `\"sign_in\"`", "approval", "", "",
        "How: on the account page, where each call is shown as it came and may be allowed once; or by a sign-in of "
        "the last minutes (RFC 9470), which every authorization then asks for, and an assistant in between only where "
        "it knows how.",
        TakeText{[](Draft& d, std::string_view v) {
          using enum gateway::ConfirmedBy;
          constexpr Choice<gateway::ConfirmedBy> kChoices[] = {{"approval", approval}, {"sign_in", sign_in}};
          return keep_choice(v, kChoices, d.provider.confirmation.by);
        }}},
    Key{"confirmation", "lifetime", "a duration", "10m", "", "",
        "How long a question waits, the answer holds, and a sign-in counts.",
        TakeText{[](Draft& d, std::string_view v) { return keep_lifetime(v, d.provider.confirmation.lifetime); }}},

    Key{"mcp", "enabled", "true or false", "", "true where `[api] upstream` and `openapi` are set", "false",
        "Whether it is there. Off: `/mcp` is a path of the API like any other.",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.provider.mcp.enabled); }}},
    Key{"mcp", "allowed_origins", "a list of origins", "https://chatgpt.com, https://claude.ai, https://claude.com", "",
        "",
        "Whose pages may call it from a browser, beside our own; `*`: anybody's. Programs send no origin and need "
        "none.",
        TakeList{[](Draft& d, const std::vector<std::string>& v) -> Taken {
          for (const auto& text : v) {
            const auto url = parse_http_url(text);
            if (text != "*" && (!url || url->origin() != text))
              return std::unexpected(fmt::format("must hold origins such as \"https://a.example\", not \"{}\"", text));
          }
          d.provider.mcp.allowed_origins = v;
          return {};
        }}},
    Key{"mcp", "largest_answer", "a number", "1048576", "", "",
        "The longest answer of the API, in bytes, that a model is given. Of a longer one it is told that, and nothing "
        "more.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.provider.mcp.largest_answer, 16'777'216); }}},
    Key{"mcp", "most_open", "a number", "32", "", "",
        "How many calls, and streams that tell of changes, a connection (what one user allowed one client) may have "
        "open at a time.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.provider.mcp.most_open, 1'000); }}},
    Key{"mcp", "most_open_together", "a number", "256", "", "",
        "How many calls all connections may have open at a time, in each process: each holds its message and its "
        "answer in memory.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.provider.mcp.most_open_together, 10'000); }}},

    Key{"plugin", "name_for_human", "text", "", "the issuer's host", "Todo Helper",
        "The name that users see, also on our own pages.",
        TakeText{[](Draft& d, std::string_view v) { return keep_text(v, d.provider.plugin.name_for_human); }}},
    Key{"plugin", "name_for_model", "letters, digits and `_`", "", "made from `name_for_human`", "todo_helper",
        "The name that the assistant's model sees.", TakeText{[](Draft& d, std::string_view v) -> Taken {
          const auto is_allowed = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
          };
          if (v.empty() || v.size() > 50 || !std::ranges::all_of(v, is_allowed))
            return std::unexpected(fmt::format("must be 1 to 50 letters, digits and _, not \"{}\"", v));
          return keep_text(v, d.provider.plugin.name_for_model);
        }}},
    Key{"plugin", "description_for_human", "text", "", "`name_for_human`", "Keeps your to-do lists.",
        "One sentence for users.",
        TakeText{[](Draft& d, std::string_view v) { return keep_text(v, d.provider.plugin.description_for_human); }}},
    Key{"plugin", "description_for_model", "text", "", "`description_for_human`",
        "Reads and changes the user's to-do lists.", "What the model should know of when to use the plugin.",
        TakeText{[](Draft& d, std::string_view v) { return keep_text(v, d.provider.plugin.description_for_model); }}},
    Key{"plugin", "logo_url", "a URL or a path", "", "none", "/logo.png",
        "The logo; a path is seen from the issuer's origin and must be among `[api] public`.",
        TakeText{[](Draft& d, std::string_view v) -> Taken {
          if (!v.starts_with('/') && !parse_http_url(v))
            return std::unexpected(fmt::format("must be a URL, or a path that begins with a slash, not \"{}\"", v));
          return keep_text(v, d.provider.plugin.logo_url);
        }}},
    Key{"plugin", "contact_email", "an e-mail address", "", "none", "support@example.com", "Whom to write to.",
        TakeText{[](Draft& d, std::string_view v) { return keep_text(v, d.provider.plugin.contact_email); }}},
    Key{"plugin", "legal_info_url", "a URL", "", "none", "https://example.com/legal", "Where the terms are.",
        TakeText{[](Draft& d, std::string_view v) -> Taken {
          if (!parse_http_url(v)) return std::unexpected(fmt::format("must be a URL, not \"{}\"", v));
          return keep_text(v, d.provider.plugin.legal_info_url);
        }}},
    Key{"plugin", "authorization_content_type", "a content type", "application/json", "", "",
        "How the assistant sends its token request: `\"application/json\"` or `\"application/x-www-form-urlencoded\"`. "
        "We take both whatever is written here.",
        TakeText{[](Draft& d, std::string_view v) {
          using enum oauth::TokenRequestEncoding;
          constexpr Choice<oauth::TokenRequestEncoding> kChoices[] = {{"application/json", json},
                                                                      {"application/x-www-form-urlencoded", form}};
          return keep_choice(v, kChoices, d.provider.plugin.authorization_content_type);
        }}},
    Key{"plugin", "scope", "scopes parted by blanks", "", "empty: the client's own", "read write",
        "The scope that the assistant asks for.", TakeText{[](Draft& d, std::string_view v) -> Taken {
          if (!oauth::Scope::parse(v))
            return std::unexpected(fmt::format("must be scopes parted by blanks, not \"{}\"", v));
          return keep_text(v, d.provider.plugin.scope);
        }}},
    Key{"plugin", "verification_tokens", "a table of texts", "", "none", "openai = \"0123456789abcdef\"",
        "The verification token of each host, under the host's name; read again on SIGHUP.",
        TakeMap{[](Draft& d, const std::map<std::string, std::string>& v) -> Taken {
          d.provider.plugin.verification_tokens = v;
          return {};
        }}},
    Key{"plugin", "openai_apps_challenge", "a token", "", "none", "Q0hBVEVMQUlORQ",
        "The token by which OpenAI's developer console checks whose domain a ChatGPT app's server stands on, served at "
        "`/.well-known/openai-apps-challenge`; read again on SIGHUP.",
        TakeText{[](Draft& d, std::string_view v) -> Taken {
          const auto is_visible = [](char c) { return c > ' ' && c <= '~'; };
          if (v.empty() || v.size() > 500 || !std::ranges::all_of(v, is_visible))
            return std::unexpected("must be the token alone, without blanks, as the console shows it");
          return keep_text(v, d.provider.plugin.openai_apps_challenge);
        }}},

    Key{"tokens", "access_format", "`\"jwt\"` or `\"opaque\"`", "jwt", "", "",
        "`jwt` (RFC 9068) can be checked by the API itself with the JWKS, but an API that does learns of a revocation "
        "only "
        "when the token expires; `opaque` must be asked about.",
        TakeText{[](Draft& d, std::string_view v) { return keep_access_format(v, d.provider.tokens.access_format); }}},
    Key{"tokens", "access_lifetime", "a duration", "1h", "", "", "How long an access token works.",
        TakeText{[](Draft& d, std::string_view v) { return keep_lifetime(v, d.provider.tokens.access_lifetime); }}},
    Key{"tokens", "refresh_lifetime", "a duration", "30d", "", "",
        "How long a refresh token works; each use begins it anew, so this is how long an assistant may stay away.",
        TakeText{[](Draft& d, std::string_view v) { return keep_lifetime(v, d.provider.tokens.refresh_lifetime); }}},
    Key{"tokens", "refresh_grace", "a duration", "60s", "", "",
        "How long the refresh token before the current one still yields the same successor, for assistants that "
        "refresh "
        "twice at once or lose an answer; later use is theft and ends the grant.",
        TakeText{[](Draft& d, std::string_view v) -> Taken {
          const auto duration = parse_duration(v);
          if (!duration)
            return std::unexpected(fmt::format("must be a duration such as \"60s\" or \"0s\", not \"{}\"", v));
          d.provider.tokens.refresh_grace = *duration;
          return {};
        }}},
    Key{"tokens", "code_lifetime", "a duration", "60s", "", "",
        "How long an authorization code waits to be exchanged; at most 10m (RFC 6749 §4.1.2).",
        TakeText{[](Draft& d, std::string_view v) -> Taken {
          const auto lifetime = read_lifetime(v);
          if (!lifetime) return std::unexpected(lifetime.error());
          if (*lifetime > std::chrono::minutes{10})
            return std::unexpected(fmt::format("must be at most \"10m\", not \"{}\"", v));
          d.provider.tokens.code_lifetime = *lifetime;
          return {};
        }}},

    Key{"tokens", "signing_algorithm", "a signature algorithm", "ES256", "", "",
        "What access tokens of the format `jwt` are signed with: one of `[keys] algorithms`. An API that checks them "
        "by "
        "itself must take it.",
        TakeText{[](Draft& d, std::string_view v) {
          return keep(read_signature_algorithm(v), d.provider.tokens.signing_algorithm);
        }}},

    Key{"keys", "algorithms", "a list of signature algorithms", "ES256, RS256", "", "",
        "What there are keys for: `\"ES256\"`, `\"RS256\"`, `\"PS256\"` (RFC 7518), `\"EdDSA\"` (Ed25519, RFC 8037). "
        "ES256 is always among them. One that is added to a running installation signs after 70 seconds; one that is "
        "taken away verifies until its last token has ended.",
        TakeList{[](Draft& d, const std::vector<std::string>& v) {
          return keep(read_signature_algorithms(v), d.provider.keys.algorithms);
        }}},
    Key{"keys", "rotate_every", "a duration or `\"off\"`", "90d", "", "",
        "How long a key signs until a new one takes over by itself; at least 1h. `off`: until `chatelaine key rotate`.",
        TakeText{[](Draft& d, std::string_view v) { return keep(read_rotation(v), d.provider.keys.rotate_every); }}},

    Key{"flows", "authorization_code", "true or false", "true", "", "",
        "Whether browsers are sent here to sign in and to consent (RFC 6749 §4.1). Off is for a server that serves "
        "programs alone: the authorization endpoint, pushed requests and the plugin's manifest are gone with it.",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.provider.flows.authorization_code); }}},
    Key{"flows", "refresh_token", "true or false", "true", "", "",
        "Whether access can be renewed without the person. Off: no refresh token is handed out, and none is taken.",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.provider.flows.refresh_token); }}},
    Key{"flows", "client_credentials", "true or false", "true", "", "",
        "Whether a client can have tokens for itself (RFC 6749 §4.4).",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.provider.flows.client_credentials); }}},
    Key{"flows", "device_code", "true or false", "true", "", "",
        "Whether devices without a browser can be let in by a code that a person types at `/device` (RFC 8628).",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.provider.flows.device_code); }}},
    Key{"flows", "pushed_requests", "true or false", "true", "", "",
        "Whether clients can push their authorization requests (RFC 9126), at `/oauth/par`.",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.provider.flows.pushed_requests); }}},
    Key{"flows", "require_pushed_requests", "true or false", "false", "", "",
        "Whether every client must push them; else those do that were registered with `--require-pushed-requests yes`.",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.provider.flows.require_pushed_requests); }}},
    Key{"flows", "client_id_metadata_documents", "true or false", "true", "", "",
        "Whether a client_id may be the URL of the client's own document, so that assistants connect without being "
        "registered.",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.provider.flows.client_id_metadata_documents); }}},
    Key{"flows", "introspection", "true or false", "true", "", "",
        "Whether clients with a secret can ask what a token is (RFC 7662). The gateway does not need it.",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.provider.flows.introspection); }}},
    Key{"flows", "revocation", "true or false", "true", "", "",
        "Whether clients can end what they were given (RFC 7009). People and operators can in any case.",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.provider.flows.revocation); }}},
    Key{"flows", "openid", "true or false", "true", "", "",
        "OpenID Connect: ID tokens for clients that ask for the scope `openid`, `/oauth/userinfo` and `/oauth/logout`.",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.provider.flows.openid); }}},

    Key{"registration", "mode", "`\"open\"`, `\"token\"` or `\"off\"`", "open", "", "",
        "Who may register a client. `open`: whoever asks, as assistants expect; such a client gets nothing that a "
        "person does not consent to, and the consent page says that nobody has checked it. `token`: who brings a token "
        "of `chatelaine registration-token add`. `off`: nobody; a client that has registered can change itself no "
        "more, but works on.",
        TakeText{[](Draft& d, std::string_view v) {
          using enum oauth::RegistrationMode;
          constexpr Choice<oauth::RegistrationMode> kChoices[] = {{"open", open}, {"token", token}, {"off", off}};
          return keep_choice(v, kChoices, d.provider.registration.mode);
        }}},
    Key{"registration", "unused_lifetime", "a duration", "30d", "", "",
        "A client that registered openly is removed after so long, unless somebody has allowed it something.",
        TakeText{
            [](Draft& d, std::string_view v) { return keep_lifetime(v, d.provider.registration.unused_lifetime); }}},
    Key{"device", "lifetime", "a duration", "10m", "", "",
        "How long a device waits for its user to type the code and to answer, from 1m to 30m. Shorter ones are of less "
        "use to whoever sends people codes (RFC 8628 §5.4).",
        TakeText{[](Draft& d, std::string_view v) -> Taken {
          const auto lifetime = read_lifetime(v);
          if (!lifetime) return std::unexpected(lifetime.error());
          if (*lifetime < std::chrono::minutes{1} || *lifetime > std::chrono::minutes{30})
            return std::unexpected(fmt::format("must be from \"1m\" to \"30m\", not \"{}\"", v));
          d.provider.device.lifetime = *lifetime;
          return {};
        }}},

    Key{"sessions", "idle", "a duration", "12h", "", "", "A sign-in that is not used for so long ends.",
        TakeText{[](Draft& d, std::string_view v) { return keep_lifetime(v, d.sessions.idle); }}},
    Key{"sessions", "lifetime", "a duration", "30d", "", "", "A sign-in ends after so long in any case.",
        TakeText{[](Draft& d, std::string_view v) { return keep_lifetime(v, d.sessions.lifetime); }}},

    Key{"ledger", "calls", "a duration or `\"off\"`", "90d", "", "",
        "How long the records of the API's calls are kept, an hour at least; `off` records none. They are written "
        "within a second of the "
        "call: a crash may lose that second's, and where more come than can be written their number is kept instead.",
        TakeText{[](Draft& d, std::string_view v) { return keep(read_rotation(v), d.ledger.calls); }}},
    Key{"ledger", "events", "a duration", "730d", "", "",
        "How long security events are kept: consents, grants, thefts, sign-ins, keys, and what is done to accounts and "
        "clients.",
        TakeText{[](Draft& d, std::string_view v) { return keep_lifetime(v, d.ledger.events); }}},

    Key{"flights", "keep", "a duration", "14d", "", "",
        "How long the steps are kept. They are written within a second of the request: a crash may lose that second's.",
        TakeText{[](Draft& d, std::string_view v) { return keep_lifetime(v, d.flights.keep); }}},
    Key{"flights", "most", "a number", "100000", "", "",
        "How many steps are kept at most; the oldest go first. A step takes about half a kilobyte, at most four."
        " Calls of the API may be a quarter of them.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.flights.most); }}},

    Key{"admin", "enabled", "true or false", "false", "", "",
        "Whether the pages are there, for accounts with the role `administrator` alone. Off: 404. Counts at once on "
        "SIGHUP.",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.provider.admin.enabled); }}},

    Key{"scope", "name", "a word", "", "needed in each", "todo.read", "What stands in `scope`.",
        TakeText{[](Draft& d, std::string_view v) -> Taken {
          if (!is_scope_token(v))
            return std::unexpected(fmt::format("must be one word without blanks or quotes, not \"{}\"", v));
          const auto is_same = [&](const ScopeConfiguration& scope_before) { return scope_before.name == v; };
          if (std::ranges::any_of(d.provider.scopes, is_same))
            return std::unexpected(fmt::format("must be declared once, and \"{}\" is there already", v));
          return keep_text(v, d.provider.scopes.back().name);
        }}},
    Key{"scope", "description", "text", "", "the name", "Read your to-do lists",
        "What the client may do then, as the consent page says it.",
        TakeText{[](Draft& d, std::string_view v) { return keep_text(v, d.provider.scopes.back().description); }}},
    Key{"scope", "operations", "a list of operations", "", "none", "listTodos, get /todos/{id}",
        "The operations of `[api] openapi` that need this scope, beside the scopes that the file itself names: each an "
        "operationId, or a method and a path. Where any `[[scope]]` has this key, be its list empty, an operation of "
        "which neither a `[[scope]]` nor the file's `security` speaks is closed: 403. `chatelaine expose` writes them.",
        TakeList{[](Draft& d, const std::vector<std::string>& v) -> Taken {
          return keep_operations(v, d.provider.scopes.back().operations.emplace());
        }}},

    Key{"resource", "identifier", "an absolute URI", "", "needed in each", "https://notes.example.com/mcp",
        "What its tokens are marked with: their `aud`. Clients ask for it in `resource`, with a slash at its end or "
        "without.",
        TakeText{[](Draft& d, std::string_view v) -> Taken {
          if (const auto free = check_spelling(d, v); !free) return free;
          d.provider.resources.back().identifier = oauth::Resource(std::string(v));
          return {};
        }}},
    Key{"resource", "aliases", "a list of absolute URIs", "", "none", "https://notes.example.com",
        "Other spellings that clients may ask by; a token then names it by both. Give one to another resource only "
        "once the last token that names it has ended: the other's server would see, and take, what was meant for this "
        "one.",
        TakeList{[](Draft& d, const std::vector<std::string>& v) -> Taken {
          for (const auto& alias : v) {
            if (auto free = check_spelling(d, alias); !free) return free;
            d.provider.resources.back().aliases.emplace_back(alias);
          }
          return {};
        }}},
    Key{"resource", "name", "text", "", "the identifier", "Notes",
        "What the consent page calls it. `[api] resource` is called `[plugin] name_for_human` unless it has a name "
        "here.",
        TakeText{[](Draft& d, std::string_view v) { return keep_text(v, d.provider.resources.back().name); }}},
    Key{"resource", "scopes", "a list of scopes", "", "every scope", "todo.read",
        "The scopes that mean something there. A token for it alone carries no others, but for OpenID Connect's own "
        "(`openid`, `profile`, `email`, `offline_access`), which go with every resource. A request without `resource` "
        "is for `[api] resource` where that has all the scopes asked for, else for the one resource that has them; "
        "where none has them, or several, it is refused with `invalid_scope`. One that names no scope either is for "
        "`[api] resource` as long as any of the client's scopes means something there, and gets those.",
        TakeList{[](Draft& d, const std::vector<std::string>& v) {
          return keep_scopes(v, d.provider.resources.back().scopes);
        }}},
    Key{"resource", "access_format", "`\"jwt\"` or `\"opaque\"`", "", "`[tokens] access_format`", "opaque",
        "How its access tokens are written. A token for several resources is opaque where one of them wants that; a "
        "client's own format (`client add --access-token-format`) goes before.",
        TakeText{[](Draft& d, std::string_view v) {
          return keep_access_format(v, d.provider.resources.back().access_token_format.emplace());
        }}},
    Key{"resource", "access_lifetime", "a duration", "", "`[tokens] access_lifetime`", "10m",
        "How long its access tokens work; of several resources the shortest counts.",
        TakeText{[](Draft& d, std::string_view v) {
          return keep_lifetime(v, d.provider.resources.back().access_token_lifetime.emplace());
        }}},

    Key{"accounts", "passwords", "true or false", "true", "", "",
        "Whether everybody may sign in with a password. Where not, the page shows the `[[user_source]]`s alone, and "
        "administrators find a link to their form below: they get in while a source is out of reach.",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.provider.passwords); }}},

    Key{"user_source", "name", "`a-z`, `0-9`, `-`", "", "needed in each", "contoso",
        "Stands in the redirect URI. Accounts are linked by it: whoever renames a source breaks the links.",
        TakeText{[](Draft& d, std::string_view v) { return keep_source_name(d, v); }}},
    Key{"user_source", "type", "`\"oidc\"`", "", "`oidc`", "oidc", "What the provider speaks: OpenID Connect.",
        TakeText{[](Draft&, std::string_view v) -> Taken {
          if (v != "oidc") return std::unexpected(fmt::format("must be \"oidc\", not \"{}\"", v));
          return {};
        }}},
    Key{"user_source", "label", "text", "", "the name", "Contoso", "What the button says behind \"Sign in with\".",
        TakeText{[](Draft& d, std::string_view v) { return keep_word(v, d.provider.user_sources.back().label); }}},
    Key{"user_source", "issuer", "a URL", "", "needed in each", "https://login.microsoftonline.com/{tenantid}/v2.0",
        "The provider's issuer, byte for byte as `ISSUER/.well-known/openid-configuration` names it (OpenID Connect "
        "Discovery §4.3). For several tenants of Entra ID: `https://login.microsoftonline.com/{tenantid}/v2.0`, with "
        "`tenants`.",
        TakeText{[](Draft& d, std::string_view v) {
          return keep(read_foreign_issuer(v), d.provider.user_sources.back().issuer);
        }}},
    Key{"user_source", "tenants", "a list of ids", "", "none", "aaaabbbb-0000-cccc-1111-dddd2222eeee",
        "Where the issuer has `{tenantid}`: whose people come in. There is no way to let in every tenant, since "
        "anybody can make one and write into it what they like.",
        TakeList{[](Draft& d, const std::vector<std::string>& v) -> Taken {
          const auto is_id = [](const std::string& tenant) {
            return !tenant.empty() && std::ranges::all_of(tenant, [](char c) {
              return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
            });
          };
          if (!std::ranges::all_of(v, is_id)) return std::unexpected("must hold ids of tenants in lower case");
          d.provider.user_sources.back().tenants = v;
          return {};
        }}},
    Key{"user_source", "client_id", "text", "", "needed in each", "chatelaine", "What the provider calls this server.",
        TakeText{[](Draft& d, std::string_view v) { return keep_word(v, d.provider.user_sources.back().client_id); }}},
    Key{"user_source", "client_secret_file", "a file", "",
        "the environment: `CHATELAINE_SOURCE_SECRET_NAME`, the name in capitals, `_` for `-`", "contoso.secret",
        "Where the secret stands that the provider gave for it, on a line of its own.",
        TakeText{[](Draft& d, std::string_view v) {
          return keep_file(d, v, d.provider.user_sources.back().client_secret_file);
        }}},
    Key{"user_source", "scopes", "a list of scopes", "", "`openid`, `email`, `profile`", "openid, email",
        "What is asked for; `openid` is among it.", TakeList{[](Draft& d, const std::vector<std::string>& v) -> Taken {
          for (const auto& name : v)
            if (!is_scope_token(name)) return std::unexpected(fmt::format("must hold single scopes, not \"{}\"", name));
          if (std::ranges::find(v, "openid") == v.end())
            return std::unexpected("must hold \"openid\" (OpenID Connect Core §3.1.2.1)");
          d.provider.user_sources.back().scopes = v;
          return {};
        }}},
    Key{"user_source", "email_claim", "a claim", "", "`email`", "preferred_username",
        "Where the e-mail address stands. Another claim than `email` counts only with `trust_email`, since "
        "`email_verified` does not speak of it.",
        TakeText{
            [](Draft& d, std::string_view v) { return keep_word(v, d.provider.user_sources.back().email_claim); }}},
    Key{"user_source", "name_claim", "a claim", "", "`name`", "given_name", "Where the name stands that pages show.",
        TakeText{[](Draft& d, std::string_view v) { return keep_word(v, d.provider.user_sources.back().name_claim); }}},
    Key{"user_source", "subject_claim", "a claim", "", "none: the subject is made of name, issuer and `sub`", "oid",
        "The claim that an account which is made has as its subject, which the API knows the person by, such as `sub` "
        "or Entra ID's `oid`: one that stays the person's for good. Whoever runs the provider then says whose data the "
        "API serves, so it needs to be the only `[[user_source]]`. Who signs in is told by issuer and `sub` in any "
        "case.",
        TakeText{
            [](Draft& d, std::string_view v) { return keep_word(v, d.provider.user_sources.back().subject_claim); }}},
    Key{"user_source", "trust_email", "true or false", "", "`false`", "true",
        "Takes an e-mail address of which this source does not say `email_verified` for verified: only where whoever "
        "runs it alone gives addresses out. One with `email_verified` false never counts.",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.provider.user_sources.back().trust_email); }}},
    Key{"user_source", "allowed_email_domains", "a list of domains", "",
        "needed where accounts are made and neither `required_claims` nor `tenants` says for whom", "example.com",
        "Who comes in: whose verified address is of one of these domains (not of one below). `[\"*\"]`: everybody whom "
        "the provider lets in.",
        TakeList{[](Draft& d, const std::vector<std::string>& v) {
          return keep_email_domains(v, d.provider.user_sources.back().allowed_email_domains);
        }}},
    Key{"user_source", "required_claims", "a table of texts", "", "none", "hd = \"example.com\"",
        "Who comes in: each of these claims has that value, or is a list that holds it. Asked at every sign-in.",
        TakeMap{[](Draft& d, const std::map<std::string, std::string>& v) -> Taken {
          d.provider.user_sources.back().required_claims = v;
          return {};
        }}},
    Key{"user_source", "create_accounts", "true or false", "", "`true`", "false",
        "Whether somebody who comes in for the first time gets an account. Where not, they need one that is linked "
        "(`chatelaine user link`) or joined.",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.provider.user_sources.back().create_accounts); }}},
    Key{"user_source", "join_by_email", "true or false", "", "`false`", "true",
        "Whether somebody who comes in for the first time becomes the owner of the account that has their verified "
        "address. Whoever gives addresses out at the provider can then enter these accounts, but for administrators'.",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.provider.user_sources.back().join_by_email); }}},
    Key{"user_source", "reauthentication", "`\"login\"` or `\"select_account\"`", "", "`login`", "select_account",
        "How a client's `prompt=login` and `max_age`, and \"Sign in as somebody else\", reach the provider. `login`: "
        "as "
        "`prompt=login` and `max_age`, and its `auth_time` must show that it obeyed. `select_account`: for providers "
        "that send no `auth_time`, as Google: as `prompt=select_account`, and coming back from the choice of accounts "
        "counts as a sign-in. A client's `prompt=select_account` is passed on by both.",
        TakeText{[](Draft& d, std::string_view v) {
          using enum UserSourceReauthentication;
          constexpr Choice<UserSourceReauthentication> kChoices[] = {{"login", login},
                                                                     {"select_account", select_account}};
          return keep_choice(v, kChoices, d.provider.user_sources.back().reauthentication);
        }}},

    Key{"user_source", "networks", "a list of addresses or blocks", "", "none: public addresses over https alone",
        "10.1.0.0/16",
        "Private or loopback addresses at which this provider may be asked, for one that stands in your own network; "
        "every other fetch stays on public addresses. Its URLs are https; http is for loopback alone.",
        TakeList{[](Draft& d, const std::vector<std::string>& v) {
          return keep_networks(v, d.provider.user_sources.back().networks);
        }}},

    Key{"limits", "enabled", "true or false", "true", "", "", "Whether anybody is made to wait. Off is for load tests.",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.limits.enabled); }}},
    Key{"limits", "password_failures_per_account", "a number", "10", "", "",
        "So many wrong passwords for one account are free. A browser in which its person has signed in before has as "
        "many of its own, and does not wait for others.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.limits.password_failures_per_account); }}},
    Key{"limits", "password_failures_per_address", "a number", "100", "", "",
        "So many from one address (an IPv6 network of 64 bits), whatever the accounts.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.limits.password_failures_per_address); }}},
    Key{"limits", "secret_failures_per_client", "a number", "10", "", "",
        "So many wrong secrets for one client from one address are told as such; after that as too many. A right one "
        "is "
        "never turned away.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.limits.secret_failures_per_client); }}},
    Key{"limits", "secret_failures_per_address", "a number", "100", "", "",
        "So many from one address, whatever the clients.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.limits.secret_failures_per_address); }}},
    Key{"limits", "pushed_requests_per_address", "a number", "100", "", "",
        "So many pushed requests (RFC 9126) within `window` from one address, for clients that have no secret or were "
        "not registered by you.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.limits.pushed_requests_per_address); }}},
    Key{"limits", "pushed_requests_per_client", "a number", "1000", "", "",
        "So many of each such client may wait for their browser.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.limits.pushed_requests_per_client); }}},
    Key{"limits", "registrations_per_address", "a number", "30", "", "",
        "So many clients within `window` may register openly, or change themselves, from one address.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.limits.registrations_per_address); }}},
    Key{"limits", "user_code_failures_per_account", "a number", "10", "", "",
        "So many wrong codes of devices (RFC 8628 §5.1) are free to one account; a right one clears none of them.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.limits.user_code_failures_per_account); }}},
    Key{"limits", "user_code_failures_per_address", "a number", "100", "", "",
        "So many from one address, whatever the accounts.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.limits.user_code_failures_per_address); }}},
    Key{"limits", "device_codes_per_address", "a number", "100", "", "",
        "So many device codes (RFC 8628) within `window` for one address, for clients as with "
        "`pushed_requests_per_address`.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.limits.device_codes_per_address); }}},
    Key{"limits", "device_codes_per_client", "a number", "1000", "", "",
        "So many of each such client may wait for their user.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.limits.device_codes_per_client); }}},
    Key{"limits", "source_sign_ins_per_address", "a number", "200", "", "",
        "So many sign-ins at `[[user_source]]`s within `window` may be begun from one address without success.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.limits.source_sign_ins_per_address); }}},
    Key{"limits", "calls_per_grant", "so many in so long, or `\"off\"`", "1200/1m", "", "",
        "How many calls of the API one connection (a user's grant to a client) may make: a bucket that holds so many "
        "and fills evenly. Above it: 429 with `Retry-After`; the answer to every call that counts says how the "
        "tightest "
        "limit stands (`RateLimit-Limit`, `RateLimit-Remaining`, `RateLimit-Reset`), at `/mcp` too. What is refused "
        "for "
        "its token, its scope or its path does not count.",
        TakeText{[](Draft& d, std::string_view v) { return keep(read_rate(v), d.limits.calls_per_grant); }}},
    Key{"limits", "calls_per_user", "so many in so long, or `\"off\"`", "off", "", "",
        "The same for all that act for one user together.",
        TakeText{[](Draft& d, std::string_view v) { return keep(read_rate(v), d.limits.calls_per_user); }}},
    Key{"limits", "calls_per_client", "so many in so long, or `\"off\"`", "off", "", "",
        "The same for one client and all of its users together.",
        TakeText{[](Draft& d, std::string_view v) { return keep(read_rate(v), d.limits.calls_per_client); }}},
    Key{"limits", "calls_per_operation", "a table of rates", "", "none", "exportLists = \"5/1h\"",
        "The same for single operations of `[api] openapi`, whoever calls them: each by its operationId, or by method "
        "and path.",
        TakeMap{[](Draft& d, const std::map<std::string, std::string>& v) -> Taken {
          d.limits.calls_per_operation.clear();
          for (const auto& [operation, text] : v) {
            const auto rate = read_rate(text);
            if (!rate) return std::unexpected(fmt::format("of {} {}", operation, rate.error()));
            if (*rate) d.limits.calls_per_operation.emplace(operation, **rate);
          }
          return {};
        }}},
    Key{"limits", "window", "a duration", "15m", "", "",
        "What was counted is forgotten so long after the first of it, or after the end of the last wait.",
        TakeText{[](Draft& d, std::string_view v) { return keep_lifetime(v, d.limits.window); }}},
    Key{"limits", "first_wait", "a duration", "30s", "", "",
        "The wait after as many failures as are free; each further failure doubles it.",
        TakeText{[](Draft& d, std::string_view v) { return keep_lifetime(v, d.limits.first_wait); }}},
    Key{"limits", "longest_wait", "a duration", "15m", "", "", "The longest that it grows to.",
        TakeText{[](Draft& d, std::string_view v) { return keep_lifetime(v, d.limits.longest_wait); }}},
    Key{"limits", "remembered", "a number", "20000", "", "",
        "How many accounts, clients and addresses are remembered for each of these limits; each takes about 250 bytes.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.limits.remembered); }}},
    Key{"limits", "password_threads", "a number", "2", "", "",
        "How many passwords are checked at once; each check takes some 20 ms and 19 MiB. A change needs a restart.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.limits.password_threads, 256); }}},
    Key{"limits", "password_queue", "a number", "64", "", "",
        "How many more wait their turn; beyond that sign-in answers 503. A change needs a restart.",
        TakeNumber{[](Draft& d, std::int64_t v) { return keep_count(v, d.limits.password_queue); }}},

    Key{"paths", "prefix", "a path", "", "none: `/sign-in`, `/consent`, `/device`, `/account`, `/admin`", "/auth",
        "What precedes the paths of our pages, where the API has paths of the same names.",
        TakeText{[](Draft& d, std::string_view v) { return keep(read_path_prefix(v), d.provider.page_prefix); }}},

    Key{"fetch", "allow_local", "true or false", "false", "", "",
        "Lets clients publish on loopback, keys over http too: for development.",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.provider.fetch.allow_local); }}},
    Key{"fetch", "ca_file", "a file", "", "the system's roots alone", "roots.pem",
        "Further certificate authorities (PEM) to trust when the provider fetches.",
        TakeText{[](Draft& d, std::string_view v) { return keep_file(d, v, d.provider.fetch.ca_file); }}},

    Key{"client_id_metadata_documents", "allowed_hosts", "a list of host names", "", "any", "chatgpt.com",
        "Whose documents are taken, byte for byte; people who come from others are told so.",
        TakeList{[](Draft& d, const std::vector<std::string>& v) -> Taken {
          for (const auto& host : v) {
            const auto url = parse_http_url("https://" + host + "/");
            if (!url || url->authority() != host)
              return std::unexpected(fmt::format("must hold host names in lower case, not \"{}\"", host));
          }
          d.provider.documents.allowed_hosts = v;
          return {};
        }}},

    Key{"profiles", "directory", "a directory", "", "what is built in", "profiles",
        "A directory of profiles, a file each (docs/operators/profiles.md): one of the name of a built-in profile "
        "replaces that, the others are added. Read by each command that needs them.",
        TakeText{[](Draft& d, std::string_view v) {
          return keep_file(d, v, d.profiles_directory, "must name a directory");
        }}},

    Key{"host", "url", "a URL", "", "needed by `host`", "http://127.0.0.1:8090",
        "The host's public URL: https, or http on loopback for development. No slash at its end, and no path.",
        TakeText{[](Draft& d, std::string_view v) -> Taken {
          auto url = read_public_url(v);
          if (url && !url->path.empty()) return std::unexpected(fmt::format("must have no path, not \"{}\"", v));
          return keep(std::move(url), d.host.url);
        }}},
    Key{"host", "listen", "an address and a port", "127.0.0.1:8090", "", "", "Where the host listens.",
        TakeText{[](Draft& d, std::string_view v) { return keep(read_listen_address(v), d.host.listen); }}},
    Key{"host", "storage", "`sqlite:FILE`", "sqlite:chatelaine-host.db", "", "",
        "Where the host keeps its users, plugins and connections.",
        TakeText{[](Draft& d, std::string_view v) { return keep(read_storage(v, d.directory), d.host.storage); }}},
    Key{"host", "name", "letters, digits, `-` and `_`", "chatelaine", "", "",
        "The host's name in a manifest's `verification_tokens`.", TakeText{[](Draft& d, std::string_view v) -> Taken {
          const auto is_allowed = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
          };
          if (v.empty() || !std::ranges::all_of(v, is_allowed))
            return std::unexpected(fmt::format("must be letters, digits, - and _, not \"{}\"", v));
          return keep_text(v, d.host.name);
        }}},
    Key{"host", "allow_local", "true or false", "false", "", "",
        "Lets plugins live on loopback, over http too: for development.",
        TakeBoolean{[](Draft& d, bool v) { return keep_flag(v, d.host.allow_local); }}},
    Key{"host", "ca_file", "a file", "", "the system's roots alone", "roots.pem",
        "Further certificate authorities (PEM) to trust when the host fetches.",
        TakeText{[](Draft& d, std::string_view v) { return keep_file(d, v, d.host.ca_file); }}},
};

}  // namespace

std::string Key::path() const { return table.empty() ? std::string(name) : fmt::format("{}.{}", table, name); }

std::vector<std::string> split_list(std::string_view list) {
  std::vector<std::string> elements;
  while (!list.empty()) {
    const auto comma = std::min(list.find(", "), list.size());
    elements.emplace_back(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 2, list.size()));
  }
  return elements;
}

std::span<const Table> configuration_tables() { return kTables; }
std::span<const Key> configuration_keys() { return kKeys; }

}  // namespace chatelaine::app
