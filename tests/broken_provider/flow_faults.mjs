// What breaks only once somebody signs in, each a switch of BrokenProvider that lets people in: `manners` and `spoil` break it, and a rehearsal of `profile` must say `code` with a sentence
// that holds `seen`, and `change` to mend it. `cause` counts as in faults.mjs.
const entra = "AADSTS9010010: The resource parameter provided in the request doesn't match with the requested scopes.";
const json = (status, value) => ({ status, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' }, body: JSON.stringify(value) });
const page = (status, body, headers = {}) => ({ status, headers: { 'content-type': 'text/html', ...headers }, body: `<!doctype html>${body}` });
/** Answers by `answer` where it has one for (request, body), else as before. */
const over = (route, answer) => ({ routes }) => {
  const sound = routes.get(route);
  routes.set(route, Object.assign((request, body) => answer(request, body) ?? (typeof sound === 'function' ? sound(request, body) : sound), { headers: sound.headers }));
};
const refuseForms = (answer) => over('POST /oauth/token', ({ headers }) => ((headers['content-type'] ?? '').includes('json') ? undefined : answer));
const refusePage = (answer) => ({ routes }) => routes.set('GET /oauth/authorize', answer);
/** RFC 8707: back with an error wherever the request has a resource. */
const refuseResource = (error, error_description) => (provider) => over('GET /oauth/authorize', ({ url }) => {
  const query = new URL(url, provider.url).searchParams;
  const back = new URLSearchParams({ error, error_description, state: query.get('state'), iss: provider.url });
  return query.has('resource') ? { status: 303, headers: { location: `${query.get('redirect_uri')}?${back}` }, body: '' } : undefined;
})(provider);
/** What the MCP endpoint answers to a message of `method` that has a token. */
const answerMessage = (method, answer) => over('POST /mcp', ({ headers }, body) => {
  const message = headers.authorization ? JSON.parse(body) : {};
  return message.method === method ? answer(message) : undefined;
});

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
  form_ignored: {
    cause: 2, profile: 'claude', code: 'token_encoding', seen: 'a form is refused, and JSON is taken', change: 'Read application/x-www-form-urlencoded',
    spoil: refuseForms(json(400, { error: 'invalid_request', error_description: 'grant_type is missing' })),
  },
  form_refused: {
    cause: 2, profile: 'gpt-action', code: 'token_encoding', seen: 'a form is refused, and JSON is taken', change: 'Read application/x-www-form-urlencoded',
    spoil: refuseForms({ status: 415, headers: { 'content-type': 'text/plain' }, body: 'Unsupported Media Type' }),
  },
  form_taken_for_no_client: {
    cause: 2, profile: 'vscode', code: 'token_encoding', seen: 'a form is refused, and JSON is taken', change: 'Read application/x-www-form-urlencoded',
    spoil: refuseForms(json(401, { error: 'invalid_client', error_description: 'client_id is missing' })),
  },
  manifest_is_a_page: {
    cause: 3, profile: 'chatgpt-plugin', code: 'manifest_served', seen: 'ai-plugin.json answers with an HTML page', change: 'with 200 and the document',
    spoil: ({ routes }) => routes.set('GET /.well-known/ai-plugin.json', page(200, '<div id="root"></div><script src="/app.js"></script>')),
  },
  second_redirect_host_unknown: {
    cause: 4, profile: 'gpt-action', code: 'redirect_uri', seen: 'https://chatgpt.com/aip/g-some_gpt_id/oauth/callback', change: 'Say by --redirect-id which id this client was added with',
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
  refresh_race_revokes_perhaps: {
    cause: 8, profile: 'chatgpt-app', code: 'refreshed_at_once', seen: 'if it does, the token endpoint refuses with invalid_grant', change: 'used again by the same client', severity: 'warning', manners: { forgivesReplays: false },
  },
  registration_refused: {
    cause: 9, profile: 'cursor', code: 'client_registration', seen: 'invalid_client_metadata', change: 'answer with 201', manners: { registers: false },
    spoil: (provider) => provider.editMetadata((document) => delete document.client_id_metadata_document_supported),
  },
  client_not_deleted: {
    cause: 9, profile: 'cursor', code: 'client_removed', seen: 'stays there', change: 'with status 204', severity: 'warning', manners: { deletes: 403 },
    spoil: (provider) => provider.editMetadata((document) => delete document.client_id_metadata_document_supported),
  },
  scope_needed: { cause: 12, profile: 'gpt-action', code: 'scope_optional', seen: 'invalid_scope', change: 'granted before', manners: { needsScope: true } },
  given_scope_refused: {
    cause: 12, profile: 'gpt-action', code: 'scope_optional', seen: 'invalid_scope', change: 'Give another --scope', args: ['--scope', 'todos.rede'],
    spoil: over('GET /oauth/authorize', ({ url }) => {
      const query = new URL(url, 'http://localhost').searchParams;
      return { status: 303, headers: { location: `${query.get('redirect_uri')}?${new URLSearchParams({ error: 'invalid_scope', state: query.get('state') })}` }, body: '' };
    }),
  },
  resource_refused: { cause: 11, profile: 'claude', code: 'resource_indicator', seen: 'AADSTS9010010', change: '[[user_source]]', spoil: refuseResource('invalid_request', entra) },
  resource_unknown: { cause: 11, profile: 'chatgpt-app', code: 'resource_indicator', seen: 'invalid_target', change: 'Take `resource`', spoil: refuseResource('invalid_target', 'unknown') },
  resource_refused_by_page: { cause: 11, profile: 'vscode', code: 'resource_indicator', seen: 'AADSTS9010010', change: '[[user_source]]', spoil: refusePage(page(400, `<h1>Sorry</h1><p>${entra}</p>`)) },
  resource_refused_at_exchange: {
    cause: 11, profile: 'claude', code: 'resource_indicator', seen: 'invalid_target', change: '[[user_source]]',
    spoil: over('POST /oauth/token', (_, body) => (new URLSearchParams(body).has('resource') ? json(400, { error: 'invalid_target', error_description: entra }) : undefined)),
  },
  token_refused_by_api: { cause: 14, profile: 'claude', code: 'api_call', seen: 'audience is wrong', change: 'issuer, audience, signature', verdict: 'connects, but every call is refused', manners: { takesToken: false } },
  api_fails: {
    cause: 14, profile: 'gpt-action', code: 'call_answer', seen: 'status 502', change: "API's log", verdict: 'connects, but its calls fail',
    spoil: ({ routes }) => routes.set('GET /todos', page(502, '<h1>Bad Gateway</h1>')),
  },
  api_has_no_such_path: {
    cause: 14, profile: 'gpt-action', code: 'call_answer', seen: 'status 404', change: '--call', severity: 'warning', verdict: 'stays connected; no call succeeded',
    spoil: ({ routes }) => routes.set('GET /todos', json(404, {})),
  },
  mcp_fails: { cause: 14, profile: 'claude', code: 'call_answer', seen: 'status 500', change: "API's log", verdict: 'connects, but its calls fail', spoil: answerMessage('initialize', () => json(500, {})) },
  mcp_is_elsewhere: { cause: 14, profile: 'cursor', code: 'tools', seen: 'initialize: ', change: 'MCP', verdict: 'has no tools', spoil: answerMessage('initialize', () => json(404, {})) },
  mcp_answers_somebody_else: {
    cause: 14, profile: 'claude', code: 'tools', seen: '"id": 0 and a result', change: 'MCP', verdict: 'has no tools',
    spoil: answerMessage('initialize', () => json(200, { jsonrpc: '2.0', id: 77, result: { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'todo', version: '1' } } })),
  },
  mcp_speaks_another_release: {
    cause: 14, profile: 'vscode', code: 'tools', seen: 'it settles on "2099-01-01"', change: 'MCP', verdict: 'has no tools',
    spoil: answerMessage('initialize', ({ id }) => json(200, { jsonrpc: '2.0', id, result: { protocolVersion: '2099-01-01', capabilities: {}, serverInfo: { name: 'todo', version: '1' } } })),
  },
  tool_fails: {
    cause: 14, profile: 'claude', code: 'call_answer', seen: 'It says: "the API is off"', change: "API's log", verdict: 'connects, but its calls fail',
    spoil: answerMessage('tools/call', ({ id }) => json(200, { jsonrpc: '2.0', id, result: { isError: true, content: [{ type: 'text', text: 'the API is off' }] } })),
  },
  tool_answers_with_an_error: {
    cause: 14, profile: 'vscode', code: 'call_answer', seen: 'boom', change: "API's log", verdict: 'connects, but its calls fail',
    spoil: answerMessage('tools/call', ({ id }) => json(200, { jsonrpc: '2.0', id, error: { code: -32603, message: 'boom' } })),
  },
  tool_answers_with_a_page: {
    cause: 14, profile: 'cursor', code: 'call_answer', seen: 'the answer holds no message with', change: "API's log", verdict: 'connects, but its calls fail', spoil: answerMessage('tools/call', () => page(200, '<h1>Hello</h1>')),
  },
  client_disabled: {
    cause: 14, profile: 'gpt-action', code: 'sign_in', seen: 'The application has been disabled by its owner', change: 'in a browser to see the whole page: http',
    spoil: refusePage(page(401, '<p>The application has been disabled by its owner.</p>', { 'x-request-id': 'r-17' })),
  },
  sign_in_fails: { cause: 14, profile: 'claude', code: 'sign_in', seen: 'Its X-Request-Id is "r-18"', change: "server's log", spoil: refusePage(page(500, '<script src="/client.js"></script><h1>Internal error</h1>', { 'x-request-id': 'r-18' })) },
  sign_in_not_found: { cause: 14, profile: 'vscode', code: 'sign_in', seen: 'It says: "Not found"', change: 'whether this is the authorization endpoint', spoil: refusePage(page(404, '<table><th scope="col">Not found</th></table>')) },
  sign_in_blocked: { cause: 14, profile: 'gpt-action', code: 'sign_in', seen: 'Your IP is blocked', change: 'Mend what the page says', spoil: refusePage(page(403, '<script>function redirectTo(){}</script><h1>Your IP is blocked</h1>')) },
  document_unreachable: {
    cause: 9, profile: 'claude', code: 'client', seen: 'was not found', change: '--client-id-document',
    spoil: refusePage(page(400, '<h1>That did not work</h1><p>The host of https://claude.ai/oauth/mcp-oauth-client-metadata was not found.</p>')),
  },
  token_answer_without_type: { cause: 14, profile: 'claude', code: 'token_answer', seen: 'token_type', change: 'token_type Bearer', manners: { tokens: ({ token_type: _, ...answer }) => answer } },
  iss_missing: { cause: 14, profile: 'chatgpt-app', code: 'issuer_returned', seen: 'the answer has none', change: 'Send `iss`', manners: { iss: () => undefined } },
  iss_of_another: { cause: 14, profile: 'vscode', code: 'issuer_returned', seen: 'iss is', change: 'byte for byte the issuer', manners: { iss: (issuer) => `${issuer}/` } },
  no_tools: { cause: 14, profile: 'cursor', code: 'tools', seen: 'no tool', change: 'MCP', severity: 'warning', manners: { tools: [] } },
  revocation_without_effect: { cause: 15, profile: 'chatgpt-app', code: 'revoked', seen: 'still brings access tokens', change: 'Revoke the whole grant', manners: { revokes: false } },
  revoked_is_invalid_client: { cause: 15, profile: 'chatgpt-app', code: 'refused_clearly', seen: 'invalid_client', change: 'invalid_grant', manners: { voidError: ['invalid_client', 401] } },
  no_lifetime: { cause: 5, profile: 'claude', code: 'lifetime', seen: 'no expires_in', change: 'Add `expires_in`', severity: 'warning', manners: { tokens: ({ expires_in: _, ...answer }) => answer } },
  redirect_uri_needed_again: { cause: 14, profile: 'coze', code: 'redirect_uri_at_exchange', seen: 'with it taken', change: 'leave redirect_uri out', manners: { needsRedirectUriAtExchange: true } },
  urls_swapped: {
    cause: 3, profile: 'gpt-action', code: 'endpoints', seen: 'are swapped', change: 'where people sign in',
    spoil: (provider) => provider.editMetadata((document) => ([document.authorization_endpoint, document.token_endpoint] = [document.token_endpoint, document.authorization_endpoint])),
  },
  ended_token_stays_good: {
    cause: 14, profile: 'vscode', code: 'expired', seen: 'good no more', change: 'with 401', severity: 'warning', args: ['--wait', '5s'], manners: { lifetime: 1, endsTokens: false },
  },
};
