// Calls that their user confirms before they go through: on the account page, once and as they stand, or by signing in again.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { allow, obtainTokens } from '../world/sign_in.mjs';
import { Visitor } from '../world/visitor.mjs';
import { World, chatelaine, run } from '../world/world.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const redirect = 'https://assistant.example/callback';
const milk = JSON.stringify({ text: 'buy milk' });

/** A server that has calls confirmed, a person who is signed in, and their assistant. */
async function startWorld(confirmation) {
  const world = await World.start({ withHost: false, tapApi: true, resources: `\n[confirmation]\n${confirmation}\n` });
  await world.addUser(person.email, person.password);
  const client = await world.command('client', 'add', 'Organizer', '--pkce', 'optional', '--redirect-uri', redirect);
  const visitor = new Visitor();
  const tokens = await obtainTokens(world, client, { ...person, redirect, visitor });
  const call = async (method, path, body, token = tokens.access_token) => {
    world.apiTap.clear();
    const headers = { authorization: `Bearer ${token}`, ...body && { 'content-type': 'application/json' } };
    const answer = await fetch(`${world.issuer}${path}`, { method, headers, body });
    return { status: answer.status, headers: answer.headers, body: await answer.json().catch(() => undefined), seen: world.apiTap.seen.filter(({ method: sent }) => sent === method) };
  };
  return { world, client, visitor, tokens, call };
}

describe('a call that its user approves', () => {
  let parts;
  before(async () => {
    parts = await startWorld('calls = "changing"');
  });
  after(() => parts?.world.stop());

  /** Presses a button on the page where a refused call sends its user. */
  async function decide({ body }, button) {
    const page = await parts.visitor.get(body.confirmation_uri);
    assert.equal(page.status, 200, page.words);
    return parts.visitor.follow(await parts.visitor.submit(page.form(/Allow once/), {}, button));
  }

  test('reading asks nobody', async () => {
    const { status, seen } = await parts.call('GET', '/todos');
    assert.equal(status, 200);
    assert.equal(seen.length, 1);
  });

  test('waits, is shown as it came, and goes through once', async () => {
    const waits = await parts.call('POST', '/todos', milk);
    assert.equal(waits.status, 403);
    assert.equal(waits.body.error, 'confirmation_required');
    assert.ok(waits.body.error_description.endsWith(waits.body.confirmation_uri));
    assert.equal(waits.headers.get('www-authenticate'), null);
    assert.deepEqual(waits.seen, []);
    const page = await parts.visitor.get(waits.body.confirmation_uri);
    assert.match(page.words, /Organizer wants to do this in your name: Add a to-do POST \/todos And sends \{"text":"buy milk"\} Asked on/);
    const account = await parts.visitor.get(`${parts.world.issuer}/account`);
    assert.match(account.words, /Waiting for your word Add a to-do Organizer asked on/);
    assert.equal((await parts.call('POST', '/todos', milk)).body.confirmation_uri, waits.body.confirmation_uri, 'the same call is the same question');
    assert.match((await decide(waits, /Allow once/)).words, /Allowed once\. Go back to the assistant/);
    const done = await parts.call('POST', '/todos', milk);
    assert.equal(done.status, 201);
    assert.equal(done.seen.length, 1);
    assert.equal(done.seen[0].body, milk);
    const again = await parts.call('POST', '/todos', milk);
    assert.equal(again.status, 403);
    assert.notEqual(again.body.confirmation_uri, waits.body.confirmation_uri);
  });

  test('an approval is for what was shown and nothing else', async () => {
    await decide(await parts.call('POST', '/todos', milk), /Allow once/);
    const other = await parts.call('POST', '/todos', JSON.stringify({ text: 'buy a house' }));
    assert.equal(other.status, 403);
    assert.deepEqual(other.seen, []);
    assert.equal((await parts.call('DELETE', '/todos/7')).status, 403);
    assert.equal((await parts.call('POST', '/todos?x=1', milk)).status, 403);
    assert.equal((await parts.call('POST', '/todos', milk)).status, 201);
  });

  test('all of it is shown, what hides too; what is too long for that is not asked about', async () => {
    const show = async (body) => (await parts.visitor.get((await parts.call('POST', '/todos', body)).body.confirmation_uri)).words;
    assert.ok((await show('{"text":"pay \u202eecila"}')).includes(String.raw`{"text":"pay \u202eecila"}`));
    assert.ok((await show(JSON.stringify({ note: 'x'.repeat(5_000), text: 'the one that matters' }))).includes('"text":"the one that matters"}'));
    const long = await parts.call('POST', '/todos', JSON.stringify({ note: 'x'.repeat(33_000), text: 'hidden' }));
    assert.equal(long.status, 413);
    assert.match(long.body.error_description, /is shown all of it: at most 32768 bytes/);
    assert.deepEqual(long.seen, []);
  });

  test('of two that come at once one goes through', async () => {
    await decide(await parts.call('POST', '/todos', milk), /Allow once/);
    const statuses = await Promise.all([1, 2, 3, 4].map(async () => (await parts.call('POST', '/todos', milk)).status));
    assert.deepEqual(statuses.sort(), [201, 403, 403, 403]);
  });

  test('what was denied stays denied, and the assistant hears so', async () => {
    const waits = await parts.call('DELETE', '/todos/8');
    assert.match((await decide(waits, /Deny/)).words, /Denied\./);
    const denied = await parts.call('DELETE', '/todos/8');
    assert.equal(denied.status, 403);
    assert.equal(denied.body.error, 'access_denied');
    assert.deepEqual(denied.seen, []);
    assert.equal((await parts.visitor.get(waits.body.confirmation_uri)).status, 404);
  });

  test('a question outlives the server, an approval too', async () => {
    const waits = await parts.call('DELETE', '/todos/9');
    await parts.world.provider.kill();
    await parts.world.startProvider();
    await decide(waits, /Allow once/);
    await parts.world.provider.kill();
    await parts.world.startProvider();
    const { seen } = await parts.call('DELETE', '/todos/9');
    assert.equal(seen.length, 1);
  });

  test('a tool that waits is a result with the address for the user', async () => {
    const callTool = async () => {
      const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'addTodo', arguments: { text: 'by tool' } } };
      const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream', authorization: `Bearer ${parts.tokens.access_token}` };
      return (await (await fetch(`${parts.world.issuer}/mcp`, { method: 'POST', headers, body: JSON.stringify(message) })).json()).result;
    };
    const waits = await callTool();
    assert.equal(waits.isError, true);
    const [address] = /http[^\s"]*\/account\/call\?call=[\w-]+/.exec(waits.content[0].text);
    await decide({ body: { confirmation_uri: address } }, /Allow once/);
    const done = await callTool();
    assert.equal(done.isError, false, JSON.stringify(done));
    assert.equal(done.structuredContent.text, 'by tool');
  });

  test('nobody else sees the question or decides it', async () => {
    await parts.world.addUser('other@example.com', 'another battery staple');
    const waits = await parts.call('DELETE', '/todos/10');
    const other = new Visitor();
    let page = await other.follow(await other.get(waits.body.confirmation_uri));
    page = await other.follow(await other.signIn(page, 'other@example.com', 'another battery staple'));
    assert.equal(page.status, 404);
    assert.doesNotMatch(page.words, /todos/);
  });

  test('a client that acts for itself is not asked about', async () => {
    const machine = await parts.world.command('client', 'add', 'Night job', '--grant', 'client_credentials');
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: machine.client_id, client_secret: machine.client_secret });
    const { access_token: token } = await (await fetch(`${parts.world.issuer}/oauth/token`, { method: 'POST', body })).json();
    assert.equal((await parts.call('POST', '/todos', milk, token)).status, 201);
  });

  test('what was decided stands in the ledger, without what was sent', async () => {
    const { stdout } = await run(chatelaine, ['ledger', 'export', '--events', '--config', parts.world.config]);
    const decided = stdout.split('\n').filter((line) => line.includes('"call_')).map((line) => JSON.parse(line));
    assert.ok(decided.some(({ kind, detail, client_name: name, user }) => kind === 'call_approved' && detail === 'addTodo' && name === 'Organizer' && user === person.email));
    assert.ok(decided.some(({ kind, detail }) => kind === 'call_denied' && detail === 'deleteTodo'));
    assert.ok(!stdout.includes('buy milk'));
  });
});

test('RFC 9470: with by = "sign_in" an old sign-in is challenged, and a new one counts', async () => {
  const { world, client, visitor, tokens, call } = await startWorld('calls = "deleting"\nby = "sign_in"\nlifetime = "2s"');
  try {
    while ((await call('DELETE', '/todos/7')).status !== 401) await new Promise((done) => setTimeout(done, 200));
    const old = await call('DELETE', '/todos/7');
    assert.equal(old.body.error, 'insufficient_user_authentication');
    const [, maxAge] = /error="insufficient_user_authentication".*max_age="(\d+)"/.exec(old.headers.get('www-authenticate'));
    assert.equal(maxAge, '2');
    assert.deepEqual(old.seen, []);
    assert.equal((await call('POST', '/todos', milk, tokens.access_token)).status, 201, 'only what deletes');
    const query = new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, state: 's', max_age: maxAge });
    const location = await allow(`${world.issuer}/oauth/authorize?${query}`, { ...person, visitor });
    const body = { grant_type: 'authorization_code', client_id: client.client_id, client_secret: client.client_secret, code: new URL(location).searchParams.get('code'), redirect_uri: redirect };
    const fresh = await (await fetch(`${world.issuer}/oauth/token`, { method: 'POST', body: new URLSearchParams(body) })).json();
    assert.equal((await call('DELETE', '/todos/7', undefined, fresh.access_token)).seen.length, 1);

    while ((await call('DELETE', '/todos/7', undefined, fresh.access_token)).status !== 401) await new Promise((done) => setTimeout(done, 200));
    // An assistant that knows nothing of max_age, and is connected again.
    const again = await obtainTokens(world, client, { ...person, redirect, visitor });
    assert.equal((await call('DELETE', '/todos/7', undefined, again.access_token)).seen.length, 1);
  } finally {
    await world.stop();
  }
});

test('an operation that the description does not have is named when the server starts', async () => {
  const world = await World.start({ withHost: false });
  try {
    await world.provider.stop();
    writeFileSync(world.config, `${readFileSync(world.config, 'utf8')}\n[confirmation]\noperations = ["payRent"]\n`);
    const { code, stderr } = await run(chatelaine, ['serve', '--config', world.config]);
    assert.notEqual(code, 0);
    assert.match(stderr, /\[confirmation\] operations names "payRent", which .* does not have/);
    writeFileSync(world.config, readFileSync(world.config, 'utf8').replace('payRent', 'delete /todos/{id}'));
    await world.startProvider();
  } finally {
    await world.stop();
  }
});
