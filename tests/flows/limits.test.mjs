// What may be tried only so often, at a real server behind a proxy (X-Forwarded-For counts from `trusted_proxies`): strangers are slowed, and the owners of
// accounts and clients are not locked out by them. What an operator changes counts after SIGHUP.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { closesWithinASecond } from '../world/closing.mjs';
import { answerDevice, obtainTokens } from '../world/sign_in.mjs';
import { Visitor } from '../world/visitor.mjs';
import { World } from '../world/world.mjs';

const password = 'correct horse battery staple';
const email = 'ada@example.com';

/** A browser, or a program, that the proxy has seen at that address. */
class VisitorFrom extends Visitor {
  constructor(address) {
    super();
    this.address = address;
  }

  request(url, { headers = {}, ...more } = {}) {
    return super.request(url, { headers: { ...headers, 'x-forwarded-for': this.address }, ...more });
  }
}

describe('limits', () => {
  let world;
  let client;

  before(async () => {
    world = await World.start({ withHost: false, top: 'trusted_proxies = ["127.0.0.1"]' });
    await world.addUser(email, password);
    client = await world.command('client', 'add', 'Worker', '--grant', 'client_credentials');
  });
  after(() => world?.stop());

  const signIn = async (visitor, typed, whose = email) => visitor.signIn(await visitor.get(`${world.issuer}/sign-in`), whose, typed);
  const authenticate = (address, client_secret, client_id = client.client_id) =>
    fetch(`${world.issuer}/oauth/token`, {
      method: 'POST',
      headers: { 'x-forwarded-for': address },
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret }),
    });

  /** Changes the configuration as an operator does, and waits until it counts. */
  async function reload(from, to, counts) {
    const text = readFileSync(world.config, 'utf8');
    assert.ok(text.includes(from));
    writeFileSync(world.config, text.replace(from, to));
    world.provider.child.kill('SIGHUP');
    const deadline = Date.now() + 5000;
    while (!(await counts())) {
      assert.ok(Date.now() < deadline, 'the change did not count after SIGHUP');
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  test('RFC 6585 §4: the owner signs in where she did before while strangers hammer her account', async () => {
    const owner = new VisitorFrom('203.0.113.1');
    assert.equal((await signIn(owner, password)).status, 303);
    await owner.submit((await owner.get(`${world.issuer}/sign-out`)).form(/sign out/i), {}, /sign out/i);
    assert.notEqual((await owner.get(`${world.issuer}/account`)).status, 200);

    for (let i = 0; i < 10; ++i) assert.equal((await signIn(new VisitorFrom(`198.51.100.${i}`), `guess ${i}`)).status, 422);
    const stranger = await signIn(new VisitorFrom('198.51.100.77'), 'guess');
    assert.equal(stranger.status, 429);
    assert.ok(Number(stranger.headers.get('retry-after')) > 0 && Number(stranger.headers.get('retry-after')) <= 30);

    const elsewhere = await signIn(new VisitorFrom('203.0.113.1'), password);
    assert.equal(elsewhere.status, 429, 'in a browser that nobody knows the limit holds');
    assert.equal((await signIn(owner, password)).status, 303);
    assert.equal((await owner.get(`${world.issuer}/account`)).status, 200);
    assert.equal((await signIn(new VisitorFrom('198.51.100.78'), 'guess')).status, 429, 'and strangers wait on');
  });

  // An account is never locked: it waits at the sign-in alone. Otherwise strangers could end anybody's assistants; and the wait keeps nothing alive either.
  test('THREATS N53: what runs for an account goes on while it waits, and ends with it', async () => {
    const grace = 'grace@example.com';
    const redirect = 'https://assistant.example/callback';
    await world.addUser(grace, password);
    const assistant = await world.command('client', 'add', 'Assistant', '--pkce', 'optional', '--redirect-uri', redirect, '--grant', 'authorization_code,refresh_token,device_code');
    const visitor = new VisitorFrom('203.0.113.9');
    let tokens = await obtainTokens(world, assistant, { email: grace, password, redirect, visitor });
    const post = (path, fields) => fetch(`${world.issuer}${path}`, { method: 'POST', body: new URLSearchParams({ client_id: assistant.client_id, client_secret: assistant.client_secret, ...fields }) });
    const letIn = async () => {
      const device = await (await post('/oauth/device_authorization', {})).json();
      await answerDevice(device.verification_uri_complete, { email: grace, password, visitor }, /Allow/);
      return device;
    };
    const poll = ({ device_code }) => post('/oauth/token', { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code });
    const refresh = () => post('/oauth/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
    const callApi = async () => (await fetch(`${world.issuer}/todos`, { headers: { authorization: `Bearer ${tokens.access_token}` } })).status;
    const isMadeToWait = async () => (await signIn(new VisitorFrom('198.51.100.199'), 'guess', grace)).status === 429;

    const [one, other] = [await letIn(), await letIn()];
    for (let i = 0; i < 10; ++i) assert.equal((await signIn(new VisitorFrom(`198.51.100.${100 + i}`), `guess ${i}`, grace)).status, 422);
    assert.ok(await isMadeToWait());
    assert.equal(await callApi(), 200);
    const refreshed = await refresh();
    assert.equal(refreshed.status, 200);
    tokens = await refreshed.json();
    assert.equal((await poll(one)).status, 200);
    assert.equal((await visitor.get(`${world.issuer}/account`)).status, 200);

    assert.ok(await isMadeToWait());
    await world.command('user', 'disable', grace);
    const since = Date.now();
    await closesWithinASecond('the API', async () => (await callApi()) !== 401, since);
    await new Promise((done) => setTimeout(done, Math.max(0, since + 1000 - Date.now())));
    for (const answer of [await refresh(), await poll(other)]) assert.deepEqual([answer.status, (await answer.json()).error], [400, 'invalid_grant']);
    assert.notEqual((await visitor.get(`${world.issuer}/account`)).status, 200);
  });

  test('RFC 6749 §2.3.1: guesses of a client secret are slowed, and the client goes on', async () => {
    for (let i = 0; i < 10; ++i) assert.equal((await authenticate('198.51.100.1', `guess-${i}`)).status, 401);
    const refused = await authenticate('198.51.100.1', 'guess');
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    assert.equal((await refused.json()).error, 'temporarily_unavailable');
    assert.equal((await authenticate('198.51.100.2', 'guess')).status, 401, 'another address has its own');
    for (const address of ['198.51.100.1', '203.0.113.5']) assert.equal((await authenticate(address, client.client_secret)).status, 200);
  });

  test('changed limits count after SIGHUP', async () => {
    for (let i = 0; i < 10; ++i) await authenticate('198.51.100.3', 'guess');
    assert.equal((await authenticate('198.51.100.3', 'guess')).status, 429);
    await reload('[limits]', '[limits]\nsecret_failures_per_client = 12', async () => (await authenticate('198.51.100.3', 'guess')).status === 401);
  });

  test('a flow that is switched off is gone after SIGHUP, and its path does not lead to the API', async () => {
    const introspect = () =>
      fetch(`${world.issuer}/oauth/introspect`, { method: 'POST', body: new URLSearchParams({ token: 'x', client_id: client.client_id, client_secret: client.client_secret }) });
    const metadata = async () => (await fetch(`${world.issuer}/.well-known/oauth-authorization-server`)).json();
    assert.equal((await introspect()).status, 200);
    await reload('[flows]', '[flows]\nintrospection = false\nclient_credentials = false', async () => (await introspect()).status === 404);
    assert.equal((await (await introspect()).json()).error, 'not_found');
    assert.equal((await metadata()).introspection_endpoint, undefined);
    assert.deepEqual((await metadata()).grant_types_supported, ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code']);
    assert.equal((await (await authenticate('203.0.113.5', client.client_secret)).json()).error, 'unsupported_grant_type');
    await reload('introspection = false', 'introspection = true', async () => (await introspect()).status === 200);

    const isThere = async (path) => (await fetch(`${world.issuer}${path}`, { redirect: 'manual' })).status !== 404;
    assert.ok((await isThere('/oauth/authorize')) && (await isThere('/.well-known/ai-plugin.json')));
    await reload('client_credentials = false', 'authorization_code = false', async () => !(await isThere('/oauth/authorize')));
    assert.ok(!(await isThere('/.well-known/ai-plugin.json')), 'a plugin signs people in');
  });
});
