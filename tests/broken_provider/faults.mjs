// The ways in which servers of plugins, actions and MCP break: the one table of the switches of BrokenProvider, `spoil` of a row being what it is started with.
//   breaks   what is wrong, and nothing else is
//   cause    the kind of trouble that authors report: 1 state, 2 JSON against form, 3 manifest not found, 4 redirect hosts, 5 no refresh token, 6 PKCE where there is none, 7 root domains, 8 refresh races, 9 registration,
//            10 final slashes, 11 no metadata, 12 scopes, 13 CORS, 14 opaque failures, 15 revocation
//   code     what the doctor calls it, as `verdict` says; `also`: what comes of it besides
//   change   a part of the sentence that mends it
// What shows only once somebody signs in (1, 4, 6, 8) is nothing for the doctor.
const manifest = '/.well-known/ai-plugin.json';
const metadata = '/.well-known/oauth-authorization-server';
const resource = '/.well-known/oauth-protected-resource/mcp';
const stackTrace = 'TypeError: undefined is not a function\n    at handle (/srv/app/server.js:10:3)\n';
// Hosts of plugins do without some of what MCP clients need.
const isNoPlugin = ({ routes }) => routes.delete(`GET ${manifest}`);

export const faults = {
  json_token_request_refused: {
    breaks: 'The token endpoint answers JSON with 415.',
    cause: 2, code: 'token_json', verdict: 'fault', change: 'Read JSON bodies at the token endpoint',
    spoil: ({ routes }) => {
      const sound = routes.get('POST /oauth/token');
      routes.set('POST /oauth/token', (request, body) =>
        request.headers['content-type'] === 'application/json' ? { status: 415, headers: { 'content-type': 'text/plain' }, body: 'Unsupported Media Type' } : sound(request, body));
    },
  },
  json_token_request_ignored: {
    breaks: 'The token endpoint reads forms alone, and takes JSON for an empty request.',
    cause: 2, code: 'token_json', verdict: 'fault', change: 'auth.authorization_content_type',
    spoil: ({ routes }) => {
      const sound = routes.get('POST /oauth/token');
      routes.set('POST /oauth/token', (request, body) => (request.headers['content-type'] === 'application/json' ? sound({ headers: {} }, '') : sound(request, body)));
    },
  },
  manifest_without_cors: { breaks: 'No script may read the manifest.', cause: 3, code: 'manifest_cors', verdict: 'fault', change: 'Access-Control-Allow-Origin', spoil: (provider) => provider.setHeader(`GET ${manifest}`, 'access-control-allow-origin') },
  manifest_as_text: { breaks: 'The manifest is sent as text/plain.', cause: 3, code: 'manifest_type', verdict: 'fault', change: 'application/json', spoil: (provider) => provider.setHeader(`GET ${manifest}`, 'content-type', 'text/plain') },
  manifest_redirected: {
    breaks: 'The manifest is behind a redirect.',
    cause: 3, code: 'manifest_served', verdict: 'fault', change: 'itself with 200',
    spoil: ({ routes, url }) => routes.set(`GET ${manifest}`, { status: 302, headers: { location: `${url}/ai-plugin.json` }, body: '' }),
  },
  manifest_urls_swapped: {
    breaks: 'client_url is the token endpoint, and authorization_url the sign-in page.',
    cause: 3, code: 'manifest_content', verdict: 'fault', change: 'client_url: where users sign in',
    spoil: (provider) => provider.edit(manifest, ({ auth }) => ([auth.client_url, auth.authorization_url] = [auth.authorization_url, auth.client_url])),
  },
  no_refresh_tokens: { breaks: 'There are no refresh tokens.', cause: 5, code: 'grant_types', verdict: 'warning', change: 'Give refresh tokens', spoil: (provider) => provider.editMetadata((document) => (document.grant_types_supported = ['authorization_code'])) },
  token_endpoint_elsewhere: {
    breaks: 'The token endpoint is under another root domain than the issuer.',
    cause: 7, code: 'endpoint_root_domain', also: ['manifest_agrees'], verdict: 'warning', change: 'root domain of the API',
    spoil: (provider) => provider.editMetadata((document) => (document.token_endpoint = document.token_endpoint.replace('127.0.0.1', 'localhost'))),
  },
  nobody_can_register: {
    breaks: 'Only clients that somebody registered by hand can connect.',
    cause: 9, code: 'registration', also: ['client_id_documents'], verdict: 'fault', change: 'client ID metadata documents',
    spoil: (provider) => {
      isNoPlugin(provider);
      provider.editMetadata((document) => {
        delete document.registration_endpoint;
        delete document.client_id_metadata_document_supported;
      });
    },
  },
  documents_without_none: {
    breaks: 'Clients may be known by a document, but then cannot prove themselves in the way that such clients do.',
    cause: 9, code: 'client_id_documents', also: ['token_auth_methods'], verdict: 'warning', change: 'list `none`',
    spoil: (provider) => provider.editMetadata((document) => (document.token_endpoint_auth_methods_supported = ['client_secret_post'])),
  },
  issuer_with_slash: { breaks: 'issuer has a final slash that authorization_servers has not.', cause: 10, code: 'metadata_issuer', verdict: 'fault', change: 'authorization_servers', spoil: (provider) => provider.editMetadata((document) => (document.issuer += '/')) },
  resource_with_slash: { breaks: 'resource has a final slash that the URL has not.', cause: 10, code: 'resource_identifier', verdict: 'fault', change: 'exactly', spoil: (provider) => provider.edit(resource, (document) => (document.resource += '/')) },
  no_metadata: {
    breaks: 'There is no metadata.',
    cause: 11, code: 'metadata_served', verdict: 'fault', change: 'oauth-authorization-server',
    spoil: ({ routes }) => [metadata, '/.well-known/openid-configuration'].forEach((path) => routes.delete(`GET ${path}`)),
  },
  metadata_redirected: {
    breaks: 'The metadata is behind a redirect.',
    cause: 11, code: 'metadata_served', also: ['metadata_paths'], verdict: 'fault', change: 'do not follow redirects',
    spoil: ({ routes, url }) => routes.set(`GET ${metadata}`, { status: 301, headers: { location: `${url}${metadata}/` }, body: '' }),
  },
  no_pkce: {
    breaks: 'The metadata does not speak of PKCE.',
    cause: 11, code: 'pkce', verdict: 'fault', change: 'S256',
    spoil: (provider) => {
      isNoPlugin(provider);
      provider.editMetadata((document) => delete document.code_challenge_methods_supported);
    },
  },
  iss_not_promised: { breaks: 'The metadata does not promise iss.', cause: 11, code: 'issuer_parameter', verdict: 'warning', change: '`iss`', spoil: (provider) => provider.editMetadata((document) => delete document.authorization_response_iss_parameter_supported) },
  no_scopes_listed: { breaks: 'The metadata lists no scopes.', cause: 12, code: 'scopes', verdict: 'warning', change: 'scopes_supported', spoil: (provider) => provider.editMetadata((document) => delete document.scopes_supported) },
  metadata_without_cors: { breaks: 'Scripts of one origin alone may read the metadata.', cause: 13, code: 'metadata_cors', verdict: 'warning', change: 'Access-Control-Allow-Origin', spoil: (provider) => provider.setHeader(`GET ${metadata}`, 'access-control-allow-origin', 'https://claude.ai') },
  token_endpoint_without_cors: { breaks: 'The token endpoint answers no preflight.', cause: 13, code: 'token_cors', verdict: 'warning', change: 'Answer OPTIONS at the token endpoint', spoil: ({ routes }) => routes.delete('OPTIONS /oauth/token') },
  registration_without_cors: { breaks: 'The registration endpoint answers no preflight.', cause: 13, code: 'registration_cors', verdict: 'warning', change: 'Answer OPTIONS at the registration endpoint', spoil: ({ routes }) => routes.delete('OPTIONS /oauth/register') },
  challenge_hidden_from_scripts: {
    breaks: 'Scripts may not read the challenge.',
    cause: 13, code: 'challenge_cors', verdict: 'warning', change: 'Access-Control-Expose-Headers',
    spoil: (provider) => ['GET', 'POST'].forEach((method) => provider.setHeader(`${method} /mcp`, 'access-control-expose-headers')),
  },
  no_challenge: { breaks: 'A call without a token is refused, but not asked for one.', cause: 14, code: 'challenge', verdict: 'warning', change: 'WWW-Authenticate: Bearer', spoil: (provider) => ['GET', 'POST'].forEach((method) => provider.setHeader(`${method} /mcp`, 'www-authenticate')) },
  faults_with_stack_traces: { breaks: 'The sign-in page fails, and shows a stack trace.', cause: 14, code: 'stack_traces', also: ['authorization_endpoint'], verdict: 'warning', change: 'debug mode', spoil: ({ routes }) => routes.set('GET /oauth/authorize', { status: 500, headers: { 'content-type': 'text/plain' }, body: stackTrace }) },
  token_endpoint_answers_with_pages: {
    breaks: 'The token endpoint refuses with pages for people.',
    cause: 14, code: 'token_endpoint', also: ['token_json'], verdict: 'fault', change: 'JSON {"error"',
    spoil: ({ routes }) => routes.set('POST /oauth/token', { status: 400, headers: { 'content-type': 'text/html', 'cache-control': 'no-store', 'access-control-allow-origin': '*' }, body: '<h1>Bad Request</h1>' }),
  },
  clock_ahead: {
    breaks: 'The clock is two minutes ahead.',
    cause: 14, code: 'clock', verdict: 'warning', change: 'NTP',
    spoil: ({ routes }) => {
      const sound = routes.get('POST /oauth/token');
      routes.set('POST /oauth/token', (request, body) => ({ ...sound(request, body), date: new Date(Date.now() + 120_000).toUTCString() }));
    },
  },
  private_key_published: {
    breaks: 'The key set has a private key.',
    cause: 14, code: 'keys', verdict: 'fault', change: 'public keys',
    spoil: (provider) => provider.edit('/oauth/jwks', ({ keys }) => (keys[0].d = 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI')),
  },
  no_revocation: { breaks: 'There is no revocation endpoint.', cause: 15, code: 'revocation_endpoint', verdict: 'warning', change: 'Offer `revocation_endpoint`', spoil: (provider) => provider.editMetadata((document) => delete document.revocation_endpoint) },
};
