// The flight recorder: from the id on an error page, or of an answer, to the cause and to what led to it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Exposed } from '../world/exposed.mjs';
import { allow, obtainTokens } from '../world/sign_in.mjs';
import { Visitor } from '../world/visitor.mjs';
import { chatelaine, run } from '../world/world.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const redirect = 'https://chat.openai.com/aip/g-first/oauth/callback';
const again = 'https://chat.openai.com/aip/g-second/oauth/callback';

describe('the flight recorder', () => {
  let world;
  let client;

  before(async () => {
    world = await Exposed.start();
    await world.addUser(person.email, person.password);
    client = await world.command('client', 'add', 'Reader', '--pkce', 'optional', '--redirect-uri', redirect, '--redirect-uri', again, '--scope', 'todo_lists.read');
  });
  after(() => world?.stop());

  const authorizeUrl = (more = {}) => {
    const query = { response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope: 'todo_lists.read', state: 'a-state-of-the-browser', ...more };
    return `${world.issuer}/oauth/authorize?${new URLSearchParams(query)}`;
  };
  const post = (fields) =>
    fetch(`${world.issuer}/oauth/token`, { method: 'POST', body: new URLSearchParams({ client_id: client.client_id, client_secret: client.client_secret, ...fields }) });
  const idOf = (answer) => answer.headers.get('x-request-id');

  /** What `chatelaine trace ID --json` says, once it is written. */
  async function trace(id) {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const { code, stdout, stderr } = await run(chatelaine, ['trace', id, '--json', '--config', world.config]);
      if (code === 0) return JSON.parse(stdout);
      assert.match(stderr, /nothing is recorded of the request/);
      assert.ok(Date.now() < deadline, stderr);
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  test('a GPT that was saved again: the exchange leads back to the first request', async () => {
    const code = new URL(await allow(authorizeUrl(), person)).searchParams.get('code');
    const failed = await post({ grant_type: 'authorization_code', code, redirect_uri: again });
    assert.equal(failed.status, 400);
    const flight = await trace(idOf(failed));
    assert.equal(flight.cause, `The exchange came with redirect_uri ${again}, but the code was issued for ${redirect}. The GPT was saved again and its id changed from g-first to g-second: have the new address registered.`);
    const steps = flight.steps.map(({ step, outcome, sentence }) => `${step} ${outcome}: ${sentence}`);
    assert.deepEqual(steps.slice(0, -1), [
      'authorization_request went_on: Nobody was signed in: the sign-in page was asked for.',
      'sign_in went_on: The person signed in.',
      'authorization_request went_on: The consent page was shown.',
      'consent went_on: A code was issued and sent to the client.',
    ]);
    assert.match(steps.at(-1), /^token_request failed: /);
    assert.equal(flight.steps.at(-1).client_id, client.client_id);
    assert.equal(flight.steps.at(-1).user, person.email);

    const { stdout } = await run(chatelaine, ['trace', flight.steps[0].request, '--config', world.config]);
    assert.ok(stdout.startsWith(`Token request failed: ${flight.cause}`), `any of the flight's requests tells the cause: ${stdout}`);
  });

  test('an error page shows the number that finds it', async () => {
    const page = await new Visitor().get(authorizeUrl({ redirect_uri: `${redirect}/` }));
    assert.equal(page.status, 400);
    const [, id] = page.words.match(/Request ([0-9a-f]{16}) \. Whoever runs this service finds out more by it\./);
    assert.equal(id, page.headers.get('x-request-id'));
    assert.match((await trace(id)).cause, /They differ in the slash at their end\.$/);
  });

  test('a refresh that came too late for its grace, and a call with a token that is no more', async () => {
    const tokens = await obtainTokens(world, client, { ...person, redirect });
    const first = await (await post({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token })).json();
    await post({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
    const stolen = await post({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
    assert.equal(stolen.status, 400);
    const flight = await trace(idOf(stolen));
    assert.match(flight.cause, /had been replaced before/);
    assert.ok(flight.steps.some(({ step }) => step === 'consent' || step === 'authorization_request'), 'it leads back to the sign-in');
    const call = await fetch(`${world.issuer}/v1/lists`, { headers: { authorization: `Bearer ${first.access_token}` } });
    assert.equal(call.status, 401);
    assert.match((await trace(idOf(call))).cause, /was revoked, or the grant that it stands on has ended/);
  });

  test('a call without its scope says which operation and which scope', async () => {
    const tokens = await obtainTokens(world, client, { ...person, redirect });
    const call = await fetch(`${world.issuer}/v1/lists`, { method: 'POST', headers: { authorization: `Bearer ${tokens.access_token}` } });
    assert.equal(call.status, 403);
    const { cause, steps } = await trace(idOf(call));
    assert.match(cause, /lacks a scope that this operation needs: todo_lists\.write/);
    assert.deepEqual(steps.at(-1).values, { operation: 'addList', 'scope of the token': 'todo_lists.read' });
  });

  test('a wrong password, in words that the person does not get', async () => {
    const visitor = new Visitor();
    const page = await visitor.follow(await visitor.get(authorizeUrl()));
    const refused = await visitor.signIn(page, person.email, 'a wrong horse');
    assert.equal(refused.status, 422);
    assert.equal((await trace(idOf(refused))).cause, 'The password that was typed is wrong.');
    assert.doesNotMatch(refused.words, /password that was typed/);
  });

  test('what came by the wrong method, or with its token in the wrong place', async () => {
    const { access_token: token } = await obtainTokens(world, client, { ...person, redirect });
    const query = new URL(authorizeUrl()).search;
    for (const [method, path, headers, status, cause] of [
      ['GET', `/oauth/token${query}`, {}, 405, /^This is the token endpoint, .* the two addresses are swapped in the assistant's settings/],
      ['GET', '/oauth/par', {}, 405, /^This endpoint does not take GET: send POST\.$/],
      ['GET', '/oauth/register', {}, 405, /^This endpoint does not take GET: send POST\.$/],
      ['PUT', '/sign-in', {}, 405, /^The path \/sign-in does not take PUT: it takes GET, /],
      ['PUT', '/mcp', {}, 405, /^The path \/mcp does not take PUT: it takes POST, GET, HEAD, DELETE, /],
      ['GET', `/v1/lists?access_token=${token}`, {}, 401, /an access_token in its query/],
      ['GET', '/v1/lists', { authorization: `Basic ${Buffer.from(`${token}:`).toString('base64')}` }, 401, /of another scheme than Bearer/],
    ]) {
      const answer = await fetch(`${world.issuer}${path}`, { method, headers });
      assert.equal(answer.status, status, `${method} ${path}`);
      assert.match((await trace(idOf(answer))).cause, cause, `${method} ${path}`);
    }
    const posted = await fetch(`${world.issuer}/oauth/authorize`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'authorization_code', client_id: client.client_id, client_secret: client.client_secret, code: 'x' }),
    });
    assert.equal(posted.status, 400);
    assert.match((await posted.json()).error_description, /^This is the authorization endpoint, and the request is one for the token endpoint/);
    assert.match((await trace(idOf(posted))).cause, /addresses are swapped/);
  });

  test('what went well is not traced, and the newest troubles are listed', async () => {
    const metadata = await fetch(`${world.issuer}/.well-known/oauth-authorization-server`);
    const { code, stderr } = await run(chatelaine, ['trace', idOf(metadata), '--config', world.config]);
    assert.equal(code, 1, stderr);
    const listed = await world.command('trace', '--client', client.client_id);
    assert.ok(listed.length > 0 && listed.every(({ outcome, client_id }) => outcome !== 'went_on' && client_id === client.client_id));
    assert.ok(listed.every(({ at }, i) => i === 0 || at <= listed[i - 1].at), 'newest first');
  });

  test('THREATS N47: nothing secret is in it', async () => {
    const everything = JSON.stringify(await world.command('trace', '--all', '--most', '1000'));
    for (const secret of [client.client_secret, person.password, 'a wrong horse', 'a-state-of-the-browser', 'ctl_ac_', 'ctl_rt_', 'ctl_at_', 'ctl_cs_'])
      assert.ok(!everything.includes(secret), secret);
  });
});
