// The API as an MCP server, message by message: releases, challenges, streams, and a server without it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { obtainTokens as obtain } from '../world/sign_in.mjs';
import { World, chatelaine, run } from '../world/world.mjs';

const email = 'person@example.com';
const password = 'correct horse battery staple';
const redirect = 'https://assistant.example/callback';

/** The messages of an event stream, one after another. */
async function* readEvents(answer) {
  let text = '';
  for await (const piece of answer.body) {
    text += Buffer.from(piece).toString();
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: (.*)$/m.exec(text.slice(0, end));
      text = text.slice(end + 2);
      if (data) yield JSON.parse(data[1]);
    }
  }
}

describe('/mcp', () => {
  let world;
  let client;
  let token;

  before(async () => {
    world = await World.start({ withHost: false, resources: '\n[[resource]]\nidentifier = "https://notes.example/mcp"\n' });
    await world.addUser(email, password, '--subject', 'user-1');
    client = await world.command('client', 'add', 'Assistant', '--pkce', 'optional', '--redirect-uri', redirect);
    token = (await obtain(world, client, { email, password, redirect })).access_token;
  });
  after(() => world?.stop());

  const post = (message, { bearer = token, headers = {}, signal } = {}) => fetch(`${world.issuer}/mcp`, {
    method: 'POST', signal, body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...bearer && { authorization: `Bearer ${bearer}` }, ...headers },
  });

  /** A request of the release 2026-07-28. */
  function postModern(id, method, params, options = {}) {
    const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {}, ...options.meta };
    const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, ...params.name && { 'mcp-name': params.name } };
    return post({ id, method, params: { ...params, _meta } }, { ...options, headers });
  }

  test('RFC 9728 §3.3, §5.1: the challenge leads to the metadata of the address itself', async () => {
    const refused = await post({ id: 1, method: 'initialize', params: {} }, { bearer: '' });
    assert.equal(refused.status, 401);
    const [, where] = /resource_metadata="([^"]*)"/.exec(refused.headers.get('www-authenticate'));
    assert.equal(where, `${world.issuer}/.well-known/oauth-protected-resource/mcp`);
    const metadata = await (await fetch(where)).json();
    assert.equal(metadata.resource, `${world.issuer}/mcp`);
    assert.deepEqual(metadata.authorization_servers, [world.issuer]);
    assert.deepEqual(metadata.scopes_supported, ['todos.read', 'todos.write']);
    assert.equal((await (await fetch(`${world.issuer}/.well-known/oauth-protected-resource`)).json()).resource, world.issuer);
  });

  test('the newest release: no handshake, the headers say what the body does', async () => {
    const discovered = (await (await postModern(1, 'server/discover', {})).json()).result;
    assert.deepEqual(discovered.supportedVersions, ['2026-07-28', '2025-11-25', '2025-06-18']);
    const { result } = await (await postModern(2, 'tools/call', { name: 'addTodo', arguments: { text: 'bread' } })).json();
    assert.equal(result.resultType, 'complete');
    assert.equal(result.structuredContent.text, 'bread');
    const mismatch = await post({ id: 3, method: 'tools/list', params: {} }, { headers: { 'mcp-protocol-version': '2026-07-28' } });
    assert.equal(mismatch.status, 400);
    assert.equal((await postModern(4, 'resources/list', {})).status, 404);
  });

  test('a scope that is missing: 403, with all that the operation needs', async () => {
    const narrow = await obtain(world, client, { email, password, redirect, scope: 'todos.read' });
    const refused = await postModern(1, 'tools/call', { name: 'addTodo', arguments: { text: 'x' } }, { bearer: narrow.access_token });
    assert.equal(refused.status, 403);
    assert.match(refused.headers.get('www-authenticate'), /error="insufficient_scope".*scope="todos\.write", resource_metadata="[^"]*\/mcp"/);
    assert.equal((await refused.json()).result.isError, true);
  });

  // RFC 9068 §4, THREATS N02: a token for another resource, though of this server and with the scopes, is of no use here.
  test('a token for another API opens no tool', async () => {
    const answer = await fetch(`${world.issuer}/oauth/token`, { method: 'POST', body: new URLSearchParams({
      grant_type: 'client_credentials', resource: 'https://notes.example/mcp', ...await world.command('client', 'add', 'Machine', '--grant', 'client_credentials') }) });
    const { access_token: foreign } = await answer.json();
    const refused = await postModern(1, 'tools/list', {}, { bearer: foreign });
    assert.equal(refused.status, 401);
    assert.match(refused.headers.get('www-authenticate'), /error="invalid_token"/);
  });

  test('the address with a slash at its end is the same server', async () => {
    const answer = await fetch(`${world.issuer}/mcp/`, { method: 'POST', body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', authorization: `Bearer ${token}` } });
    assert.deepEqual(await answer.json(), { jsonrpc: '2.0', id: 1, result: {} });
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const refused = await fetch(`${world.issuer}/mcp/`, { method: 'POST', body: '{}' });
    const [, where] = /resource_metadata="([^"]*)"/.exec(refused.headers.get('www-authenticate'));
    assert.equal((await (await fetch(where)).json()).resource, `${world.issuer}/mcp/`, 'RFC 9728 §3.3: the URL that was used');
  });

  test('a call that takes a while becomes a stream; progress comes where it is asked for', async () => {
    const answer = await postModern('w', 'tools/call', { name: 'watchTodos', arguments: {} }, { meta: { progressToken: 'p' } });
    assert.equal(answer.headers.get('content-type'), 'text/event-stream');
    const numbers = [];
    for await (const { method, params } of readEvents(answer)) {
      assert.deepEqual([method, params.progressToken], ['notifications/progress', 'p']);
      numbers.push(params.progress);
      if (numbers.length === 2) break;
    }
    assert.deepEqual(numbers, [1, 2]);
  });

  test('notifications/cancelled ends the stream of a call without a result', async () => {
    const answer = await post({ id: 'long', method: 'tools/call', params: { name: 'watchTodos', arguments: {} } });
    const messages = (async () => {
      const seen = [];
      for await (const message of readEvents(answer)) seen.push(message);
      return seen;
    })();
    assert.equal((await post({ method: 'notifications/cancelled', params: { requestId: 'other' } })).status, 202);
    assert.equal((await post({ method: 'notifications/cancelled', params: { requestId: 'long' } })).status, 202);
    assert.deepEqual(await messages, []);
  });

  // THREATS N13.
  test('a stream of changes ends with its token', async () => {
    const { access_token } = await obtain(world, client, { email, password, redirect });
    const answer = await postModern('s', 'subscriptions/listen', { notifications: { toolsListChanged: true } }, { bearer: access_token });
    const events = readEvents(answer);
    assert.equal((await events.next()).value.method, 'notifications/subscriptions/acknowledged');
    const { client_id, client_secret } = client;
    await fetch(`${world.issuer}/oauth/revoke`, { method: 'POST', body: new URLSearchParams({ client_id, client_secret, token: access_token }) });
    await assert.rejects(events.next());
  });

  // THREATS N13.
  test('the stream of a call ends with its token, though the API has nothing to say', async () => {
    const { access_token } = await obtain(world, client, { email, password, redirect });
    const answer = await postModern('c', 'tools/call', { name: 'watchTodos', arguments: {} }, { bearer: access_token });
    assert.equal(answer.headers.get('content-type'), 'text/event-stream');
    const { client_id, client_secret } = client;
    await fetch(`${world.issuer}/oauth/revoke`, { method: 'POST', body: new URLSearchParams({ client_id, client_secret, token: access_token }) });
    const seen = [];
    try {
      for await (const message of readEvents(answer)) seen.push(message);
    } catch {
      // It may end with an error of the call, or break off.
    }
    assert.ok(seen.every(({ result }) => result.isError), JSON.stringify(seen));
  });

  test('each call stands once in the ledger, as one of this door', async () => {
    const counted = await world.command('client', 'add', 'Counted', '--pkce', 'optional', '--redirect-uri', redirect);
    const { access_token } = await obtain(world, counted, { email, password, redirect });
    assert.equal((await postModern(1, 'tools/call', { name: 'listTodos', arguments: {} }, { bearer: access_token })).status, 200);
    // They are written a moment after they were made.
    let calls = [];
    for (let i = 0; i < 50 && calls.length === 0; i += 1) {
      await new Promise((done) => setTimeout(done, 100));
      const { code, stdout, stderr } = await run(chatelaine, ['ledger', 'export', '--calls', '--config', world.config]);
      assert.equal(code, 0, stderr);
      calls = stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line)).filter((one) => one.client_id === counted.client_id);
    }
    assert.deepEqual(calls.map(({ door, operation, status }) => [door, operation, status]), [['mcp', 'listTodos', 200]]);
  });

  test('other methods, and pages of other origins', async () => {
    const options = { headers: { authorization: `Bearer ${token}` } };
    assert.equal((await fetch(`${world.issuer}/mcp`, { method: 'PUT', ...options })).status, 405);
    const ended = await fetch(`${world.issuer}/mcp`, { method: 'DELETE', ...options });
    assert.deepEqual([ended.status, ended.headers.get('allow')], [405, 'POST, GET, HEAD, OPTIONS'], 'no session is kept that could end');
    const told = await run(chatelaine, ['trace', ended.headers.get('x-request-id'), '--config', world.config]);
    assert.match(told.stdout + told.stderr, /nothing is recorded/i, 'and nothing has failed');
    assert.equal((await fetch(`${world.issuer}/mcp`, { method: 'DELETE' })).status, 401);
    assert.equal((await post({ id: 1, method: 'ping' }, { headers: { origin: 'https://evil.example' } })).status, 403);
    for (const origin of ['https://chatgpt.com', 'https://claude.ai', world.issuer]) assert.equal((await post({ id: 1, method: 'ping' }, { headers: { origin } })).status, 200);
  });
});

test('RFC 9728 §2, §5.1: an API that a proxy guards is described, and one that nobody guards is not', async () => {
  const world = await World.start({ withHost: false, hasUpstream: false, top: 'trusted_proxies = ["127.0.0.1"]', api: 'check = true' });
  try {
    const root = `${world.issuer}/.well-known/oauth-protected-resource`;
    assert.equal((await (await fetch(root)).json()).resource, world.issuer);
    const refused = await fetch(`${world.issuer}/oauth/check/todos`);
    assert.equal(refused.status, 401);
    assert.ok(refused.headers.get('www-authenticate').endsWith(`resource_metadata="${root}"`));
    writeFileSync(world.config, readFileSync(world.config, 'utf8').replace('check = true', ''));
    world.provider.child.kill('SIGHUP');
    while ((await fetch(root)).status !== 404) await new Promise((done) => setTimeout(done, 50));
  } finally {
    await world.stop();
  }
});

test('without [mcp] the path is the API\'s', async () => {
  const world = await World.start({ withHost: false, resources: '[mcp]\nenabled = false' });
  try {
    await world.addUser(email, password, '--subject', 'user-1');
    const client = await world.command('client', 'add', 'Assistant', '--pkce', 'optional', '--redirect-uri', redirect);
    const { access_token } = await obtain(world, client, { email, password, redirect });
    const headers = { authorization: `Bearer ${access_token}` };
    assert.equal((await fetch(`${world.issuer}/mcp`, { method: 'POST', headers, body: '{}' })).status, 404);
    assert.equal((await fetch(`${world.issuer}/.well-known/oauth-protected-resource/mcp`, { headers })).status, 404);
    const refused = await fetch(`${world.issuer}/oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, resource: `${world.issuer}/mcp` })}`, { redirect: 'manual' });
    assert.match(refused.headers.get('location'), /error=invalid_target/);
  } finally {
    await world.stop();
  }
});
