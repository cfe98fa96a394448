// An OpenID provider that signs people in without asking, and lies as a test says: what a user source must withstand.
import { createServer } from 'node:http';
import './web_crypto.mjs';
import { freePort } from './world.mjs';

const jose = await import('jose');

export class HostileOpenIdProvider {
  static async start() {
    const provider = new HostileOpenIdProvider();
    provider.port = await freePort();
    provider.issuer = `http://127.0.0.3:${provider.port}`;
    provider.asked = [];
    provider.server = createServer((request, response) => provider.#answer(request, response));
    await new Promise((done) => provider.server.listen(provider.port, '127.0.0.3', done));
    await provider.rotate();
    provider.reset();
    return provider;
  }

  /** Honest from now on. */
  reset() {
    /** A path's answer in place of the honest one: a function of the response. */
    this.lies = new Map();
    /** What the ID token says in place of the honest claim; undefined takes it away. */
    this.claims = {};
    this.header = { kid: this.publicJwk.kid };
    /** In place of the ID token, made of the honest claims. */
    this.makeIdToken = undefined;
  }

  /** Signs with a new key, and publishes it alone. */
  async rotate() {
    const kid = `k${Math.random()}`;
    const { publicKey, privateKey } = await jose.generateKeyPair('RS256', { extractable: true });
    this.signingKey = privateKey;
    this.publicJwk = { ...(await jose.exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' };
    this.header = { kid };
    this.keys = [this.publicJwk];
  }

  /** Takes the authorization request that the browser was sent here with; what the browser brings back. */
  authorize(location) {
    const query = new URL(location).searchParams;
    this.request = query;
    return `${query.get('redirect_uri')}?${new URLSearchParams({ code: 'a-code-of-the-source', state: query.get('state'), iss: this.issuer })}`;
  }

  get honestClaims() {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.issuer, sub: 'hostile-1', aud: this.request.get('client_id'), iat: now, exp: now + 300, auth_time: now, nonce: this.request.get('nonce'),
      name: 'Mallory', email: 'mallory@hostile.example', email_verified: true,
    };
    return JSON.parse(JSON.stringify({ ...claims, ...this.claims }));
  }

  async #answer(request, response) {
    const { pathname } = new URL(request.url, this.issuer);
    this.asked.push(pathname);
    const lie = this.lies.get(pathname);
    if (lie) return lie(response);
    const send = (body) => response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
    if (pathname === '/.well-known/openid-configuration') {
      return send({
        issuer: this.issuer, authorization_endpoint: `${this.issuer}/authorize`, token_endpoint: `${this.issuer}/token`, jwks_uri: `${this.issuer}/jwks`,
        userinfo_endpoint: `${this.issuer}/userinfo`, token_endpoint_auth_methods_supported: ['client_secret_post'], authorization_response_iss_parameter_supported: true,
      });
    }
    if (pathname === '/jwks') return send({ keys: this.keys });
    if (pathname === '/token') {
      const claims = this.honestClaims;
      const token = this.makeIdToken ? await this.makeIdToken(claims)
        : await new jose.SignJWT(claims).setProtectedHeader({ alg: 'RS256', ...this.header }).sign(this.signingKey);
      return send({ access_token: 'an-access-token-of-the-source', token_type: 'Bearer', expires_in: 60, id_token: token });
    }
    response.writeHead(404).end();
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }
}
