// Keys are rotated while requests run (THREATS L10): no request fails, no token fails to verify, by the gateway or by somebody who has nothing but the JWKS,
// and tokens of earlier keys verify on. For 12 seconds, every 600 ms; with CHATELAINE_FAULTS=long for ten minutes, every 5 s.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import '../world/web_crypto.mjs';
import { World } from '../world/world.mjs';

const { createRemoteJWKSet, jwtVerify } = await import('jose');

const long = process.env.CHATELAINE_FAULTS === 'long';
const duration = long ? 600_000 : 12_000;
const rotateEvery = long ? 5_000 : 600;
const workers = 16;

for (const algorithm of ['ES256', 'RS256']) {
  describe(`keys of ${algorithm} are rotated every ${rotateEvery} ms`, () => {
    let world;
    let client;

    before(async () => {
      world = await World.start({ withHost: false, tokens: `signing_algorithm = "${algorithm}"`, limits: 'calls_per_grant = "off"' });
      client = await world.command('client', 'add', 'Worker', '--grant', 'client_credentials', '--scope', 'todos.read');
    });
    after(() => world?.stop());

    test('nothing fails', async () => {
      const keys = createRemoteJWKSet(new URL(`http://${world.listen}/oauth/jwks`), { cooldownDuration: 0 });
      const fields = { grant_type: 'client_credentials', client_id: client.client_id, client_secret: client.client_secret };
      const callApi = async (token) => (await fetch(`http://${world.listen}/todos`, { headers: { authorization: `Bearer ${token}` } })).status;
      const kids = new Set();
      const tokens = [];
      const end = Date.now() + duration;
      let rounds = 0;

      const work = async () => {
        while (Date.now() < end) {
          const answer = await fetch(`http://${world.listen}/oauth/token`, { method: 'POST', body: new URLSearchParams(fields) });
          assert.equal(answer.status, 200);
          const { access_token: token } = await answer.json();
          const { protectedHeader } = await jwtVerify(token, keys, { issuer: world.issuer, audience: world.issuer, algorithms: [algorithm] });
          kids.add(protectedHeader.kid);
          if (tokens.length < 2_000) tokens.push(token);
          const earlier = tokens[Math.floor(Math.random() * tokens.length)];
          for (const good of [token, earlier]) assert.equal(await callApi(good), 200);
          await jwtVerify(earlier, keys, { issuer: world.issuer });
          ++rounds;
        }
      };
      const rotate = async () => {
        let rotations = 0;
        while (Date.now() < end) {
          await world.command('key', 'rotate', '--algorithm', algorithm, '--now');
          ++rotations;
          await new Promise((done) => setTimeout(done, rotateEvery));
        }
        return rotations;
      };
      const [rotations] = await Promise.all([rotate(), ...Array.from({ length: workers }, work)]);
      assert.ok(rounds > workers * 2, `only ${rounds} rounds were run`);
      assert.ok(kids.size >= 3 && kids.size <= rotations + 1, `${kids.size} keys signed in ${rotations} rotations`);
      for (const token of tokens) assert.equal(await callApi(token), 200);
    });
  });
}
