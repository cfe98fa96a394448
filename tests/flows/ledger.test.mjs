// Who did what: the ledger of calls and security events, what a person sees of it, and the limits on calls.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Exposed } from '../world/exposed.mjs';
import { obtainTokens } from '../world/sign_in.mjs';
import { Visitor } from '../world/visitor.mjs';
import { chatelaine, run } from '../world/world.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const redirect = 'https://assistant.example/callback';

describe('the ledger', () => {
  let world;
  let client;
  let tokens;

  before(async () => {
    world = await Exposed.start();
    await world.addUser(person.email, person.password);
    client = await world.command('client', 'add', 'Reader', '--pkce', 'optional', '--redirect-uri', redirect, '--scope', 'todo_lists.read');
    tokens = await obtainTokens(world, client, { ...person, redirect });
  });
  after(() => world?.stop());

  const call = (method, path) => fetch(`${world.issuer}${path}`, { method, headers: { authorization: `Bearer ${tokens.access_token}` } });

  async function exported(...args) {
    const { code, stdout, stderr } = await run(chatelaine, ['ledger', 'export', ...args, '--config', world.config]);
    assert.equal(code, 0, stderr);
    return stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));
  }

  /** The calls, once there are so many: they are written a moment after they were made. */
  async function calls(count) {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const entries = await exported('--calls');
      if (entries.length >= count) return entries;
      assert.ok(Date.now() < deadline, `${entries.length} of ${count} calls were recorded`);
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  test('has the events of a sign-in, in their order', async () => {
    const kinds = (await exported('--events', '--user', person.email)).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['user_added', 'signed_in', 'consent_given', 'grant_begun']);
    const grant = (await exported('--events')).find(({ kind }) => kind === 'grant_begun');
    assert.equal(grant.client_id, client.client_id);
    assert.equal(grant.client_name, 'Reader');
    assert.equal(grant.detail, 'todo_lists.read');
  });

  test('has each call with who, which operation and the result, and nothing that was sent', async () => {
    assert.equal((await call('GET', '/v1/lists?q=secret-query')).status, 200);
    assert.equal((await call('POST', '/v1/lists')).status, 403);
    assert.equal((await call('GET', `/v1/x/${tokens.refresh_token}/${tokens.access_token}`)).status, 404);
    assert.equal((await call('GET', '/v1/nothing')).status, 404);
    const entries = await calls(4);
    assert.deepEqual(entries.map(({ operation, status, user, door }) => [operation, status, user, door]), [
      ['readLists', 200, person.email, 'gateway'],
      ['addList', 403, person.email, 'gateway'],
      [`GET /v1/x/(${tokens.refresh_token.length} characters)/(${tokens.access_token.length} characters)`, 404, person.email, 'gateway'],
      ['GET /v1/nothing', 404, person.email, 'gateway'],
    ]);
    assert.ok(entries[0].took_ms >= 0);
    const text = JSON.stringify(await exported());
    for (const secret of [tokens.access_token, tokens.refresh_token, 'secret-query', person.password, client.client_secret])
      assert.ok(!text.includes(secret), 'the ledger holds nothing that was sent');
  });

  test('is shown to the person, in words, on the account page', async () => {
    const visitor = new Visitor();
    let page = await visitor.follow(await visitor.get(`${world.issuer}/account`));
    page = await visitor.follow(await visitor.signIn(page, person.email, person.password));
    assert.match(page.words, /What it did lately GET \/v1\/nothing refused .* Add a todo list refused .* Read your todo lists \d+ \w+ 2\d\d\d, \d\d:\d\d UTC/);
  });

  test('what waits is written when the server stops', async () => {
    const before = (await exported('--calls')).length;
    await call('GET', '/v1/lists');
    await world.provider.stop();
    assert.equal((await exported('--calls')).length, before + 1);
    await world.serve();
  });

  test('above its limit a connection waits, and its other limits count from the moment they are set', async () => {
    const text = readFileSync(world.config, 'utf8');
    writeFileSync(world.config, `${text}\n[limits]\ncalls_per_grant = "3/1h"\ncalls_per_operation = { readLists = "1000/1m" }\n`);
    await world.reload(async () => (await call('GET', '/v1/lists')).headers.get('ratelimit-limit') === '3');
    let answer = await call('GET', '/v1/lists');
    for (let i = 0; i < 5 && answer.status === 200; ++i) answer = await call('GET', '/v1/lists');
    assert.equal(answer.status, 429);
    assert.ok(Number(answer.headers.get('retry-after')) >= 1, 'whole seconds, and never none');
    assert.equal(answer.headers.get('ratelimit-remaining'), '0');
    assert.equal((await answer.json()).error, 'too_many_requests');
    const entries = await exported('--calls');
    await calls(entries.length);
    assert.ok((await exported('--calls', '--since', '1m')).length > 0);
  });

  test('an operation that the limits name and the description lacks keeps the running configuration', async () => {
    const text = readFileSync(world.config, 'utf8');
    writeFileSync(world.config, text.replace('readLists = "1000/1m"', 'readList = "1000/1m"'));
    world.provider.log = '';
    await world.reload(async () => /calls_per_operation names \\?"readList\\?"/.test(world.provider.log));
    assert.equal((await call('GET', '/v1/lists')).headers.get('ratelimit-limit'), '3');
    writeFileSync(world.config, text);
  });

  test('off, it records no calls', async () => {
    const count = (await exported('--calls')).length;
    const text = readFileSync(world.config, 'utf8').replace('calls_per_grant = "3/1h"', 'calls_per_grant = "off"');
    writeFileSync(world.config, `${text}\n[ledger]\ncalls = "off"\n`);
    await world.reload(async () => (await call('GET', '/v1/lists')).headers.get('ratelimit-limit') === '1000');
    await world.provider.stop();
    const settled = (await exported('--calls')).length;
    await world.serve();
    assert.equal((await call('GET', '/v1/lists')).status, 200);
    await world.provider.stop();
    assert.equal((await exported('--calls')).length, settled);
    assert.ok(settled >= count);
    await world.serve();
  });

  test('a limit of a user counts what all assistants of theirs call, and one of a client what all its users do', async () => {
    const add = async (name, email) => {
      const other = await world.command('client', 'add', name, '--pkce', 'optional', '--redirect-uri', redirect, '--scope', 'todo_lists.read');
      return [other, await obtainTokens(world, other, { ...person, email, redirect })];
    };
    await world.addUser('second@example.com', person.password);
    const [, byOther] = await add('Another', person.email);
    const bySecond = await obtainTokens(world, client, { ...person, email: 'second@example.com', redirect });
    const readWith = async ({ access_token: token }) => {
      const { status, headers } = await fetch(`${world.issuer}/v1/lists`, { headers: { authorization: `Bearer ${token}` } });
      return { status, limit: headers.get('ratelimit-limit'), remaining: Number(headers.get('ratelimit-remaining')) };
    };
    /** How many calls go through until one is refused, and by which limit. */
    const exhaust = async (own) => {
      for (let through = 0; ; ++through) {
        const { status, limit } = await readWith(own);
        if (status !== 200) return [through, status, limit];
      }
    };
    const text = readFileSync(world.config, 'utf8');
    writeFileSync(world.config, text.replace('calls_per_grant = "off"', 'calls_per_grant = "off"\ncalls_per_user = "20/1h"\ncalls_per_client = "25/1h"'));
    await world.reload(async () => (await readWith(tokens)).limit === '20');
    let left = await readWith(tokens);
    while (left.remaining > 10) left = await readWith(tokens);
    assert.deepEqual(await exhaust(byOther), [10, 429, '20'], 'the other assistant of the same person has what is left');
    assert.deepEqual(await exhaust(bySecond), [15, 429, '25'], 'the other person by the same assistant has what that may do');
  });
});
