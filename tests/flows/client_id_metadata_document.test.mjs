// An assistant that nobody has registered: its client_id is the https URL of a document in which it says what it is (MCP authorization, release 2026-07-28;
// draft-ietf-oauth-client-id-metadata-document-03 §5). Its server is a canary that also does everything that it should not.
import assert from 'node:assert/strict';
import { createHash, createSign, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Canary } from '../world/canary.mjs';
import { allow } from '../world/sign_in.mjs';
import { Visitor } from '../world/visitor.mjs';
import { freePort, World } from '../world/world.mjs';

// On the web: an answer that goes to this computer is asked about each time.
const callback = 'https://assistant.example/callback';
const person = { email: 'person@example.com', password: 'correct horse battery staple' };

describe('a client by its own document', () => {
  let world;
  let canary;
  let visitor;

  before(async () => {
    canary = await Canary.start();
    world = await World.start({ withHost: false, fetch: `allow_local = true\nca_file = "${canary.certificate}"` });
    await world.addUser(person.email, person.password);
    visitor = new Visitor();
  });
  after(async () => {
    await world?.stop();
    await canary?.stop();
  });

  const begin = (clientId, more = {}) => {
    const verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      response_type: 'code', client_id: clientId, redirect_uri: callback, scope: 'todos.read', state: 's',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256', ...more,
    });
    return { url: `${world.issuer}/oauth/authorize?${query}`, verifier };
  };
  const post = (fields) => fetch(`${world.issuer}/oauth/token`, { method: 'POST', body: new URLSearchParams(fields) });
  /** A person allows; the answer of the token endpoint. */
  const signIn = async (clientId, { proof = () => ({ client_id: clientId }), ...more } = {}) => {
    const { url, verifier } = begin(clientId, more);
    const code = new URL(await allow(url, { ...person, visitor })).searchParams.get('code');
    return post({ grant_type: 'authorization_code', code, redirect_uri: more.redirect_uri ?? callback, code_verifier: verifier, ...proof() });
  };
  const restart = async () => {
    await world.provider.stop();
    await world.startProvider();
  };
  /** The page that a person gets, and what it says. */
  const visit = async (clientId, more) => {
    const page = await visitor.follow(await visitor.get(begin(clientId, more).url), { until: new RegExp(`^${callback}`) });
    return { status: page.status, words: page.words, location: page.location, isAsked: page.forms.some((form) => /consent$/.test(form.action)) };
  };

  // draft-ietf-oauth-client-id-metadata-document-03 §6: the member that tells clients so.
  test('the metadata says so, with `none` beside it', async () => {
    const metadata = await (await fetch(`${world.issuer}/.well-known/oauth-authorization-server`)).json();
    assert.equal(metadata.client_id_metadata_document_supported, true);
    assert.ok(metadata.token_endpoint_auth_methods_supported.includes('none'));
    assert.ok(metadata.token_endpoint_auth_methods_supported.includes('private_key_jwt'));
  });

  test('it signs a person in, calls the API and refreshes, also while its own server is away', async () => {
    const clientId = canary.serveClient('/client.json');
    const answer = await signIn(clientId);
    assert.equal(answer.status, 200);
    const tokens = await answer.json();
    const call = await fetch(`${world.issuer}/todos`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    assert.equal(call.status, 200);
    await canary.close();
    await restart();
    const refreshed = await post({ grant_type: 'refresh_token', client_id: clientId, refresh_token: tokens.refresh_token });
    assert.equal(refreshed.status, 200);
    await canary.listen();
    assert.equal(canary.count('/client.json'), 1);
    const [shown] = (await world.command('client', 'list')).filter(({ client_id: id }) => id === clientId);
    assert.deepEqual([shown.name, shown.origin, shown.auth_methods], ['Assistant', 'metadata_document', ['none']]);
  });

  test('RFC 7523 §2.2: with keys that it publishes it proves itself', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwksUri = canary.serve('/jwks', { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256' }] });
    const clientId = canary.serveClient('/signing.json', { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: jwksUri });
    const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const proof = () => {
      const text = `${encode({ alg: 'RS256', kid: 'k' })}.${encode({ iss: clientId, sub: clientId, aud: world.issuer, jti: randomUUID(), exp: Math.floor(Date.now() / 1000) + 60 })}`;
      return {
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: `${text}.${createSign('sha256').update(text).sign(privateKey).toString('base64url')}`,
      };
    };
    const unproven = await signIn(clientId);
    assert.deepEqual([unproven.status, (await unproven.json()).error], [401, 'invalid_client']);
    assert.equal((await signIn(clientId, { proof })).status, 200);
  });

  test('RFC 8252 §7.3: an assistant on this computer may use any port, localhost too, and the page warns', async () => {
    const clientId = canary.serveClient('/local.json', { client_name: 'Terminal', redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'] });
    for (const host of ['localhost', '127.0.0.1']) {
      const page = await visit(clientId, { redirect_uri: `http://${host}:${await freePort()}/callback` });
      assert.ok(page.isAsked);
      assert.match(page.words, /Allow this only if you have just started Terminal on this computer yourself/);
      assert.match(page.words, new RegExp(`It says that it belongs to localhost:${canary.port} `));
    }
    assert.equal((await visit(clientId, { redirect_uri: 'http://127.0.0.1.evil.example/callback' })).status, 400);
  });

  test('THREATS N42: other redirect URIs, or other keys, have people asked again', async () => {
    const clientId = canary.serveClient('/changing.json');
    await signIn(clientId);
    assert.ok(!(await visit(clientId)).isAsked);
    canary.serveClient('/changing.json', { client_name: 'Renamed' });
    await restart();
    assert.ok(!(await visit(clientId)).isAsked, 'another name is not enough');
    canary.serveClient('/changing.json', { redirect_uris: [callback, 'https://evil.example/'] });
    await restart();
    assert.ok((await visit(clientId)).isAsked);
    await signIn(clientId);
    assert.ok(!(await visit(clientId)).isAsked);
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    canary.serveClient('/changing.json', {
      redirect_uris: [callback, 'https://evil.example/'], token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [publicKey.export({ format: 'jwk' })] },
    });
    await restart();
    assert.ok((await visit(clientId)).isAsked);
  });

  const hostile = {
    'THREATS N40: a redirect to another place of ours': [(response) => response.writeHead(302, { location: '/client.json' }).end(), /a redirect \(302\), which is not followed/],
    'THREATS N41: a body without end': [
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const timer = setInterval(() => response.write('x'.repeat(65536)), 1);
        response.on('close', () => clearInterval(timer));
      },
      /more than 5120 bytes/,
    ],
    'THREATS N41: a body that never comes': [(response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{'), /did not answer within 5s/],
    'THREATS N41: a compressed body': [
      // Decompressed it would be taken.
      (response, { url }) => {
        const document = { client_id: `${canary.origin}${url}`, client_name: 'Assistant', redirect_uris: [callback], token_endpoint_auth_method: 'none' };
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(document)));
      },
      /The document is not JSON/,
    ],
    'THREATS N41: a page': [(response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'), /is not served as application\/json/],
    'draft-ietf-oauth-client-id-metadata-document-03 §5: another status than 200': [(response) => response.writeHead(201, { 'content-type': 'application/json' }).end('{}'), /answered with status 201/],
    'THREATS N42: the document of another': [
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ client_id: `${canary.origin}/client.json` })), /client_id must be the document.* own URL/,
    ],
  };
  let number = 0;
  for (const [sentence, [answer, words]] of Object.entries(hostile)) {
    test(`${sentence}: is told on a page, and the answer goes nowhere`, async () => {
      const clientId = canary.serve(`/hostile-${++number}.json`, answer);
      const began = Date.now();
      const page = await visit(clientId);
      assert.ok(Date.now() - began < 9_000);
      assert.equal(page.status, 400);
      assert.equal(page.location, undefined);
      assert.match(page.words, words);
    });
  }

  test('THREATS N44: a hundred requests for a document that is not there are one fetch', async () => {
    const clientId = `${canary.origin}/missing.json`;
    const pages = await Promise.all(Array.from({ length: 100 }, () => fetch(begin(clientId).url, { redirect: 'manual' })));
    assert.ok(pages.every(({ status }) => status === 400));
    assert.equal(canary.count('/missing.json'), 1);
  });

  test('THREATS N40: without allow_local nothing is fetched from this machine or its network', async () => {
    const port = await freePort();
    const issuer = `http://127.0.0.1:${port}`;
    writeFileSync(join(world.folder, 'strict.toml'), `issuer = "${issuer}"\nlisten = "127.0.0.1:${port}"\nstorage = "sqlite:strict.db"\n[fetch]\nca_file = "${canary.certificate}"\n`);
    const strict = world.launch('serve', join(world.folder, 'strict.toml'));
    await strict.ready;
    const before = canary.asked.length;
    try {
      for (const host of ['localhost', '127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '[64:ff9b::7f00:1]', '0.0.0.0', '100.64.0.1', '169.254.169.254', '10.0.0.1', '2130706433', '0177.0.0.1', '127.1']) {
        const query = new URLSearchParams({ response_type: 'code', client_id: `https://${host}:${canary.port}/client.json`, redirect_uri: callback });
        const page = await fetch(`${issuer}/oauth/authorize?${query}`, { redirect: 'manual' });
        assert.equal(page.status, 400, host);
        assert.match(await page.text(), /leads to an address that may not be connected to/, host);
      }
      assert.equal(canary.asked.length, before);
    } finally {
      await strict.stop();
    }
  });
});
