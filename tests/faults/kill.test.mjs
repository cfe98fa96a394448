// kill -9 of the provider in the middle of many exchanges (THREATS L1): nothing acknowledged is lost, and no code is spent twice.
// A thousand exchanges by default; ten thousand with CHATELAINE_FAULTS=long.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Visitor } from '../world/visitor.mjs';
import { World } from '../world/world.mjs';

const exchanges = process.env.CHATELAINE_FAULTS === 'long' ? 10_000 : 1_000;
const workers = 16;
const killEvery = 1_500;
const redirect = 'https://assistant.example/callback';
const email = 'person@example.com';
const password = 'correct horse battery staple';

/** Runs `work` for every item, `workers` at a time. */
async function each(items, work) {
  let next = 0;
  await Promise.all(Array.from({ length: workers }, async () => {
    while (next < items.length) await work(items[next++]);
  }));
}

describe(`kill -9 in the middle of ${exchanges} exchanges`, () => {
  let world;
  let client;
  let post;
  const codes = [];
  /** code → the first answer that was acknowledged with 200 */
  const acknowledged = new Map();
  const serverErrors = [];

  before(async () => {
    world = await World.start({ withHost: false, tokens: 'code_lifetime = "10m"\nrefresh_grace = "0s"' });
    await world.addUser(email, password);
    client = await world.command('client', 'add', 'Assistant', '--pkce', 'optional', '--redirect-uri', redirect);
    post = async (path, parameters) => {
      const answer = await fetch(`http://${world.listen}${path}`, {
        method: 'POST', body: new URLSearchParams({ client_id: client.client_id, client_secret: client.client_secret, ...parameters }),
      });
      const body = await answer.json();
      if (answer.status >= 500) serverErrors.push(`${path}: ${answer.status} ${JSON.stringify(body)}`);
      return { status: answer.status, body };
    };
    const visitor = new Visitor();
    const url = `${world.issuer}/oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope: '' })}`;
    const consent = await visitor.follow(await visitor.signIn(await visitor.follow(await visitor.get(url)), email, password));
    await visitor.submit(consent.form(/Allow/), {}, /allow/i);
    await each(Array.from({ length: exchanges }), async () => {
      const page = await visitor.get(url);
      codes.push(new URL(page.location).searchParams.get('code'));
    });
    assert.equal(new Set(codes).size, exchanges);
  });
  after(() => world?.stop());

  test('every exchange is answered or can be tried again', async () => {
    let kills = 0;
    let running = true;
    const killer = (async () => {
      while (running) {
        await new Promise((done) => setTimeout(done, kills === 0 ? 300 : killEvery));
        if (!running) break;
        await world.provider.kill();
        ++kills;
        await world.startProvider();
      }
    })();
    await each(codes, async (code) => {
      for (let tries = 0; ; ++tries) {
        assert.ok(tries < 2_000, 'the provider did not come back');
        try {
          const { status, body } = await post('/oauth/token', { grant_type: 'authorization_code', code, redirect_uri: redirect });
          if (status === 200) {
            assert.ok(!acknowledged.has(code), 'a code was spent twice');
            acknowledged.set(code, body);
          } else {
            // The answer to the first try was lost with the process: not acknowledged, and rightly refused now.
            assert.deepEqual([status, body.error], [400, 'invalid_grant']);
            assert.ok(tries > 0, 'a fresh code was refused');
          }
          return;
        } catch (error) {
          if (error instanceof assert.AssertionError) throw error;
          await new Promise((done) => setTimeout(done, 20));
        }
      }
    });
    running = false;
    await killer;
    assert.ok(kills >= 1, 'nothing was killed in between');
    assert.ok(acknowledged.size > exchanges * 0.8, `only ${acknowledged.size} of ${exchanges} were acknowledged`);
    assert.deepEqual(serverErrors, []);
  });

  test('every acknowledged grant is there: its access token is active and its refresh token works, once', async () => {
    const lost = [];
    await each([...acknowledged.values()], async ({ access_token, refresh_token }) => {
      const { body } = await post('/oauth/introspect', { token: access_token });
      if (body.active !== true) lost.push(access_token);
      const refreshed = await post('/oauth/token', { grant_type: 'refresh_token', refresh_token });
      if (refreshed.status !== 200) lost.push(refresh_token);
    });
    assert.equal(lost.length, 0, `${lost.length} tokens of ${acknowledged.size} grants are lost`);
  });

  test('no code can be spent again', async () => {
    let spent = 0;
    await each(codes, async (code) => {
      const { status } = await post('/oauth/token', { grant_type: 'authorization_code', code, redirect_uri: redirect });
      if (status === 200) ++spent;
    });
    assert.equal(spent, 0);
  });
});
