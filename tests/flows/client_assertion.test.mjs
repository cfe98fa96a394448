// A client that proves itself with keys of its own (private_key_jwt, RFC 7523 §2.2): the assertion is made here by node:crypto, and serves once – in every
// process on the same database, and after a restart.
import assert from 'node:assert/strict';
import { createSign, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { chatelaine, freePort, run, World } from '../world/world.mjs';

const kinds = {
  ES256: { pair: generateKeyPairSync('ec', { namedCurve: 'P-256' }), sign: (text, key) => createSign('sha256').update(text).sign({ key, dsaEncoding: 'ieee-p1363' }) },
  RS256: { pair: generateKeyPairSync('rsa', { modulusLength: 2048 }), sign: (text, key) => createSign('sha256').update(text).sign(key) },
  PS256: { pair: generateKeyPairSync('rsa', { modulusLength: 2048 }), sign: (text, key) => createSign('sha256').update(text).sign({ key, padding: 6, saltLength: 32 }) },
  EdDSA: { pair: generateKeyPairSync('ed25519'), sign: (text, key) => sign(null, Buffer.from(text), key) },
};
const publicJwk = (algorithm) => ({ ...kinds[algorithm].pair.publicKey.export({ format: 'jwk' }), alg: algorithm, kid: `my-${algorithm}`, use: 'sig' });
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

function makeAssertion(algorithm, claims, header = {}) {
  const now = Math.floor(Date.now() / 1000);
  const text = `${encode({ alg: algorithm, kid: `my-${algorithm}`, ...header })}.${encode({ iat: now, exp: now + 60, jti: randomUUID(), ...claims })}`;
  return `${text}.${kinds[algorithm].sign(text, kinds[algorithm].pair.privateKey).toString('base64url')}`;
}

describe('private_key_jwt', () => {
  let world;
  let second;
  let client;
  let keyServer;
  let published = { keys: [] };
  let asked = 0;

  const ask = async (assertion, server = world.issuer) => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: assertion,
    });
    const answer = await fetch(`${server}/oauth/token`, { method: 'POST', body });
    return { status: answer.status, ...(await answer.json()) };
  };
  const mine = (claims = {}) => ({ iss: client.client_id, sub: client.client_id, aud: world.issuer, ...claims });

  before(async () => {
    world = await World.start({ withHost: false, fetch: 'allow_local = true', limits: 'enabled = false' });
    const file = join(world.folder, 'public.json');
    writeFileSync(file, JSON.stringify({ keys: Object.keys(kinds).map(publicJwk) }));
    client = await world.command('client', 'add', 'Worker', '--auth-method', 'private_key_jwt', '--jwks', file, '--grant', 'client_credentials');
    keyServer = createServer((request, response) => {
      ++asked;
      const encoding = request.url === '/compressed' ? { 'content-encoding': 'gzip' } : {};
      const text = JSON.stringify(published);
      response.writeHead(200, { 'content-type': 'application/jwk-set+json', ...encoding }).end(request.url === '/compressed' ? gzipSync(text) : text);
    });
    await new Promise((done) => keyServer.listen(0, '127.0.0.1', done));
    // Another process on the same database; it goes by the same issuer.
    const port = await freePort();
    second = `http://127.0.0.1:${port}`;
    writeFileSync(join(world.folder, 'second.toml'), `issuer = "${world.issuer}"\nlisten = "127.0.0.1:${port}"\nstorage = "sqlite:provider.db"\n[fetch]\nallow_local = true\n[limits]\nenabled = false\n`);
    world.second = world.launch('serve', join(world.folder, 'second.toml'));
    await world.second.ready;
  });
  after(async () => {
    keyServer?.close();
    await world?.second?.stop();
    await world?.stop();
  });

  test('no secret is made, and the listing shows the keys', async () => {
    assert.equal(client.client_secret, undefined);
    const shown = await world.command('client', 'show', client.client_id);
    assert.deepEqual(shown.auth_methods, ['private_key_jwt']);
    assert.equal(shown.jwks.keys.length, 4);
    const { code, stderr } = await run(chatelaine, ['client', 'rotate-secret', client.client_id, '--config', world.config]);
    assert.equal(code, 1);
    assert.match(stderr, /has no secret: it authenticates by private_key_jwt/);
  });

  for (const algorithm of Object.keys(kinds)) {
    test(`RFC 7518 §3.1: an assertion under ${algorithm}`, async () => {
      const answer = await ask(makeAssertion(algorithm, mine()));
      assert.equal(answer.status, 200, JSON.stringify(answer));
      assert.equal(answer.token_type, 'bearer');
    });
  }

  test('RFC 8725 §3.1: a header cannot choose another algorithm than its key has', async () => {
    const answer = await ask(makeAssertion('RS256', mine(), { alg: 'PS256', kid: 'my-RS256' }));
    assert.deepEqual([answer.status, answer.error], [401, 'invalid_client']);
  });

  test('RFC 7523 §3: an assertion serves once, in whichever process, and after a restart', async () => {
    const assertion = makeAssertion('ES256', mine());
    assert.equal((await ask(assertion)).status, 200);
    for (const server of [world.issuer, second]) {
      const again = await ask(assertion, server);
      assert.deepEqual([again.status, again.error], [401, 'invalid_client'], server);
      assert.match(again.error_description, /used before/);
    }
    const other = makeAssertion('ES256', mine());
    assert.equal((await ask(other, second)).status, 200);
    await world.provider.kill();
    await world.startProvider();
    for (const used of [assertion, other]) assert.match((await ask(used)).error_description, /used before/);
  });

  test('RFC 7523 §3: of many at once, in two processes, one wins', async () => {
    const assertion = makeAssertion('ES256', mine());
    const answers = await Promise.all(Array.from({ length: 32 }, (_, i) => ask(assertion, i % 2 ? second : world.issuer)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal(answers.filter(({ status }) => status === 401).length, 31);
  });

  test('RFC 7517 §5: keys that the client publishes are fetched, and a new one soon after it is used', async () => {
    published = { keys: [publicJwk('ES256')] };
    const jwksUri = `http://127.0.0.1:${keyServer.address().port}/jwks`;
    const publisher = await world.command('client', 'add', 'Publisher', '--auth-method', 'private_key_jwt', '--jwks-uri', jwksUri, '--grant', 'client_credentials');
    const its = { iss: publisher.client_id, sub: publisher.client_id, aud: `${world.issuer}/oauth/token` };
    for (let i = 0; i < 3; ++i) assert.equal((await ask(makeAssertion('ES256', its))).status, 200);
    assert.equal(asked, 1);
    // THREATS N44: a thousand unknown keys are no thousand fetches.
    published = { keys: [publicJwk('EdDSA')] };
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(makeAssertion('EdDSA', its))));
    assert.ok(answers.every(({ status }) => status === 401));
    assert.equal(asked, 1);
  });

  test('THREATS N41: compressed keys are not decompressed', async () => {
    published = { keys: [publicJwk('ES256')] };
    const addAt = (path) =>
      world.command('client', 'add', 'Publisher', '--auth-method', 'private_key_jwt', '--jwks-uri', `http://127.0.0.1:${keyServer.address().port}${path}`, '--grant', 'client_credentials');
    const askAs = ({ client_id: id }) => ask(makeAssertion('ES256', { iss: id, sub: id, aud: world.issuer }));
    assert.equal((await askAs(await addAt('/plain'))).status, 200);
    const answer = await askAs(await addAt('/compressed'));
    assert.deepEqual([answer.status, answer.error], [401, 'invalid_client']);
    for (let i = 0; i < 100 && !/no JWK Set: it is not JSON/.test(world.provider.log); ++i) await new Promise((done) => setTimeout(done, 10));
    assert.match(world.provider.log, /no JWK Set: it is not JSON/);
  });

  test('THREATS N40: without allow_local nothing is fetched from loopback', async () => {
    const port = await freePort();
    writeFileSync(join(world.folder, 'strict.toml'), `issuer = "${world.issuer}"\nlisten = "127.0.0.1:${port}"\nstorage = "sqlite:provider.db"\n`);
    const strict = world.launch('serve', join(world.folder, 'strict.toml'));
    await strict.ready;
    try {
      for (const host of ['localhost', '2130706433', '[::ffff:127.0.0.1]']) {
        const local = await world.command(
          'client', 'add', host, '--auth-method', 'private_key_jwt', '--jwks-uri', `https://${host}:${keyServer.address().port}/jwks`, '--grant', 'client_credentials');
        const before = asked;
        const answer = await ask(makeAssertion('ES256', { iss: local.client_id, sub: local.client_id, aud: world.issuer }), `http://127.0.0.1:${port}`);
        assert.equal(answer.error, 'invalid_client');
        assert.match(answer.error_description, /^The client's keys cannot be had at the moment: /, 'a stranger learns nothing of the place');
        assert.equal(asked, before);
      }
    } finally {
      await strict.stop();
    }
    assert.equal(strict.log.match(/leads to an address that may not be connected to/g)?.length, 3, 'the operator does');
  });

  test('THREATS N47: no assertion stands in a log', async () => {
    const sent = world.tap.everything.map(({ body }) => new URLSearchParams(body).get('client_assertion')).filter(Boolean);
    assert.ok(sent.length > 10);
    await world.checkLogs();
  });
});
