// An administrator finds in the browser why a sign-in failed: from the request's id that a client's author sends to the cause and what led to it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { allow } from '../world/sign_in.mjs';
import { Visitor } from '../world/visitor.mjs';
import { World } from '../world/world.mjs';

const administrator = { email: 'root@example.com', password: 'a password that only administrators know' };
const person = { email: 'ada@example.com', password: 'correct horse battery staple' };
const redirect = 'http://127.0.0.1:9/callback';

describe('the pages for administrators', () => {
  let world;
  let client;

  before(async () => {
    world = await World.start({ withHost: false, admin: 'enabled = true' });
    await world.addUser(administrator.email, administrator.password, '--role', 'administrator');
    await world.addUser(person.email, person.password);
    client = await world.command('client', 'add', 'Todo Helper', '--redirect-uri', redirect, '--pkce', 'optional');
  });
  after(() => world?.stop());

  const enter = async ({ email, password }, path = '/admin') => {
    const visitor = new Visitor();
    const signIn = await visitor.follow(await visitor.get(`${world.issuer}${path}`));
    assert.match(signIn.url, /\/sign-in\?return_to=/);
    const page = await visitor.follow(await visitor.signIn(signIn, email, password));
    return { visitor, page };
  };
  const exchange = async (code, more = {}) => {
    const body = new URLSearchParams({ grant_type: 'authorization_code', client_id: client.client_id, client_secret: client.client_secret, code, redirect_uri: redirect, ...more });
    return fetch(`${world.issuer}/oauth/token`, { method: 'POST', body });
  };
  /** What is recorded is written within a second. */
  const until = async (look) => {
    for (const deadline = Date.now() + 10_000; ; await new Promise((done) => setTimeout(done, 100))) {
      const page = await look();
      if (page.status === 200) return page;
      assert.ok(Date.now() < deadline, page.words);
    }
  };

  test('a sign-in leads back to where the administrator wanted to go; the clients are there with what is weak about them', async () => {
    const { page } = await enter(administrator);
    assert.equal(page.url, `${world.issuer}/admin`);
    assert.equal(page.status, 200);
    assert.match(page.words, /1 client/);
    assert.match(page.words, /Todo Helper .*PKCE is optional: a stolen code needs no verifier/);
    assert.ok(page.words.includes(`chatelaine client update ${client.client_id} --pkce required`), page.words);
    assert.equal(page.headers.get('cache-control'), 'no-store');
  });

  test('a failed exchange is found under the X-Request-Id of its answer, with the steps before it', async () => {
    const query = new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope: 'todos.read', state: 's' });
    const location = await allow(`${world.issuer}/oauth/authorize?${query}`, person);
    const answer = await exchange(new URL(location).searchParams.get('code'), { redirect_uri: `${redirect}/other` });
    assert.equal(answer.status, 400);
    const id = answer.headers.get('x-request-id');
    assert.match(id, /^[0-9a-f]{16}$/);

    const { visitor, page } = await enter(administrator, '/admin/flows');
    assert.equal(page.url, `${world.issuer}/admin/flows`);
    const flow = await until(async () => visitor.follow(await visitor.get(`${world.issuer}/admin/flows?request=${id.toUpperCase()}`)));
    assert.equal(flow.url, `${world.issuer}/admin/flows/${id}`);
    assert.match(flow.words, /Token request failed .*redirect_uri/);
    assert.match(flow.words, /Authorization request went on .*Consent went on .*Token request failed/, 'in the order in which it happened');
    assert.ok(flow.words.includes(person.email), flow.words);
    assert.ok(flow.text.includes(`href="/admin/flows?client=${client.client_id}"`));

    const list = await visitor.get(`${world.issuer}/admin/flows?client=${client.client_id}`);
    assert.ok(list.text.includes(`href="/admin/flows/${id}"`), list.words);
    assert.equal((await visitor.get(`${world.issuer}/admin/flows/0000000000000000`)).status, 404);
  });

  test('THREATS N36: whoever is no administrator is told so; HEAD is answered, nothing is changed', async () => {
    const { visitor, page } = await enter(person);
    assert.equal(page.status, 403);
    assert.match(page.words, /ada@example\.com, who is no administrator\./);
    for (const path of ['/admin/flows', '/admin/flows/0000000000000000']) assert.equal((await visitor.get(`${world.issuer}${path}`)).status, 403);
    assert.ok(!(await visitor.get(`${world.issuer}/account`)).words.includes('Administration'));
    const { visitor: root } = await enter(administrator);
    assert.ok((await root.get(`${world.issuer}/account`)).text.includes('href="/admin"'));
    assert.equal((await root.request(`${world.issuer}/admin`, { method: 'HEAD' })).status, 200);
    assert.equal((await root.request(`${world.issuer}/admin`, { method: 'POST', body: '' })).status, 405);
  });

  test('THREATS N36: whose role is taken away is turned away at the next request', async () => {
    const { visitor, page } = await enter(administrator);
    assert.equal(page.status, 200);
    await world.command('user', 'set-role', administrator.email, 'user');
    assert.equal((await visitor.get(`${world.issuer}/admin`)).status, 403);
    await world.command('user', 'set-role', administrator.email, 'administrator');
    assert.equal((await visitor.get(`${world.issuer}/admin`)).status, 200);
  });

  test('THREATS N36: switched off they are gone as soon as the server has read its file again', async () => {
    const { visitor } = await enter(administrator);
    writeFileSync(world.config, readFileSync(world.config, 'utf8').replace('[admin]\nenabled = true', '[admin]\nenabled = false'));
    world.provider.child.kill('SIGHUP');
    for (const deadline = Date.now() + 10_000; (await visitor.get(`${world.issuer}/admin`)).status !== 404; await new Promise((done) => setTimeout(done, 50)))
      assert.ok(Date.now() < deadline, 'the pages are still there');
    assert.equal((await visitor.get(`${world.issuer}/admin/flows`)).status, 404);
    assert.ok(!(await visitor.get(`${world.issuer}/account`)).words.includes('Administration'));
    const closed = await new Visitor().get(`${world.issuer}/admin`);
    assert.equal(closed.status, 404, 'also for who is not signed in');
  });
});
