// Both sides of the MCP server at their worst: messages that are none, and an API that never ends its answers.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as startRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { obtainTokens } from '../world/sign_in.mjs';
import { World } from '../world/world.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple', redirect: 'https://assistant.example/callback' };
const largest = 100_000;
const piece = 'x'.repeat(16 * 1024);

/** The codings that `zipped` was asked for. */
const asked = [];

/** By its path: how the API misbehaves. Each gives a promise that is kept once the gateway has let go of it. */
const answers = {
  endless: (response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    const go = () => {
      while (!response.destroyed && response.write(piece));
      if (!response.destroyed) response.once('drain', go);
    };
    go();
  },
  announced: (response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': String(largest + 1) });
    response.write(piece);
  },
  trickling: (response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    const timer = setInterval(() => response.write('.'), 50);
    response.once('close', () => clearInterval(timer));
  },
  broken: (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"a":', () => response.destroy());
  },
  silent: () => {},
  deep: (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('['.repeat(40_000) + ']'.repeat(40_000));
  },
  nested: (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('['.repeat(90) + ']'.repeat(90));
  },
  zipped: (response, { headers }) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    asked.push(headers['accept-encoding']);
    response.end(gzipSync('{"a":1}'));
  },
};

describe('/mcp', () => {
  let folder;
  let api;
  let world;
  let token;
  const letGo = {};
  const silent = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hostile-'));
    const openapi = join(folder, 'openapi.json');
    const paths = Object.fromEntries(Object.keys(answers).map((name) => [`/${name}`, { get: { operationId: name, security: [], responses: { 200: { description: 'It.' } } } }]));
    writeFileSync(openapi, JSON.stringify({ openapi: '3.1.0', info: { title: 'Hostile', version: '1' }, paths }));
    api = createServer((request, response) => {
      const name = request.url.slice(1);
      letGo[name] = new Promise((done) => response.once('close', done));
      if (name === 'silent') silent.push(letGo[name]);
      answers[name](response, request);
    });
    await new Promise((done) => api.listen(0, '127.0.0.1', done));
    world = await World.start({ withHost: false, openapi, upstream: `http://127.0.0.1:${api.address().port}`, resources: `[mcp]\nlargest_answer = ${largest}` });
    await world.addUser(person.email, person.password);
    const client = await world.command('client', 'add', 'Assistant', '--pkce', 'optional', '--redirect-uri', person.redirect);
    token = (await obtainTokens(world, client, person)).access_token;
  });
  after(async () => {
    await world?.stop();
    api?.closeAllConnections();
    await new Promise((done) => api.close(done));
    rmSync(folder, { recursive: true, force: true });
  });

  const post = (body, { headers = {}, signal } = {}) => fetch(`${world.issuer}/mcp`, {
    method: 'POST', body, signal, headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', authorization: `Bearer ${token}`, ...headers },
  });
  const write = (message) => JSON.stringify({ jsonrpc: '2.0', id: 1, ...message });
  const call = (name, options) => post(write({ method: 'tools/call', params: { name } }), options);
  const read = async (answer) => (await answer.json()).result;

  const messages = {
    'no JSON': ['{"jsonrpc":', 400, -32700],
    'no UTF-8': [Buffer.from([0x22, 0xff, 0x22]), 400, -32700],
    'nothing': ['', 400, -32700],
    'a batch': [`[${write({ method: 'ping' })}]`, 400, -32600],
    'a text': ['"ping"', 400, -32600],
    'another version of JSON-RPC': ['{"jsonrpc":"1.0","id":1,"method":"ping"}', 400, -32600],
    'an answer to nothing': ['{"jsonrpc":"2.0","id":1,"result":{}}', 400, -32600],
    'an id that is none': ['{"jsonrpc":"2.0","id":null,"method":"ping"}', 400, -32600],
    'an id that is an object': ['{"jsonrpc":"2.0","id":{},"method":"ping"}', 400, -32600],
    'a method that is none': ['{"jsonrpc":"2.0","id":1,"method":7}', 400, -32600],
    'parameters that are a list': ['{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', 400, -32600],
    'a member twice': ['{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}', 400, -32700],
    'deeper than anybody nests': [`{"jsonrpc":"2.0","id":1,"method":"ping","params":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_001)}`, 400, -32700],
    'a tool that is not there': [write({ method: 'tools/call', params: { name: '../../oauth/token' } }), 200, -32602],
    'a cursor that was not given': [write({ method: 'tools/list', params: { cursor: '9999999999999999999999' } }), 200, -32602],
  };
  for (const [name, [body, status, code]] of Object.entries(messages)) {
    test(`a message: ${name}`, async () => {
      const answer = await post(body);
      assert.equal(answer.status, status);
      assert.equal((await answer.json()).error.code, code);
    });
  }

  test('messages of another kind, or for readers of another', async () => {
    assert.equal((await post(write({ method: 'ping' }), { headers: { 'content-type': 'text/plain' } })).status, 415);
    assert.equal((await post(write({ method: 'ping' }), { headers: { accept: 'text/html' } })).status, 406);
    assert.equal((await post(write({ method: 'ping' }), { headers: { 'mcp-protocol-version': '2024-11-05' } })).status, 400);
  });

  test('more than anybody says is refused before it has come', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': String(5 << 20), authorization: `Bearer ${token}` };
    const request = startRequest(`http://${world.listen}/mcp`, { method: 'POST', headers });
    request.write('{');
    const answer = await new Promise((done, fail) => request.once('response', done).once('error', fail));
    assert.equal(answer.statusCode, 413);
    request.on('error', () => {}).destroy();
  });

  for (const name of ['endless', 'announced']) {
    test(`an API's answer: ${name}`, async () => {
      const result = await read(await call(name));
      assert.equal(result.isError, true);
      assert.match(result.content[0].text, new RegExp(`more than the ${largest} bytes`));
      await letGo[name];
    });
  }

  test('an API\'s answer: trickling, until nobody waits for it any more', async () => {
    const stop = new AbortController();
    const answer = await call('trickling', { signal: stop.signal });
    assert.equal(answer.headers.get('content-type'), 'text/event-stream');
    stop.abort();
    await letGo.trickling;
  });

  /** As many calls as one client may have open, of an API that says nothing; `end` ends them. */
  const fill = async (end) => {
    silent.length = 0;
    const stop = new AbortController();
    const ids = Array.from({ length: 32 }, (_, at) => at + 100);
    const open = await Promise.all(ids.map((id) => post(write({ id, method: 'tools/call', params: { name: 'silent' } }), { signal: stop.signal })));
    assert.equal((await call('deep')).status, 429);
    const begun = Date.now();
    await end({ ids, open, stop });
    await Promise.all(silent);
    assert.equal(silent.length, 32);
    // Far less than [api] timeout, after which the API would be left in any case.
    assert.ok(Date.now() - begun < 10_000, `${Date.now() - begun} ms`);
    assert.equal((await call('broken')).status, 200);
  };

  test('a call that was cancelled before the API said anything holds nothing', async () => {
    const cancel = async ({ ids, open }) => {
      const told = await Promise.all(ids.map((requestId) => post(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } }))));
      assert.deepEqual([...new Set(told.map((answer) => answer.status))], [202]);
      for (const answer of open) assert.doesNotMatch(await answer.text(), /data:/);
    };
    await fill(cancel);
    await fill(cancel);
  });

  test('a call whose stream was closed before the API said anything holds nothing', async () => fill(({ stop }) => stop.abort()));

  test('a call whose client goes before its answer has begun ends', async () => {
    silent.length = 0;
    const stop = new AbortController();
    const answer = call('silent', { signal: stop.signal });
    while (silent.length === 0) await new Promise((done) => setTimeout(done, 10));
    const begun = Date.now();
    stop.abort();
    await assert.rejects(answer, { name: 'AbortError' });
    await silent[0];
    assert.ok(Date.now() - begun < 10_000);
  });

  test('an API\'s answer: broken off, and deeper than is read', async () => {
    const broken = await read(await call('broken'));
    assert.equal(broken.isError, true);
    assert.match(broken.content[0].text, /broke off/);
    const deep = await read(await call('deep'));
    assert.deepEqual([deep.isError, deep.structuredContent, deep.content[0].text.length], [false, undefined, 80_000]);
    const nested = await read(await call('nested'));
    assert.deepEqual([nested.isError, JSON.stringify(nested.structuredContent.result)], [false, '['.repeat(90) + ']'.repeat(90)]);
  });

  test('an API\'s answer: compressed, though nobody asked for that', async () => {
    const zipped = await read(await call('zipped'));
    assert.equal(zipped.isError, true);
    assert.match(zipped.content[0].text, /^The call was done: .* coded as gzip/);
    assert.deepEqual(asked, ['identity']);
  });
});
