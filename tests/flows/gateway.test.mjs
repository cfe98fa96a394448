// The gateway over real sockets: what reaches the API, what comes back, and what never does.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { Visitor } from '../world/visitor.mjs';
import { obtainTokens as obtain } from '../world/sign_in.mjs';
import { World, chatelaine, run } from '../world/world.mjs';

const email = 'person@example.com';
const password = 'correct horse battery staple';
const redirect = 'https://assistant.example/callback';
const obtainTokens = (world, client, options) => obtain(world, client, { email, password, redirect, ...options });

describe('the gateway', () => {
  let world;
  let client;
  let token;

  before(async () => {
    world = await World.start({ withHost: false });
    await world.addUser(email, password, '--subject', 'user-1');
    client = await world.command('client', 'add', 'Assistant', '--pkce', 'optional', '--redirect-uri', redirect);
    token = (await obtainTokens(world, client)).access_token;
  });
  after(() => world?.stop());

  const get = (path, headers = {}) => fetch(`${world.issuer}${path}`, { headers });

  test('RFC 6750 §3: without a token the challenge names no error', async () => {
    const answer = await get('/todos');
    assert.equal(answer.status, 401);
    const challenge = answer.headers.get('www-authenticate');
    assert.match(challenge, /^Bearer realm="/);
    assert.doesNotMatch(challenge, /error=/);
  });

  test('RFC 6750 §3.1: a wrong token is invalid_token, 401', async () => {
    for (const wrong of ['x', `${token.slice(0, -4)}AAAA`, 'ctl_at_AAAA']) {
      const answer = await get('/todos', { authorization: `Bearer ${wrong}` });
      assert.equal(answer.status, 401, wrong);
      assert.match(answer.headers.get('www-authenticate'), /error="invalid_token"/);
    }
  });

  test('RFC 6750 §3.1: a missing scope is insufficient_scope, 403, naming what is needed', async () => {
    const narrow = await obtainTokens(world, client, { scope: 'todos.read' });
    const answer = await fetch(`${world.issuer}/todos`, {
      method: 'POST', headers: { authorization: `Bearer ${narrow.access_token}`, 'content-type': 'application/json' }, body: '{"text":"x"}',
    });
    assert.equal(answer.status, 403);
    assert.match(answer.headers.get('www-authenticate'), /error="insufficient_scope".*scope="todos\.write"/);
  });

  test('a public path needs no token, and the API\'s other paths do', async () => {
    assert.equal((await get('/logo.svg')).status, 200);
    assert.equal((await get('/logo.svg/../todos')).status, 401);
  });

  test('an ambiguous path is refused before it is judged', async () => {
    for (const path of ['/logo.svg/%2e%2e/todos', '/todos%2f1', '//todos', '/logo.svg/..;/todos', '/todos/%00']) {
      const status = await rawStatus(world, `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`);
      assert.equal(status, 400, path);
    }
  });

  test('server-sent events arrive as they are sent', async () => {
    const answer = await get('/todos/events', { authorization: `Bearer ${token}` });
    assert.equal(answer.status, 200);
    const reader = answer.body.getReader();
    const first = new TextDecoder().decode((await reader.read()).value);
    assert.match(first, /event: hello/);
    const next = reader.read();
    await fetch(`${world.issuer}/todos`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: '{"text":"now"}' });
    assert.match(new TextDecoder().decode((await next).value), /event: added/);
    await reader.cancel();
  });

  test('a revoked token is refused at once', async () => {
    const tokens = await obtainTokens(world, client);
    const ask = () => get('/todos', { authorization: `Bearer ${tokens.access_token}` });
    assert.equal((await ask()).status, 200);
    const revoked = await fetch(`${world.issuer}/oauth/revoke`, {
      method: 'POST', body: new URLSearchParams({ token: tokens.refresh_token, client_id: client.client_id, client_secret: client.client_secret }),
    });
    assert.equal(revoked.status, 200);
    assert.equal((await ask()).status, 401);
  });

  test('a user disabled from the command line loses access within a second', async () => {
    await world.addUser('other@example.com', password);
    const visitor = new Visitor();
    const query = new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope: '' });
    let page = await visitor.follow(await visitor.get(`${world.issuer}/oauth/authorize?${query}`));
    page = await visitor.follow(await visitor.signIn(page, 'other@example.com', password));
    page = await visitor.submit(page.form(/Allow/), {}, /allow/i);
    const code = new URL(page.location).searchParams.get('code');
    const answer = await fetch(`${world.issuer}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'authorization_code', client_id: client.client_id, client_secret: client.client_secret, code, redirect_uri: redirect }),
    });
    const { access_token, refresh_token } = await answer.json();
    assert.equal((await get('/todos', { authorization: `Bearer ${access_token}` })).status, 200);
    await world.command('user', 'disable', 'other@example.com');
    await new Promise((done) => setTimeout(done, 1000));
    assert.equal((await get('/todos', { authorization: `Bearer ${access_token}` })).status, 401);
    const refreshed = await fetch(`${world.issuer}/oauth/token`, {
      method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', client_id: client.client_id, client_secret: client.client_secret, refresh_token }),
    });
    assert.equal(refreshed.status, 400);
    assert.equal((await refreshed.json()).error, 'invalid_grant');
  });

  // That no endpoint is missing from it is held against the routes in src/provider/endpoints/discovery_test.cpp.
  test('every endpoint that the metadata names is ours', async () => {
    const metadata = await (await get('/.well-known/oauth-authorization-server')).json();
    assert.equal(metadata.issuer, world.issuer);
    assert.deepEqual(metadata.code_challenge_methods_supported, ['S256']);
    assert.equal(metadata.authorization_response_iss_parameter_supported, true);
    const named = Object.entries(metadata).filter(([name]) => /_(endpoint|uri)$/.test(name));
    // The API behind the gateway would answer a path that is none of ours with 401 or 404.
    const expected = {
      authorization_endpoint: 400, pushed_authorization_request_endpoint: 405, token_endpoint: 405, revocation_endpoint: 405, introspection_endpoint: 405, jwks_uri: 200,
      device_authorization_endpoint: 405, registration_endpoint: 405, userinfo_endpoint: 401, end_session_endpoint: 200,
    };
    const answered = {};
    for (const [name, url] of named) answered[name] = (await fetch(url)).status;
    assert.deepEqual(answered, expected);
    const jwks = await (await fetch(metadata.jwks_uri)).json();
    assert.ok(jwks.keys.length >= 1 && jwks.keys.every((key) => ['EC', 'RSA'].includes(key.kty) && key.kid && !('d' in key)));
  });
});

describe('the gateway in front of an API that misbehaves or echoes', () => {
  let world;
  let upstream;
  let seen = [];
  let token;

  before(async () => {
    upstream = createServer((request, response) => {
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk.length));
      request.on('error', () => {});
      request.on('end', () => {
        seen.push({ url: request.url, headers: request.headers, raw: request.rawHeaders, bytes: chunks.reduce((a, b) => a + b, 0) });
        if (request.url === '/slow') return;
        if (request.url === '/reset') return response.socket.destroy();
        response.writeHead(200, { 'content-type': 'text/plain', 'set-cookie': ['chatelaine_session=evil; Path=/', 'theirs=1; Path=/'], connection: 'x-gone', 'x-gone': '1' });
        response.end('hello');
      });
    });
    await new Promise((done) => upstream.listen(0, '127.0.0.1', done));
    // Long enough for an API on a busy machine to read the end of a large upload.
    world = await World.start({ withHost: false, api: 'timeout = "5s"\nunlisted = "allow"' });
    // The example API is replaced by the echo.
    const { readFileSync, writeFileSync } = await import('node:fs');
    writeFileSync(world.config, readFileSync(world.config, 'utf8').replace(/^upstream = .*$/m, `upstream = "http://127.0.0.1:${upstream.address().port}"`));
    await world.provider.stop();
    await world.startProvider();
    await world.addUser(email, password, '--subject', 'user-1');
    const client = await world.command('client', 'add', 'Assistant', '--pkce', 'optional', '--redirect-uri', redirect);
    token = (await obtainTokens(world, client)).access_token;
  });
  after(async () => {
    upstream?.closeAllConnections();
    upstream?.close();
    await world?.stop();
  });

  const call = (path, options = {}) => fetch(`${world.issuer}${path}`, { ...options, headers: { authorization: `Bearer ${token}`, ...options.headers } });

  test('the API gets identity headers of ours alone, and never the token', async () => {
    seen = [];
    const answer = await call('/echo?a=%20b', { headers: { 'chatelaine-subject': 'admin', chatelaine_subject: 'admin', 'Chatelaine_Client': 'evil', cookie: 'chatelaine_session=mine; kept=1', 'x-mine': '2' } });
    assert.equal(answer.status, 200);
    const [{ url, headers, raw }] = seen;
    assert.equal(url, '/echo?a=%20b');
    assert.equal(headers.authorization, undefined);
    assert.equal(headers['chatelaine-subject'], 'user-1');
    assert.equal(headers['chatelaine-scope'], 'todos.read todos.write');
    assert.ok(headers['chatelaine-grant'] && headers['chatelaine-client']);
    assert.equal(headers['chatelaine-assertion'].split('.').length, 3);
    assert.equal(headers.cookie, 'kept=1');
    assert.equal(headers['x-mine'], '2');
    const names = raw.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase().replaceAll('_', '-'));
    assert.equal(names.filter((name) => name === 'chatelaine-subject').length, 1);
    assert.ok(!JSON.stringify(raw).includes('evil') && !JSON.stringify(raw).includes(token));
    assert.equal(answer.headers.get('x-gone'), null, 'a header that Connection named is hop-by-hop');
    assert.deepEqual((answer.headers.getSetCookie?.() ?? [answer.headers.get('set-cookie')]).map((line) => line.split('=')[0]), ['theirs']);
  });

  test('N07: Connection cannot strip what we add', async () => {
    seen = [];
    const status = await rawStatus(world, `GET /echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nConnection: close, Chatelaine-Subject, Authorization\r\n\r\n`);
    assert.equal(status, 200);
    assert.equal(seen[0].headers['chatelaine-subject'], 'user-1');
  });

  test('a large upload passes through', async () => {
    seen = [];
    const bytes = 24 * 1024 * 1024;
    const answer = await call('/upload', { method: 'POST', body: Buffer.alloc(bytes, 'x') });
    assert.equal(answer.status, 200);
    assert.equal(seen[0].bytes, bytes);
  });

  test('a slow API is 504, one that resets 502, one that is down 502', async () => {
    assert.equal((await call('/slow')).status, 504);
    assert.equal((await call('/reset', { method: 'POST' })).status, 502);
    upstream.closeAllConnections();
    await new Promise((done) => upstream.close(done));
    const down = await call('/echo');
    assert.equal(down.status, 502);
    assert.match((await down.json()).error_description, /API/);
  });

  test('a wrong configuration stops the start with file, line and key', async () => {
    const { code, stderr } = await run(chatelaine, ['serve', '--config', '/nonexistent.toml']);
    assert.equal(code, 2);
    assert.match(stderr, /nonexistent\.toml/);
  });
});

/** The status of one raw request, past any client's own tidying. */
function rawStatus(world, bytes) {
  const [host, port] = world.listen.split(':');
  return new Promise((done, fail) => {
    const socket = connect(Number(port), host, () => socket.write(bytes));
    let text = '';
    socket.on('data', (data) => (text += data));
    socket.on('close', () => done(Number(text.split(' ')[1])));
    socket.on('error', fail);
    setTimeout(() => socket.destroy(), 5000).unref();
  });
}
