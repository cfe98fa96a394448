// Keeping a connection fresh, from both sides: the host's single flight, the provider's grace window, and theft.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Visitor } from '../world/visitor.mjs';
import { World } from '../world/world.mjs';
import { obtainTokens } from '../world/sign_in.mjs';

const email = 'person@example.com';
const password = 'correct horse battery staple';
const redirect = 'https://assistant.example/callback';
const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** From nothing to a user who is connected to the installed plugin. */
async function connect(world) {
  await world.addUser(email, password);
  await world.addHostUser(email, password);
  const plugin = await world.installPlugin();
  await world.hostCommand('plugin', 'verify', plugin.plugin_id);
  const visitor = new Visitor();
  const { connect_url: url } = await world.hostCommand('plugin', 'connect', plugin.plugin_id, '--user', email);
  const signIn = await visitor.follow(await visitor.get(url));
  const consent = await visitor.follow(await visitor.signIn(signIn, email, password));
  const done = await visitor.follow(await visitor.submit(consent.form(/Allow/), {}, /allow/i));
  assert.equal(done.status, 200, done.words);
  return plugin;
}

const refreshesIn = (world) => world.tap.to('/oauth/token').filter(({ body }) => body.includes('refresh_token'));

describe('the host refreshes', () => {
  const life = 8;
  let world;
  let plugin;

  before(async () => {
    // Long enough for many processes to start within one life, short enough to wait for its end.
    world = await World.start({ tokens: `access_lifetime = "${life}s"` });
    plugin = await connect(world);
  });
  after(() => world?.stop());

  const refreshes = () => refreshesIn(world);
  const call = () => world.hostCommand('plugin', 'call', plugin.plugin_id, 'listTodos', '--user', email);

  test('an expired token is refreshed before the call', async () => {
    await wait(life * 1000 + 100);
    world.tap.clear();
    assert.equal((await call()).status, 200);
    assert.equal(refreshes().length, 1);
    assert.ok(world.tap.to('/todos').every(({ status }) => status === 200), 'no call was made with the expired token');
  });

  // A hundred within one process: src/host/call_test.cpp.
  test('concurrent calls from many processes cause one refresh', async () => {
    await wait(life * 1000 + 100);
    world.tap.clear();
    const start = Date.now();
    const answers = await Promise.all(Array.from({ length: 24 }, call));
    assert.ok(answers.every(({ status }) => status === 200));
    // On a busy machine they may outlast a life: as many refreshes as lives, and never two at once.
    const lives = Math.ceil((Date.now() - start) / (life * 1000 * 0.8));
    assert.ok(refreshes().length >= 1 && refreshes().length <= lives, `${refreshes().length} refreshes in ${lives} possible lives`);
    const generations = refreshes().map(({ body }) => body.match(/ctl_rt_[\w-]+/)[0]);
    assert.equal(new Set(generations).size, generations.length, 'one refresh token was sent twice');
  });
});

test('a token that the provider no longer takes is refreshed once after a 401', async () => {
  const world = await World.start({ tokens: 'access_lifetime = "10m"' });
  try {
    const plugin = await connect(world);
    const call = () => world.hostCommand('plugin', 'call', plugin.plugin_id, 'listTodos', '--user', email);
    assert.equal((await call()).status, 200);
    const [{ kid }] = (await world.command('key', 'list')).filter(({ purpose }) => purpose === 'sign_tokens');
    await world.command('key', 'rotate', '--now');
    await world.command('key', 'retire', kid);
    await wait(1100);
    world.tap.clear();
    assert.equal((await call()).status, 200);
    assert.deepEqual(world.tap.to('/todos').map(({ status }) => status), [401, 200]);
    assert.equal(refreshesIn(world).length, 1);
  } finally {
    await world.stop();
  }
});

describe('the provider\'s refresh tokens', () => {
  let world;
  let client;
  before(async () => {
    world = await World.start({ withHost: false, tokens: 'refresh_grace = "2s"' });
    await world.addUser(email, password);
    client = await world.command('client', 'add', 'Assistant', '--pkce', 'optional', '--redirect-uri', redirect);
  });
  after(() => world?.stop());

  const refresh = async (refresh_token) => {
    const answer = await fetch(`${world.issuer}/oauth/token`, {
      method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', client_id: client.client_id, client_secret: client.client_secret, refresh_token }),
    });
    return { status: answer.status, ...(await answer.json()) };
  };

  test('fifteen concurrent refreshes with one token: one successor', async () => {
    const { refresh_token } = await obtainTokens(world, client, { email, password, redirect });
    // The grace window serves twenty beside the winner; the bound is tested below storage.
    const answers = await Promise.all(Array.from({ length: 15 }, () => refresh(refresh_token)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal(new Set(answers.map((answer) => answer.refresh_token)).size, 1);
    assert.equal((await refresh(answers[0].refresh_token)).status, 200);
  });

  test('outside the grace window the old token is theft: the grant ends', async () => {
    const { refresh_token } = await obtainTokens(world, client, { email, password, redirect });
    const second = await refresh(refresh_token);
    assert.equal(second.status, 200);
    await wait(2300);
    assert.deepEqual([(await refresh(refresh_token)).error], ['invalid_grant']);
    assert.deepEqual([(await refresh(second.refresh_token)).error], ['invalid_grant']);
  });

  test('theft ends only the grant that it touches', async () => {
    const first = await obtainTokens(world, client, { email, password, redirect });
    const other = await obtainTokens(world, client, { email, password, redirect });
    const a = await refresh(first.refresh_token);
    await refresh(a.refresh_token);
    assert.equal((await refresh(first.refresh_token)).error, 'invalid_grant');
    assert.equal((await refresh(other.refresh_token)).status, 200);
  });
});
