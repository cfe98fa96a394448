// The real manifests of 2023 and 2024, each served at its own addresses: every host that it names speaks https, with the manifest and an OpenAPI description there, an
// API, and a provider of ours behind the two endpoints. The front before them rewrites path and Host (and Origin, which says the Host again) alone; bodies, queries,
// cookies and answers pass as they are.
import { readFileSync, readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { root } from './world.mjs';

/** OpenID Connect's own scopes, which no provider of ours declares. */
const identityScopes = ['openid', 'profile', 'email', 'offline_access'];

const folder = join(root, 'tests/manifests/real');

/** A URL as it goes over the wire: with the slash that stands for no path. */
const onTheWire = (url) => new URL(url).href;

/** One manifest and its addresses. `token`: the host's verification token, which stands in the place of the one of then. */
export class ManifestSite {
  constructor(name) {
    this.name = name;
    // Two manifests of one domain are told apart by a number.
    this.domain = name.replace(/-\d$/, '');
    this.original = readFileSync(join(folder, `${name}.json`), 'utf8');
    this.manifest = JSON.parse(this.original);
    this.token = this.manifest.auth.verification_tokens.openai;
    const { client_url: clientUrl, authorization_url: tokenUrl } = this.manifest.auth;
    this.manifestUrl = `https://${this.domain}/.well-known/ai-plugin.json`;
    this.openapiUrl = new URL(this.manifest.api.url, this.manifestUrl).href;
    this.clientUrl = onTheWire(clientUrl);
    this.tokenUrl = onTheWire(tokenUrl);
    this.callUrl = new URL('/who-am-i', this.openapiUrl).href;
  }

  get urls() {
    return [this.manifestUrl, this.openapiUrl, this.clientUrl, this.tokenUrl].map((url) => new URL(url));
  }

  /** The manifest byte for byte, but for the token. */
  get text() {
    return this.original.replace(this.manifest.auth.verification_tokens.openai, this.token);
  }

  /** The scopes that it asks for, as a server reads them: parted by blanks and by nothing else. */
  get scopes() {
    return this.manifest.auth.scope.split(' ').filter(Boolean);
  }

  /** Those that the provider must declare. */
  get apiScopes() {
    return this.scopes.filter((scope) => !identityScopes.includes(scope));
  }

  /** Such a token opens nothing behind our gateway (its user has allowed nothing of the API), so the API stands before it and asks for itself who is calling. */
  get asksForIdentityAlone() {
    return this.scopes.length > 0 && this.apiScopes.length === 0;
  }

  get openapi() {
    const { origin, pathname } = new URL(this.openapiUrl);
    return pathname.endsWith('.json') ? [JSON.stringify(describeInJson(origin)), 'application/json'] : [describeInYaml(origin), 'application/yaml'];
  }
}

export const readManifestSites = () => readdirSync(folder).map((file) => new ManifestSite(file.replace(/\.json$/, '')));

const describeInJson = (server) => ({
  openapi: '3.0.1',
  info: { title: 'Who am I', version: '1' },
  servers: [{ url: server }],
  paths: { '/who-am-i': { get: { operationId: 'whoAmI', summary: 'Who am I', responses: { 200: { description: 'What the API knows of the caller' } } } } },
});

const describeInYaml = (server) => `openapi: 3.0.1
info:
  title: Who am I
  version: "1"
servers:
  - url: ${server}
paths:
  /who-am-i:
    get:
      operationId: whoAmI
      summary: Who am I
      responses:
        "200":
          description: What the API knows of the caller
`;

/** Speaks https for one site at a time. `provider`: { url, issuer }, where `chatelaine serve` listens, and which name it has; `api`: where the API itself is. */
export class ManifestFront {
  constructor(network, provider, api) {
    Object.assign(this, { network, provider, api, seen: [], everything: [], servers: [] });
  }

  async listen(ports) {
    const options = { key: readFileSync(this.network.key), cert: readFileSync(this.network.certificate) };
    for (const port of ports) {
      const server = createServer(options, (request, response) => this.answer(request, response));
      this.servers.push(server);
      await new Promise((done, fail) => server.once('error', fail).listen(port, this.network.address, done));
    }
  }

  /** From now on this site's names alone answer. */
  serve(site) {
    this.site = site;
    this.refusesNextCall = false;
    this.seen = [];
  }

  /** What went to a URL since the site is served. */
  to(url) {
    return this.seen.filter((entry) => entry.target.split('?')[0] === url.split('?')[0]);
  }

  async answer(request, response) {
    const target = `https://${request.headers.host}${request.url}`;
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const entry = { target, method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString(), answer: '' };
    this.seen.push(entry);
    this.everything.push(entry);
    const say = (status, body = '', headers = {}) => {
      entry.status = status;
      response.writeHead(status, headers).end(body);
    };
    const { site } = this;
    const [path, query] = [target.split('?')[0], request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : ''];
    if (target === site.manifestUrl) return say(200, site.text, { 'content-type': 'application/json' });
    if (target === site.openapiUrl) return say(200, site.openapi[0], { 'content-type': site.openapi[1] });
    if (path === site.callUrl && this.refusesNextCall) {
      this.refusesNextCall = false;
      return say(401, '', { 'www-authenticate': 'Bearer error="invalid_token"' });
    }
    if (path === site.callUrl) return this.pass(entry, `${site.asksForIdentityAlone ? this.api : this.provider.url}${request.url}`, response);
    if (path === site.clientUrl) return this.pass(entry, `${this.provider.url}/oauth/authorize${query}`, response);
    if (path === site.tokenUrl) return this.pass(entry, `${this.provider.url}/oauth/token${query}`, response);
    // The provider's own pages stand beside its authorization endpoint.
    if (new URL(target).host === new URL(site.clientUrl).host) return this.pass(entry, `${this.provider.url}${request.url}`, response);
    return say(404);
  }

  pass(entry, url, response) {
    const headers = { ...entry.headers, host: new URL(this.provider.issuer).host };
    if (headers.origin === new URL(entry.target).origin) headers.origin = this.provider.issuer;
    const onward = httpRequest(url, { method: entry.method, headers }, (answer) => {
      Object.assign(entry, { status: answer.statusCode, answerHeaders: answer.headers });
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.on('data', (data) => (entry.answer += data));
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    onward.end(entry.body);
  }

  async stop() {
    for (const server of this.servers) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }
}
