// The provider as Authlib sees it, the OAuth and OpenID Connect library of the Python world.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { allow } from '../world/sign_in.mjs';
import { World } from '../world/world.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const redirect = 'https://portal.example/callback';
const script = fileURLToPath(new URL('authlib_client.py', import.meta.url));

/** Runs the relying party; `answerTo` is given the authorization URL and gives the URL of the answer. */
async function runAuthlib(settings, answerTo) {
  const child = spawn('/usr/bin/python3', [script], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, AUTHLIB_INSECURE_TRANSPORT: '1' } });
  let errors = '';
  child.stderr.on('data', (data) => (errors += data));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.write(`${JSON.stringify(settings)}\n`);
  const url = await lines.next();
  assert.ok(!url.done, errors);
  child.stdin.end(`${await answerTo(url.value)}\n`);
  const outcome = await lines.next();
  assert.ok(!outcome.done, errors);
  return JSON.parse(outcome.value);
}

describe('Authlib', () => {
  let world;

  before(async () => {
    world = await World.start({ withHost: false, keys: 'algorithms = ["ES256", "RS256", "PS256", "EdDSA"]' });
    await world.addUser(person.email, person.password, '--subject', 'user-1');
  });
  after(() => world?.stop());

  // Authlib 1.2 does not know which hash belongs to EdDSA, and so refuses every at_hash beside it.
  for (const [algorithm, method] of [['ES256', 'client_secret_basic'], ['RS256', 'client_secret_post'], ['PS256', 'client_secret_basic']]) {
    test(`${algorithm}, ${method}: signs in, checks the ID token, calls, refreshes, revokes, and is refused afterwards`, async () => {
      const client = await world.command('client', 'add', 'Portal', '--redirect-uri', redirect, '--id-token-alg', algorithm);
      const outcome = await runAuthlib({ issuer: world.issuer, ...client, redirect_uri: redirect, method }, (url) => allow(url, person));
      assert.deepEqual(outcome, {
        sub: 'user-1', alg: algorithm, userinfo: { sub: 'user-1', email: person.email }, call: 200, rotated: true, revoked: 200, late: 'invalid_grant',
      });
    });
  }
});
