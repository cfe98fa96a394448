// A small server that is a plugin, an authorization server and a protected resource at once, sound as far as it is seen from outside, and that can be broken: each fault of
// faults.mjs and each hostility of hostilities.mjs is a switch. It signs nobody in: who plays a whole flow puts routes of its own in the place of those that refuse.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../world/world.mjs';

const readAnywhere = { 'access-control-allow-origin': '*' };
const json = (status, value, headers = {}) => ({ status, headers: { 'content-type': 'application/json', ...readAnywhere, ...headers }, body: JSON.stringify(value) });
const refuse = (status, error, headers = {}) => json(status, { error }, { 'cache-control': 'no-store', ...headers });
const preflight = { status: 204, headers: { ...readAnywhere, 'access-control-allow-headers': 'Content-Type, Authorization' }, body: '' };

async function answerBy(route, request, body) {
  try {
    return await route(request, body);
  } catch {
    return refuse(400, 'invalid_request');
  }
}

export class BrokenProvider {
  /** `spoil`: what breaks it, before it starts; `tls`: { key, cert } for https; `host`: the name under which it is asked. */
  static async start({ spoil = () => {}, tls, host = '127.0.0.1' } = {}) {
    const provider = new BrokenProvider();
    const port = await freePort();
    provider.url = `${tls ? 'https' : 'http'}://${host}:${port}`;
    provider.resource = `${provider.url}/mcp`;
    provider.routes = provider.#sound();
    provider.seen = [];
    spoil(provider);
    const answer = (request, response) => provider.#answer(request, response);
    provider.server = tls ? createTlsServer(tls, answer) : createServer(answer);
    await new Promise((done) => provider.server.listen(port, '127.0.0.1', done));
    return provider;
  }

  /** `METHOD /path`, or `*` for all else → what is answered: { status, headers, body, date }, a function of (request, body) that gives it, at once or later, or { raw }, which answers by itself. What a function throws is the request's fault: 400. */
  #sound() {
    const { url, resource } = this;
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const metadata = {
      issuer: url,
      authorization_endpoint: `${url}/oauth/authorize`,
      token_endpoint: `${url}/oauth/token`,
      registration_endpoint: `${url}/oauth/register`,
      revocation_endpoint: `${url}/oauth/revoke`,
      jwks_uri: `${url}/oauth/jwks`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none', 'client_secret_post'],
      authorization_response_iss_parameter_supported: true,
      client_id_metadata_document_supported: true,
      scopes_supported: ['todo.read'],
    };
    const manifest = {
      schema_version: 'v1', name_for_human: 'Todo', name_for_model: 'todo', description_for_human: 'Lists.', description_for_model: 'Lists.',
      auth: {
        type: 'oauth', client_url: metadata.authorization_endpoint, scope: 'todo.read', authorization_url: metadata.token_endpoint,
        authorization_content_type: 'application/json', verification_tokens: { openai: '0123456789abcdef0123456789abcdef' },
      },
      api: { type: 'openapi', url: `${url}/openapi.json` }, logo_url: `${url}/logo.svg`, contact_email: 'todo@example.com', legal_info_url: `${url}/legal`,
    };
    const openapi = { openapi: '3.0.3', info: { title: 'Todo', version: '1' }, servers: [{ url }], paths: { '/todos': { get: { operationId: 'list', responses: { 200: { description: 'All.' } } } } } };
    const challenge = { 'access-control-expose-headers': 'WWW-Authenticate', 'www-authenticate': `Bearer resource_metadata="${url}/.well-known/oauth-protected-resource/mcp"` };
    const protectedResource = { resource, authorization_servers: [url], scopes_supported: ['todo.read'], bearer_methods_supported: ['header'] };
    return new Map(Object.entries({
      'GET /': { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Todo</h1>' },
      'GET /.well-known/ai-plugin.json': json(200, manifest),
      'GET /openapi.json': json(200, openapi),
      'GET /logo.svg': { status: 200, headers: { 'content-type': 'image/svg+xml' }, body: '<svg xmlns="http://www.w3.org/2000/svg"/>' },
      'GET /legal': { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Terms</h1>' },
      'GET /.well-known/oauth-authorization-server': json(200, metadata),
      'GET /.well-known/openid-configuration': json(200, metadata),
      'GET /.well-known/oauth-protected-resource': json(200, protectedResource),
      'GET /.well-known/oauth-protected-resource/mcp': json(200, protectedResource),
      'GET /mcp': refuse(401, 'invalid_token', challenge),
      'POST /mcp': refuse(401, 'invalid_token', challenge),
      'OPTIONS /mcp': preflight,
      'GET /oauth/jwks': json(200, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'a', alg: 'ES256', use: 'sig' }] }),
      'GET /oauth/authorize': { status: 400, headers: { 'content-type': 'text/html', 'content-security-policy': "frame-ancestors 'none'" }, body: '<h1>client_id is missing</h1>' },
      'POST /oauth/token': (request, body) => {
        const isJson = (request.headers['content-type'] ?? '').startsWith('application/json');
        const grant = isJson ? JSON.parse(body).grant_type : new URLSearchParams(body).get('grant_type');
        return refuse(400, grant ? 'unsupported_grant_type' : 'invalid_request');
      },
      'OPTIONS /oauth/token': preflight,
      'POST /oauth/register': refuse(400, 'invalid_client_metadata'),
      'OPTIONS /oauth/register': preflight,
      'POST /oauth/revoke': refuse(400, 'invalid_request'),
    }));
  }

  /** Changes the JSON document that is answered at a path. */
  edit(path, change) {
    const answer = this.routes.get(`GET ${path}`);
    const document = JSON.parse(answer.body);
    change(document);
    answer.body = JSON.stringify(document);
  }

  /** The metadata in all of its places. */
  editMetadata(change) {
    for (const path of ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']) this.edit(path, change);
  }

  setHeader(route, name, value) {
    const { headers } = this.routes.get(route);
    if (value === undefined) delete headers[name];
    else headers[name] = value;
  }

  #answer(request, response) {
    let body = '';
    request.on('data', (data) => (body += data));
    request.on('end', async () => {
      if (this.delay) await sleep(this.delay);
      const route = `${request.method} ${request.url.split('?')[0]}`;
      this.seen.push({ route, headers: request.headers, body });
      const found = this.routes.get(route) ?? this.routes.get('*') ?? { status: 404, headers: { 'content-type': 'text/plain' }, body: 'There is nothing here.' };
      const answer = typeof found === 'function' ? await answerBy(found, request, body) : found;
      if (answer.raw) return answer.raw(response);
      if (answer.date) response.setHeader('date', answer.date);
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
    });
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
