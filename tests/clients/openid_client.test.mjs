// The provider as a certified OpenID Connect relying party sees it: openid-client checks every ID token, and jose every signature.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import '../world/web_crypto.mjs';
import { allow } from '../world/sign_in.mjs';
import { Visitor } from '../world/visitor.mjs';
import { World } from '../world/world.mjs';

const client = await import('openid-client');
const jose = await import('jose');

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const redirect = 'https://portal.example/callback';
const after_logout = 'https://portal.example/bye';

describe('openid-client', () => {
  let world;

  before(async () => {
    world = await World.start({ withHost: false, keys: 'algorithms = ["ES256", "RS256", "PS256", "EdDSA"]' });
    await world.addUser(person.email, person.password, '--name', 'Some Person', '--subject', 'user-1');
  });
  after(() => world?.stop());

  /** A registered client of ours as openid-client knows it, found by discovery. */
  async function discover(...more) {
    const added = await world.command('client', 'add', 'Portal', '--redirect-uri', redirect, '--post-logout-redirect-uri', after_logout, ...more);
    const config = await client.discovery(new URL(world.issuer), added.client_id, { id_token_signed_response_alg: algorithmOf(more) }, client.ClientSecretBasic(added.client_secret), {
      execute: [client.allowInsecureRequests],
    });
    client.enableNonRepudiationChecks(config);
    return { config, id: added.client_id };
  }
  const algorithmOf = (options) => options[options.indexOf('--id-token-alg') + 1] ?? 'ES256';

  /** Signs the person in through our pages, and exchanges the code: the tokens, and what they must fit. */
  async function signIn(config, parameters = {}, visitor = new Visitor()) {
    const verifier = client.randomPKCECodeVerifier();
    const expected = { pkceCodeVerifier: verifier, expectedState: client.randomState(), expectedNonce: client.randomNonce(), idTokenExpected: true };
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: redirect, scope: 'openid profile email', state: expected.expectedState, nonce: expected.expectedNonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...parameters,
    });
    const answer = new URL(await allow(url.href, { ...person, visitor }));
    return client.authorizationCodeGrant(config, answer, { ...expected, maxAge: parameters.max_age === undefined ? undefined : Number(parameters.max_age) });
  }

  for (const algorithm of ['ES256', 'RS256', 'PS256', 'EdDSA']) {
    test(`OpenID Connect Core §3.1.3.3: an ID token under ${algorithm}, UserInfo, refresh, revocation`, async () => {
      const { config, id } = await discover('--id-token-alg', algorithm);
      assert.ok(config.serverMetadata().id_token_signing_alg_values_supported.includes(algorithm));
      const tokens = await signIn(config, { max_age: '600' });
      const claims = tokens.claims();
      assert.deepEqual([claims.iss, claims.sub, claims.aud, claims.acr, claims.amr], [world.issuer, 'user-1', id, '1', ['pwd']]);

      const keys = jose.createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
      const { protectedHeader } = await jose.jwtVerify(tokens.id_token, keys, { issuer: world.issuer, audience: id, typ: 'JWT' });
      assert.equal(protectedHeader.alg, algorithm);
      await assert.rejects(jose.jwtVerify(tokens.access_token, keys, { typ: 'JWT' }), 'an access token is no ID token');

      const person = await client.fetchUserInfo(config, tokens.access_token, 'user-1');
      assert.deepEqual(person, { sub: 'user-1', name: 'Some Person', email: 'person@example.com' });

      const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
      assert.equal(refreshed.claims().auth_time, claims.auth_time);
      assert.equal(refreshed.claims().nonce, undefined);

      await client.tokenRevocation(config, refreshed.refresh_token);
      await assert.rejects(client.refreshTokenGrant(config, refreshed.refresh_token), { error: 'invalid_grant' });
      await assert.rejects(client.fetchUserInfo(config, refreshed.access_token, 'user-1'), /WWW-Authenticate|WWWAuthenticate|401/);
    });
  }

  test('OpenID Connect Discovery §4: the same document at every place where clients look', async () => {
    const [oauth, openid] = await Promise.all(['oauth-authorization-server', 'openid-configuration'].map(async (name) => {
      const answer = await fetch(`${world.issuer}/.well-known/${name}`);
      return answer.json();
    }));
    assert.deepEqual(openid, oauth);
  });

  test('OpenID Connect Core §3.1.2.1: prompt=login and max_age=0 lead to a new sign-in, prompt=none to no page', async () => {
    const { config } = await discover();
    const visitor = new Visitor();
    const first = await signIn(config, {}, visitor);
    await new Promise((done) => setTimeout(done, 1100));
    const silent = await signIn(config, { prompt: 'none' }, visitor);
    assert.equal(silent.claims().auth_time, first.claims().auth_time);
    for (const parameters of [{ prompt: 'login' }, { max_age: '0' }]) {
      const again = await signIn(config, parameters, visitor);
      assert.ok(again.claims().auth_time > first.claims().auth_time, JSON.stringify(parameters));
    }
    await assert.rejects(signIn(config, { prompt: 'none' }), { error: 'login_required' });
  });

  test('RP-Initiated Logout §2: the browser comes back, and nobody is signed in there', async () => {
    const { config } = await discover();
    const visitor = new Visitor();
    const tokens = await signIn(config, {}, visitor);
    const url = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: after_logout, state: 'later' });
    const page = await visitor.get(url.href);
    assert.deepEqual([page.status, page.location], [303, `${after_logout}?state=later`]);
    await assert.rejects(signIn(config, { prompt: 'none' }, visitor), { error: 'login_required' });
  });

  test('a client that may not ask who its user is gets no ID token', async () => {
    const { config } = await discover('--openid', 'no');
    await assert.rejects(signIn(config), { error: 'invalid_scope' });
  });
});
