// What breaks only once somebody signs in, each a switch of BrokenProvider that lets people in: `manners` and `spoil` break it, and a rehearsal of `profile` must say `code` with a sentence
// that holds `seen`, and `change` to mend it. `cause` counts as in faults.mjs.
export const flowFaults = {
  state_lost: { cause: 1, profile: 'gpt-action', code: 'state', seen: 'did not come back', change: 'exactly as it came', manners: { state: () => undefined } },
  state_altered: { cause: 1, profile: 'vscode', code: 'state', seen: 'came back as', change: 'exactly as it came', manners: { state: (state) => state.replace(/[+/=:?&]/g, '') + '!' } },
  state_cut: { cause: 1, profile: 'chatgpt-plugin', code: 'state', seen: 'came back as', change: 'exactly as it came', manners: { state: (state) => state.slice(0, 16) } },
  json_not_read: {
    cause: 2, profile: 'chatgpt-plugin', code: 'token_encoding', seen: 'JSON is refused, and a form is taken', change: 'authorization_content_type',
    spoil: ({ routes }) => {
      const sound = routes.get('POST /oauth/token');
      routes.set('POST /oauth/token', (request, body) => ((request.headers['content-type'] ?? '').includes('json') ? sound({ headers: {} }, '') : sound(request, body)));
    },
  },
  second_redirect_host_unknown: {
    cause: 4, profile: 'gpt-action', code: 'redirect_uri', seen: 'https://chatgpt.com/aip/g-some_gpt_id/oauth/callback', change: 'Register https://chatgpt.com/aip/g-some_gpt_id/oauth/callback',
    manners: { takesRedirectUri: (uri) => !uri.startsWith('https://chatgpt.com/aip/') },
  },
  redirect_unknown: { cause: 4, profile: 'claude', code: 'redirect_uri', seen: 'claude.ai/api/mcp/auth_callback', change: 'Register https://claude.ai/api/mcp/auth_callback', manners: { takesRedirectUri: () => false } },
  no_refresh_token_comes: {
    cause: 5, profile: 'gpt-action', code: 'refresh_token', seen: 'ends in 1h', change: 'Issue a refresh token', verdict: 'User is missing credentials',
    manners: { tokens: ({ refresh_token: _, ...answer }) => answer },
  },
  pkce_forced: { cause: 6, profile: 'gpt-action', code: 'pkce_optional', seen: 'code_challenge is required', change: 'do without PKCE', manners: { needsPkce: true } },
  token_url_elsewhere: {
    cause: 7, profile: 'gpt-action', code: 'endpoint_root_domain', seen: 'share no root domain', change: 'root domain of the API',
    spoil: (provider) => provider.editMetadata((document) => (document.token_endpoint = document.token_endpoint.replace('127.0.0.1', 'localhost'))),
  },
  refresh_race_revokes: { cause: 8, profile: 'claude-code', code: 'refreshed_at_once', seen: 'invalid_grant', change: 'used again by the same client', manners: { forgivesReplays: false } },
  registration_refused: {
    cause: 9, profile: 'cursor', code: 'client_registration', seen: 'invalid_client_metadata', change: 'answer with 201', manners: { registers: false },
    spoil: (provider) => provider.editMetadata((document) => delete document.client_id_metadata_document_supported),
  },
  client_not_deleted: {
    cause: 9, profile: 'cursor', code: 'client_removed', seen: 'stays there', change: 'with status 204', severity: 'warning', manners: { deletes: 403 },
    spoil: (provider) => provider.editMetadata((document) => delete document.client_id_metadata_document_supported),
  },
  scope_needed: { cause: 12, profile: 'gpt-action', code: 'scope_optional', seen: 'invalid_scope', change: 'granted before', manners: { needsScope: true } },
  token_refused_by_api: { cause: 14, profile: 'claude', code: 'api_call', seen: 'audience is wrong', change: 'issuer, audience, signature', verdict: 'connects, but every call is refused', manners: { takesToken: false } },
  token_answer_without_type: { cause: 14, profile: 'claude', code: 'token_answer', seen: 'token_type', change: 'token_type Bearer', manners: { tokens: ({ token_type: _, ...answer }) => answer } },
  iss_missing: { cause: 14, profile: 'chatgpt-app', code: 'issuer_returned', seen: 'the answer has none', change: 'Send `iss`', manners: { iss: () => undefined } },
  iss_of_another: { cause: 14, profile: 'vscode', code: 'issuer_returned', seen: 'iss is', change: 'byte for byte the issuer', manners: { iss: (issuer) => `${issuer}/` } },
  no_tools: { cause: 14, profile: 'cursor', code: 'tools', seen: 'no tool', change: 'MCP', severity: 'warning', manners: { tools: [] } },
  revocation_without_effect: { cause: 15, profile: 'chatgpt-app', code: 'revoked', seen: 'still brings access tokens', change: 'Revoke the whole grant', manners: { revokes: false } },
  revoked_is_invalid_client: { cause: 15, profile: 'chatgpt-app', code: 'refused_clearly', seen: 'invalid_client', change: 'invalid_grant', manners: { voidError: ['invalid_client', 401] } },
  no_lifetime: { cause: 5, profile: 'claude', code: 'lifetime', seen: 'no expires_in', change: 'Add `expires_in`', severity: 'warning', manners: { tokens: ({ expires_in: _, ...answer }) => answer } },
  redirect_uri_needed_again: { cause: 14, profile: 'coze', code: 'redirect_uri_at_exchange', seen: 'with it taken', change: 'leave redirect_uri out', manners: { needsRedirectUriAtExchange: true } },
  ended_token_stays_good: {
    cause: 14, profile: 'vscode', code: 'expired', seen: 'good no more', change: 'with 401', severity: 'warning', args: ['--wait', '5s'], manners: { lifetime: 1, endsTokens: false },
  },
};
