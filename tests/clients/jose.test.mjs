// Signatures and keys as a library sees them that was written by somebody else: jose verifies what we sign, with each algorithm and the keys that we
// publish, and signs what we verify, with keys that were imported.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import '../world/web_crypto.mjs';
import { World } from '../world/world.mjs';

const jose = await import('jose');

const algorithms = ['ES256', 'RS256', 'PS256', 'EdDSA'];

describe('jose', () => {
  let world;
  let client;

  before(async () => {
    world = await World.start({
      withHost: false, keys: `algorithms = ${JSON.stringify(algorithms)}`, tokens: 'signing_algorithm = "ES256"\naccess_lifetime = "2h"',
    });
    client = await world.command('client', 'add', 'Worker', '--grant', 'client_credentials', '--scope', 'todos.read');
  });
  after(() => world?.stop());

  async function obtainToken() {
    const answer = await fetch(`${world.issuer}/oauth/token`, {
      method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: client.client_id, client_secret: client.client_secret }),
    });
    assert.equal(answer.status, 200);
    return (await answer.json()).access_token;
  }
  const callApi = async (token) => (await fetch(`${world.issuer}/todos`, { headers: { authorization: `Bearer ${token}` } })).status;
  const readKeys = async () => (await (await fetch(`${world.issuer}/oauth/jwks`)).json()).keys;

  /** Access tokens are signed with `algorithm` from now on. */
  async function signWith(algorithm) {
    writeFileSync(world.config, readFileSync(world.config, 'utf8').replace(/signing_algorithm = "\w+"/, `signing_algorithm = "${algorithm}"`));
    world.provider.child.kill('SIGHUP');
    const deadline = Date.now() + 5000;
    for (;;) {
      const token = await obtainToken();
      if (jose.decodeProtectedHeader(token).alg === algorithm) return token;
      assert.ok(Date.now() < deadline, `no token was signed with ${algorithm} after SIGHUP`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  test('RFC 7517 §4, RFC 7638 §3: every key says what it is for, and its kid is its thumbprint', async () => {
    const keys = await readKeys();
    assert.deepEqual(keys.map(({ alg }) => alg).sort(), [...algorithms].sort());
    for (const key of keys) {
      assert.equal(key.use, 'sig');
      assert.equal(key.kid, await jose.calculateJwkThumbprint(key));
      assert.deepEqual(['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].filter((member) => member in key), []);
      await jose.importJWK(key, key.alg);
    }
  });

  for (const alg of algorithms) {
    test(`RFC 7518 §3, RFC 8037 §3.1: a token that is signed with ${alg} is verified by the published key alone`, async () => {
      const token = await signWith(alg);
      const keys = jose.createRemoteJWKSet(new URL(`${world.issuer}/oauth/jwks`));
      const expected = { issuer: world.issuer, audience: world.issuer, typ: 'at+jwt', algorithms: [alg] };
      const { protectedHeader, payload } = await jose.jwtVerify(token, keys, expected);
      assert.equal(protectedHeader.alg, alg);
      assert.equal(payload.client_id, client.client_id);
      assert.equal(await callApi(token), 200);
      await assert.rejects(jose.jwtVerify(token, keys, { ...expected, algorithms: algorithms.filter((other) => other !== alg) }));
    });

    test(`RFC 7515 §5.2: a token that jose signs with ${alg} is taken, and an altered one is not`, async () => {
      const pair = await jose.generateKeyPair(alg, { extractable: true });
      const jwk = { ...(await jose.exportJWK(pair.privateKey)), alg };
      // The two forms in which keys come: a private JWK, and PEM.
      const text = alg === 'RS256' || alg === 'EdDSA' ? JSON.stringify(jwk) : await jose.exportPKCS8(pair.privateKey);
      const file = join(world.folder, `${alg}.key`);
      writeFileSync(file, text, { mode: 0o600 });
      const { kid } = await world.command('key', 'import', file, '--algorithm', alg, '--now');
      assert.equal(kid, await jose.calculateJwkThumbprint(jwk));

      const claims = jose.decodeJwt(await obtainToken());
      const sign = (key, header = {}) => new jose.SignJWT(claims).setProtectedHeader({ alg, kid, typ: 'at+jwt', ...header }).sign(key);
      const deadline = Date.now() + 1000;
      while ((await callApi(await sign(pair.privateKey))) !== 200) assert.ok(Date.now() < deadline, 'it was not taken within a second');

      const stranger = await jose.generateKeyPair(alg);
      assert.equal(await callApi(await sign(stranger.privateKey)), 401, 'another key under this kid');
      assert.equal(await callApi(await sign(pair.privateKey, { typ: 'JWT' })), 401, 'a token of another type');
      // RFC 8725 §2.1: the public key as the secret of an HMAC.
      const published = new TextEncoder().encode(JSON.stringify((await readKeys()).find((key) => key.kid === kid)));
      const confused = await new jose.SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid, typ: 'at+jwt' }).sign(published);
      assert.equal(await callApi(confused), 401, 'HS256 under the public key');
      const none = `${jose.base64url.encode(JSON.stringify({ alg: 'none', kid, typ: 'at+jwt' }))}.${jose.base64url.encode(JSON.stringify(claims))}.`;
      assert.equal(await callApi(none), 401, 'alg none');
    });
  }
});
