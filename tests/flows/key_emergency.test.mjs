// A signing key is lost to somebody (THREATS N51): one command ends it in every process that works on the storage, within a second, while the sign-ins
// and the grants of people go on. Two servers share a database, as two nodes behind a balancer do.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { closesWithinASecond } from '../world/closing.mjs';
import { Visitor } from '../world/visitor.mjs';
import { allow } from '../world/sign_in.mjs';
import { freePort, World } from '../world/world.mjs';

const email = 'person@example.com';
const password = 'correct horse battery staple';
const redirect = 'https://assistant.example/callback';

describe('a signing key is retired in an emergency', () => {
  let world;
  let second;
  let servers;
  let client;
  const visitor = new Visitor();

  before(async () => {
    world = await World.start({ withHost: false, tapApi: true });
    await world.addUser(email, password);
    client = await world.command('client', 'add', 'Assistant', '--pkce', 'optional', '--id-token-alg', 'RS256', '--redirect-uri', redirect);
    const listen = `127.0.0.1:${await freePort()}`;
    const config = join(world.folder, 'second.toml');
    writeFileSync(config, readFileSync(world.config, 'utf8').replace(`listen = "${world.listen}"`, `listen = "${listen}"`));
    second = world.launch('serve', config);
    await second.ready;
    servers = [`http://${world.listen}`, `http://${listen}`];
  });
  after(async () => {
    await second?.stop();
    await world?.stop();
  });

  const post = (server, path, fields) =>
    fetch(`${server}${path}`, { method: 'POST', body: new URLSearchParams({ client_id: client.client_id, client_secret: client.client_secret, ...fields }) });
  const callApi = async (server, token) => (await fetch(`${server}/todos`, { headers: { authorization: `Bearer ${token}` } })).status;
  const kidOf = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid;
  const kidInUse = async (wanted) => (await world.command('key', 'list')).find(({ algorithm, state }) => algorithm === wanted && state === 'in use').kid;
  /** The key under which the gateway last told the API who calls. */
  const lastAssertedBy = () => kidOf(world.apiTap.to('/todos').at(-1).headers['chatelaine-assertion']);
  async function obtain(scope) {
    const query = new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope });
    const code = new URL(await allow(`${world.issuer}/oauth/authorize?${query}`, { email, password, visitor })).searchParams.get('code');
    return (await post(servers[0], '/oauth/token', { grant_type: 'authorization_code', code, redirect_uri: redirect })).json();
  }
  const publishedAt = async (server) => (await (await fetch(`${server}/oauth/jwks`)).json()).keys.map(({ kid }) => kid);

  test('its tokens end everywhere within a second; sessions and grants go on under another key', async () => {
    const tokens = await obtain('');
    for (const server of servers) assert.equal(await callApi(server, tokens.access_token), 200);

    const kid = await kidInUse('ES256');
    assert.equal(lastAssertedBy(), kid);
    for (const server of servers) assert.ok((await publishedAt(server)).includes(kid));
    await world.command('key', 'retire', kid, '--force');
    const since = Date.now();
    for (const server of servers) {
      await closesWithinASecond(`the API at ${server}`, async () => (await callApi(server, tokens.access_token)) !== 401, since);
      assert.ok(!(await publishedAt(server)).includes(kid));
      // Who verifies by the JWKS alone asks again within a minute.
      assert.equal((await fetch(`${server}/oauth/jwks`)).headers.get('cache-control'), 'public, max-age=60');
    }

    assert.equal((await visitor.get(`${world.issuer}/account`)).status, 200);
    const refreshed = await post(servers[1], '/oauth/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
    assert.equal(refreshed.status, 200);
    const { access_token: renewed } = await refreshed.json();
    for (const server of servers) {
      assert.equal(await callApi(server, renewed), 200);
      assert.notEqual(lastAssertedBy(), kid, 'the API is told under another key, too');
    }
    assert.notEqual(kidOf(renewed), kid);
  });

  test('an ID token that it signed is no hint any more, at any of them; the other algorithm\'s tokens are left alone', async () => {
    const tokens = await obtain('openid todos.read');
    const kid = await kidInUse('RS256');
    assert.equal(kidOf(tokens.id_token), kid);
    const hint = new URLSearchParams({ id_token_hint: tokens.id_token });
    const silent = new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope: 'openid', prompt: 'none', id_token_hint: tokens.id_token });
    const askSilently = async (server) => {
      const answer = await fetch(`${server}/oauth/authorize?${silent}`, { redirect: 'manual' });
      return new URL(answer.headers.get('location')).searchParams.get('error');
    };
    for (const server of servers) {
      assert.equal(await askSilently(server), 'login_required', 'a good hint of somebody who is not signed in here');
      assert.equal((await fetch(`${server}/oauth/logout?${hint}`)).status, 200);
    }

    await world.command('key', 'retire', kid, '--force');
    const since = Date.now();
    for (const server of servers) {
      await closesWithinASecond(`the authorization endpoint at ${server}`, async () => (await askSilently(server)) !== 'invalid_request', since);
      assert.equal((await fetch(`${server}/oauth/logout?${hint}`)).status, 400);
      assert.ok(!(await publishedAt(server)).includes(kid));
      assert.equal(await callApi(server, tokens.access_token), 200);
    }

    const refreshed = await post(servers[1], '/oauth/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
    assert.equal(refreshed.status, 200);
    const renewed = kidOf((await refreshed.json()).id_token);
    assert.notEqual(renewed, kid);
    for (const server of servers) assert.ok((await publishedAt(server)).includes(renewed));
  });
});
