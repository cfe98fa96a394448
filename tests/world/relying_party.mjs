// A relying party of OpenID Connect that checks all it is told: what the OpenID Foundation's conformance suite does around the question of each module.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import './web_crypto.mjs';
import { Visitor } from './visitor.mjs';

const jose = await import('jose');

const random = () => randomBytes(16).toString('base64url');
const hashes = { ES256: 'sha256', RS256: 'sha256', PS256: 'sha256', EdDSA: 'sha512' };
const formType = { 'content-type': 'application/x-www-form-urlencoded' };

/** How a client proves itself at the token endpoint: adds to a request's headers and fields. */
export const byBasic = ({ client_id, client_secret }) => ({ headers: { authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}` } });
export const byPost = ({ client_id, client_secret }) => ({ fields: { client_id, client_secret } });
/** An assertion under `key` for `audience` (RFC 7523 §2.2). */
export const byAssertion = (key, kid, audience) => async ({ client_id }) => {
  const assertion = await new jose.SignJWT({ jti: random() }).setProtectedHeader({ alg: 'RS256', kid })
    .setIssuer(client_id).setSubject(client_id).setAudience(audience).setIssuedAt().setExpirationTime('1m').sign(key);
  return { fields: { client_id, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: assertion } };
};

export class RelyingParty {
  /**
   * `client`: what registration gave. `person`: who sits at the browser. `responseMode`: undefined or form_post. `algorithm`: of its ID tokens.
   * `pkce`: whether it always uses PKCE, which most modules of the suite do not.
   */
  constructor(world, client, { person, redirect, responseMode, algorithm = 'ES256', authenticate = byBasic, pkce = false }) {
    Object.assign(this, { world, client, person, redirect, responseMode, algorithm, authenticate, pkce });
  }

  /**
   * Sends a browser with a request and does what our pages ask, which `asked` lists. `answer` is what the browser brings back; without one, `page` is where it
   * ended. `arrange` may put the parameters into another order.
   */
  async authorize(parameters = {}, { visitor = new Visitor(), method = 'GET', arrange = (pairs) => pairs } = {}) {
    const request = this.makeRequest(parameters);
    const query = new URLSearchParams(arrange(Object.entries(request))).toString();
    const endpoint = `${this.world.issuer}/oauth/authorize`;
    const origin = new URL(this.redirect).origin;
    let page = method === 'GET' ? await visitor.get(`${endpoint}?${query}`) : await visitor.request(endpoint, { method, body: query, headers: { ...formType, origin } });
    const asked = [];
    for (;;) {
      page = await visitor.follow(page, { until: new RegExp(`^${origin.replaceAll('.', '\\.')}/`) });
      const answer = this.readAnswer(page);
      if (answer) return { request, asked, visitor, page, answer };
      if (page.forms.some(({ fields }) => 'password' in fields)) {
        asked.push('sign_in');
        page = await visitor.signIn(page, this.person.email, this.person.password);
      } else if (page.forms.some(({ buttons }) => buttons.some(({ label }) => label === 'Allow'))) {
        asked.push('consent');
        page = await visitor.submit(page.form(/Allow/), {}, /allow/i);
      } else {
        return { request, asked, visitor, page };
      }
      assert.ok(asked.length < 5, `the pages ask on and on: ${asked}`);
    }
  }

  /** A request as the modules send it; a parameter that a test gives as undefined is left out. */
  makeRequest(parameters) {
    this.verifier = random() + random();
    const challenge = { code_challenge: createHash('sha256').update(this.verifier).digest('base64url'), code_challenge_method: 'S256' };
    const all = {
      response_type: 'code', client_id: this.client.client_id, redirect_uri: this.redirect, scope: 'openid', state: random(), nonce: random(),
      response_mode: this.responseMode, ...(this.pkce ? challenge : {}), ...parameters,
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  /** The parameters of an answer that came in the mode that was asked for, to the address that is registered. */
  readAnswer(page) {
    if (this.responseMode === 'form_post') {
      const form = page.forms.find(({ action }) => action === this.redirect);
      return form && form.method === 'post' ? form.fields : undefined;
    }
    const own = this.redirect.includes('?') ? `${this.redirect}&` : `${this.redirect}?`;
    return page.location?.startsWith(own) ? Object.fromEntries(new URLSearchParams(page.location.slice(own.length))) : undefined;
  }

  /** `error` came back, with the request's state and our name (RFC 9207 §2). */
  checkError({ request, answer, page }, error) {
    assert.ok(answer, `no answer to the client, but: ${page.words}`);
    const { error_description, ...rest } = answer;
    assert.deepEqual(rest, { error, state: request.state, iss: this.world.issuer });
    assert.match(error_description, /^[ !#-[\]-~]+$/, 'RFC 6749 §4.1.2.1: the characters of error_description');
  }

  /** A whole sign-in: the checked answer, the tokens, and the claims of the checked ID token. */
  async signIn(parameters = {}, options = {}) {
    const sent = await this.authorize(parameters, options);
    const { request, answer, page } = sent;
    assert.ok(answer, `no answer to the client, but: ${page.words}`);
    const { code, ...rest } = answer;
    assert.deepEqual(rest, { state: request.state, iss: this.world.issuer });
    return { ...sent, code, ...(await this.redeem(code, request, options.fields)) };
  }

  async redeem(code, request, fields = this.pkce ? { code_verifier: this.verifier } : {}) {
    const { status, headers, body } = await this.askForTokens({ grant_type: 'authorization_code', code, redirect_uri: this.redirect, ...fields });
    assert.equal(status, 200, JSON.stringify(body));
    assert.match(headers.get('content-type'), /^application\/json\b/);
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(body.token_type.toLowerCase(), 'bearer');
    assert.ok(Number.isInteger(body.expires_in) && body.expires_in > 0);
    return { tokens: body, claims: await this.checkIdToken(body, { nonce: request.nonce }) };
  }

  async refresh(refresh_token) {
    return this.askForTokens({ grant_type: 'refresh_token', refresh_token });
  }

  async askForTokens(fields) {
    const proof = await this.authenticate(this.client);
    const answer = await fetch(`${this.world.issuer}/oauth/token`, { method: 'POST', headers: proof.headers, body: new URLSearchParams({ ...fields, ...proof.fields }) });
    return { status: answer.status, headers: answer.headers, body: await answer.json() };
  }

  /** OpenID Connect Core §3.1.3.7, and §3.1.3.8 for the access token. */
  async checkIdToken({ id_token, access_token }, { nonce }) {
    const keys = jose.createLocalJWKSet(await (await fetch(`${this.world.issuer}/oauth/jwks`)).json());
    const { payload, protectedHeader } = await jose.jwtVerify(id_token, keys, {
      issuer: this.world.issuer, audience: this.client.client_id, algorithms: [this.algorithm], requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time'],
    });
    assert.ok(protectedHeader.kid, '§10.1: which key it was');
    assert.match(payload.sub, /^[ -~]{1,255}$/);
    assert.equal(payload.nonce, nonce);
    assert.ok(Math.abs(payload.iat - Date.now() / 1000) < 60 && payload.auth_time <= payload.iat);
    const hash = createHash(hashes[this.algorithm]).update(access_token).digest();
    assert.equal(payload.at_hash, hash.subarray(0, hash.length / 2).toString('base64url'));
    return payload;
  }

  /** What UserInfo says, and with which status. `how`: get, post_header or post_body. */
  async askUserInfo(access_token, how = 'get') {
    const authorization = { authorization: `Bearer ${access_token}` };
    const requests = { get: { headers: authorization }, post_header: { method: 'POST', headers: authorization }, post_body: { method: 'POST', body: new URLSearchParams({ access_token }) } };
    const answer = await fetch(`${this.world.issuer}/oauth/userinfo`, requests[how]);
    assert.match(answer.headers.get('content-type'), /^application\/json\b/);
    return { status: answer.status, claims: await answer.json() };
  }

  /** Whether somebody is signed in at a browser, as a client can find out. */
  async isSignedIn(visitor) {
    const sent = await this.authorize({ prompt: 'none' }, { visitor });
    if (sent.answer?.code) return true;
    this.checkError(sent, 'login_required');
    return false;
  }
}
