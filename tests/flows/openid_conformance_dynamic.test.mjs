// The modules of the OpenID Foundation's plan Dynamic OP, each as a test of our own under the module's name: clients that register themselves and prove
// themselves with keys of their own. docs/conformance.md says what each module asserts and where we differ on purpose.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Canary } from '../world/canary.mjs';
import { byAssertion, RelyingParty } from '../world/relying_party.mjs';
import { Visitor } from '../world/visitor.mjs';
import { World } from '../world/world.mjs';

const jose = await import('jose');

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const redirect = 'https://rp.example/callback';

/** A key of a client's own: the private half, and what it publishes. */
async function makeKey(kid) {
  const { privateKey, publicKey } = await jose.generateKeyPair('RS256');
  return { kid, privateKey, published: { ...(await jose.exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}

describe('Dynamic OP', () => {
  let world;
  let canary;
  let metadata;
  let key;

  before(async () => {
    canary = await Canary.start();
    world = await World.start({ withHost: false, limits: 'enabled = false', fetch: `allow_local = true\nca_file = "${canary.certificate}"` });
    await world.addUser(person.email, person.password, '--name', 'Some Person', '--subject', 'user-1');
    metadata = await (await fetch(`${world.issuer}/.well-known/openid-configuration`)).json();
    key = await makeKey('first');
  });
  after(async () => {
    await world?.stop();
    await canary?.stop();
  });

  const ask = async (members) => {
    const answer = await fetch(metadata.registration_endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: 'Suite', redirect_uris: [redirect], response_types: ['code'], grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key.published] }, contacts: ['suite@rp.example'], ...members,
      }),
    });
    assert.match(answer.headers.get('content-type'), /^application\/json\b/);
    return { status: answer.status, body: await answer.json() };
  };

  /** Registers a client, and checks that what it asked for is what it got (OpenID Connect Dynamic Client Registration §3.2). */
  async function register(members = {}, options = {}) {
    const { status, body } = await ask(members);
    assert.equal(status, 201, JSON.stringify(body));
    assert.ok(body.client_id);
    for (const [name, value] of Object.entries(members).filter(([, value]) => value !== undefined)) assert.deepEqual(body[name], value, name);
    return new RelyingParty(world, body, { person, redirect, authenticate: byAssertion(key.privateKey, key.kid, metadata.token_endpoint), pkce: true, ...options });
  }

  async function checkRefused(members, ...errors) {
    const { status, body } = await ask(members);
    assert.equal(status, 400);
    assert.ok(errors.includes(body.error), body.error);
  }

  /** Our own page says what is wrong, and the browser is not sent anywhere. */
  async function checkErrorPage(party, parameters) {
    const { page, answer } = await party.authorize(parameters);
    assert.deepEqual([page.status, page.location, answer], [400, undefined, undefined]);
    assert.match(page.words, /redirect/i);
  }

  test('oidcc-idtoken-rs256: the algorithm that the client registered', async () => {
    const party = await register({ id_token_signed_response_alg: 'RS256' }, { algorithm: 'RS256' });
    assert.equal((await party.signIn()).claims.sub, 'user-1');
  });

  test('oidcc-idtoken-unsigned: none is neither offered nor registered', async () => {
    assert.ok(!metadata.id_token_signing_alg_values_supported.includes('none'));
    await checkRefused({ id_token_signed_response_alg: 'none' }, 'invalid_client_metadata');
  });

  test('oidcc-userinfo-rs256: signed UserInfo is neither offered nor registered', async () => {
    assert.equal(metadata.userinfo_signing_alg_values_supported, undefined);
    await checkRefused({ userinfo_signed_response_alg: 'RS256' }, 'invalid_client_metadata');
  });

  test('oidcc-ensure-redirect-uri-in-authorization-request: with two of them, none is a page of ours', async () => {
    const party = await register({ redirect_uris: [redirect, `${redirect}2`] });
    await checkErrorPage(party, { redirect_uri: undefined });
  });

  test('oidcc-redirect-uri-query-OK: a registered query stays in front of the answer', async () => {
    const own = `${redirect}?foo=bar`;
    const party = await register({ redirect_uris: [own] }, { redirect: own });
    assert.equal((await party.signIn()).claims.sub, 'user-1');
  });

  test('oidcc-redirect-uri-query-mismatch: another query is another address', async () => {
    const party = await register({ redirect_uris: [`${redirect}?foo=bar`] });
    await checkErrorPage(party, { redirect_uri: `${redirect}?bar=foo` });
  });

  test('oidcc-redirect-uri-query-added: as is a query where none was registered', async () => {
    await checkErrorPage(await register(), { redirect_uri: `${redirect}?foo=bar` });
  });

  test('oidcc-redirect-uri-regfrag: an address with a fragment is not registered', async () => {
    await checkRefused({ redirect_uris: [`${redirect}#foobar`] }, 'invalid_redirect_uri', 'invalid_client_metadata');
  });

  test('oidcc-discovery-endpoint-verification: the document names the registration endpoint and how a client may prove itself', () => {
    assert.ok(metadata.registration_endpoint.startsWith(`${world.issuer}/`));
    assert.ok(metadata.token_endpoint_auth_methods_supported.includes('private_key_jwt'));
    assert.ok(metadata.token_endpoint_auth_signing_alg_values_supported.includes('RS256'));
    assert.deepEqual(metadata.response_types_supported, ['code']);
  });

  test('oidcc-server: a client that registered itself signs somebody in', async () => {
    const party = await register();
    const { tokens, claims } = await party.signIn();
    assert.deepEqual((await party.askUserInfo(tokens.access_token)).claims, { sub: claims.sub });
  });

  for (const [name, member] of [
    ['oidcc-registration-logo-uri: kept and told', 'logo_uri'],
    ['oidcc-registration-policy-uri: kept and told', 'policy_uri'],
    ['oidcc-registration-tos-uri: kept and told', 'tos_uri'],
  ]) {
    test(name, async () => {
      const party = await register({ [member]: canary.serve(`/${member}`, {}) });
      assert.equal((await party.signIn({}, { visitor: new Visitor() })).claims.sub, 'user-1');
      assert.equal(canary.count(`/${member}`), 0, 'a stranger does not send us anywhere');
    });
  }

  test('oidcc-registration-jwks-uri: the keys that the client publishes', async () => {
    const published = canary.serve('/keys', { keys: [key.published] });
    const party = await register({ jwks: undefined, jwks_uri: published });
    assert.equal((await party.signIn()).claims.sub, 'user-1');
    assert.ok(canary.count('/keys') > 0);
  });

  test('oidcc-registration-sector-uri: pairwise subjects are neither offered nor registered', async () => {
    assert.deepEqual(metadata.subject_types_supported, ['public']);
    const sector_identifier_uri = canary.serve('/sector.json', [redirect]);
    await checkRefused({ subject_type: 'pairwise', sector_identifier_uri }, 'invalid_client_metadata');
    assert.equal(canary.count('/sector.json'), 0);
  });

  test('oidcc-registration-sector-bad: nor with a document that names other addresses', async () => {
    const sector_identifier_uri = canary.serve('/other-sector.json', ['https://other.example/callback']);
    await checkRefused({ subject_type: 'pairwise', sector_identifier_uri }, 'invalid_client_metadata');
  });

  test('oidcc-server-rotate-keys: the next key stands beside the one before', async () => {
    const read = async () => (await (await fetch(metadata.jwks_uri)).json()).keys.map(({ kid }) => kid);
    const before = await read();
    await world.command('key', 'rotate', '--now');
    let rotated = await read();
    // A running server sees what a command changed within a second.
    for (let i = 0; i < 20 && rotated.length === before.length; ++i) {
      await new Promise((done) => setTimeout(done, 100));
      rotated = await read();
    }
    assert.ok(rotated.some((kid) => !before.includes(kid)));
    assert.deepEqual(before.filter((kid) => !rotated.includes(kid)), []);
  });

  test('oidcc-refresh-token-rp-key-rotation: an assertion under a key that the client has published since', async () => {
    const jwks_uri = canary.serve('/rotating', { keys: [key.published] });
    const party = await register({ jwks: undefined, jwks_uri });
    const { tokens, claims } = await party.signIn({ scope: 'openid offline_access', prompt: 'consent' });
    const next = await makeKey('second');
    canary.serve('/rotating', { keys: [next.published] });
    party.authenticate = byAssertion(next.privateKey, next.kid, metadata.token_endpoint);
    // Keys are not fetched again at once for each kid that nobody knows; the module waits a minute.
    const deadline = Date.now() + 60_000;
    let refreshed;
    do {
      refreshed = await party.refresh(tokens.refresh_token);
      if (refreshed.status !== 200) await new Promise((done) => setTimeout(done, 1000));
    } while (refreshed.status !== 200 && Date.now() < deadline);
    assert.equal(refreshed.status, 200, JSON.stringify(refreshed.body));
    const again = await party.checkIdToken(refreshed.body, { nonce: undefined });
    assert.deepEqual([again.sub, again.auth_time], [claims.sub, claims.auth_time]);
    assert.equal((await party.askUserInfo(refreshed.body.access_token)).status, 200);
  });

  for (const [name, request_object_signing_alg] of [
    ['oidcc-request-uri-unsigned: request objects by reference are neither offered, registered nor fetched', 'none'],
    ['oidcc-request-uri-signed-rs256: signed ones neither', 'RS256'],
  ]) {
    test(name, async () => {
      assert.equal(metadata.request_uri_parameter_supported, false);
      const path = `/request-${request_object_signing_alg}.jwt`;
      const request_uri = canary.serve(path, {});
      await checkRefused({ request_uris: [request_uri], request_object_signing_alg }, 'invalid_client_metadata');
      const party = await register();
      party.checkError(await party.authorize({ request_uri }), 'request_uri_not_supported');
      assert.equal(canary.count(path), 0);
    });
  }

  test('oidcc-ensure-request-object-with-redirect-uri: what a request object says does not lead anywhere', async () => {
    const party = await register();
    const request = await new jose.SignJWT(party.makeRequest({})).setProtectedHeader({ alg: 'RS256', kid: key.kid }).sign(key.privateKey);
    await checkErrorPage(party, { redirect_uri: `${redirect}/other`, request });
  });

  test('oidcc-refresh-token: new tokens of the same sign-in, for the client that has it alone', async () => {
    const party = await register();
    const other = await register();
    const { tokens, claims } = await party.signIn({ scope: 'openid offline_access', prompt: 'consent' });
    const stolen = await other.refresh(tokens.refresh_token);
    assert.deepEqual([stolen.status, stolen.body.error], [400, 'invalid_grant']);
    const { status, body } = await party.refresh(tokens.refresh_token);
    assert.equal(status, 200);
    const again = await party.checkIdToken(body, { nonce: undefined });
    assert.deepEqual([again.sub, again.auth_time], [claims.sub, claims.auth_time]);
  });

  test('oidcc-ensure-client-assertion-with-iss-aud-succeeds: the issuer is as good an audience as the endpoint', async () => {
    const party = await register({}, { authenticate: byAssertion(key.privateKey, key.kid, metadata.issuer) });
    assert.equal((await party.signIn()).claims.sub, 'user-1');
  });
});
