// A scope that opens more than when its user allowed it: the user is asked again, and until then the new operations stay shut.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { description, Exposed } from '../world/exposed.mjs';
import { allow, obtainTokens } from '../world/sign_in.mjs';
import { Visitor } from '../world/visitor.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const redirect = 'https://assistant.example/callback';
const scope = 'todo_lists.read todo_lists.write';

describe('an API that grows', () => {
  let world;
  let client;
  let visitor;
  let token;

  before(async () => {
    world = await Exposed.start();
    await world.addUser(person.email, person.password);
    client = await world.command('client', 'add', 'Organizer', '--pkce', 'optional', '--redirect-uri', redirect, '--scope', scope);
    visitor = new Visitor();
    token = (await obtainTokens(world, client, { ...person, redirect, visitor })).access_token;
  });
  after(() => world?.stop());

  const call = (method, path) => fetch(`${world.issuer}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  const authorize = (wanted = scope) => visitor.get(`${world.issuer}/oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope: wanted, state: 's' })}`);

  /** Describes the API anew, lets `expose` write the scopes, and has the server read both. */
  async function grow(text) {
    world.describe(text);
    const told = await world.expose();
    await world.reload(async () => (await (await fetch(`${world.issuer}/.well-known/openapi.yaml`)).text()).includes('Rename') === text.includes('Rename'));
    return told;
  }

  test('asks nobody again while it stays as it is', async () => {
    assert.equal((await call('POST', '/v1/lists')).status, 200);
    assert.equal((await authorize()).status, 303);
    await world.provider.stop();
    await world.serve();
    assert.equal((await authorize()).status, 303, 'nor after a restart');
    assert.doesNotMatch(world.provider.log, /opens more/);
  });

  test('keeps what it gained shut until its user has seen it', async () => {
    await grow(`${description}    put: { operationId: renameList, tags: [Todo lists], summary: Rename a todo list }\n`);
    assert.match(world.provider.log, /The API opens more than before; users are asked again.*PUT \/v1\/lists\/\{id\} by todo_lists\.write/);
    const refused = await call('PUT', '/v1/lists/7');
    assert.equal(refused.status, 403);
    assert.match(refused.headers.get('www-authenticate'), /error="insufficient_scope".*opened after its user allowed todo_lists\.write.*scope="todo_lists\.write"/);
    assert.equal((await call('POST', '/v1/lists')).status, 200, 'what was open before goes on');
  });

  test('a restart does not make it seen', async () => {
    await world.provider.stop();
    await world.serve();
    assert.equal((await call('PUT', '/v1/lists/7')).status, 403);
  });

  test('a consent for what did not grow is remembered; for what did the page says what is new', async () => {
    assert.equal((await authorize('todo_lists.read')).status, 303);
    const page = await authorize();
    assert.equal(page.status, 200);
    assert.match(page.words, /New since you allowed Organizer this: Rename a todo list changes /);
    assert.equal(page.words.match(/New since/g).length, 1);
    assert.doesNotMatch(page.words, /this: .*Add a todo list.* Organizer wants to/s);
  });

  test('the user\'s word opens it to the token that is there', async () => {
    const location = await allow(`${world.issuer}/oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope: 'todo_lists.write', state: 's' })}`, { ...person, visitor });
    assert.ok(new URL(location).searchParams.get('code'));
    assert.equal((await call('PUT', '/v1/lists/7')).status, 200);
    assert.equal((await authorize()).status, 303, 'and is remembered');
  });

  test('who is asked for the first time sees no difference', async () => {
    const other = await world.command('client', 'add', 'Newcomer', '--pkce', 'optional', '--redirect-uri', redirect, '--scope', scope);
    const page = await visitor.get(`${world.issuer}/oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id: other.client_id, redirect_uri: redirect, scope, state: 's' })}`);
    assert.equal(page.status, 200);
    assert.doesNotMatch(page.words, /New since/);
  });

  test('what was gone in between is new again', async () => {
    await grow(description);
    assert.equal((await call('PUT', '/v1/lists/7')).status, 404);
    await grow(`${description}    put: { operationId: renameList, tags: [Todo lists], summary: Rename a todo list }\n`);
    assert.equal((await call('PUT', '/v1/lists/7')).status, 403);
  });

  test('warns of what nobody can be asked about: a call of any token, and one that is confirmed no more', async () => {
    const describe = (security, mark = '') => `${description}    put: { operationId: renameList, tags: [Todo lists], summary: Rename a todo list, ${security}${mark} }\ncomponents: { securitySchemes: { oauth: { type: oauth2, flows: {} } } }\n`;
    const mark = ', x-openai-isConsequential: true';
    writeFileSync(world.config, `${readFileSync(world.config, 'utf8').replace(/\n *"renameList",/, '')}\n[confirmation]\ncalls = "consequential"\n`);
    const read = async (text) => {
      world.describe(text);
      world.provider.log = '';
      world.provider.child.kill('SIGHUP');
      const deadline = Date.now() + 5_000;
      while (!/reloaded|has been read|read again/i.test(world.provider.log) && Date.now() < deadline) await new Promise((done) => setTimeout(done, 20));
    };
    await read(describe('security: [{ oauth: [todo_lists.write] }]', mark));
    assert.doesNotMatch(world.provider.log, /no longer asked/);
    assert.deepEqual((await world.expose()).no_longer_confirmed, []);
    const open = describe('security: [{}]');
    world.describe(open);
    const told = await world.expose('--dry-run');
    assert.deepEqual(told.widened, [{ call: 'PUT /v1/lists/{id}', scopes: [], before: ['todo_lists.write'] }]);
    assert.deepEqual(told.no_longer_confirmed, ['PUT /v1/lists/{id}']);
    await read(open);
    assert.match(world.provider.log, /no longer asked to confirm this call.*PUT \/v1\/lists\/\{id\}/);
    assert.match(world.provider.log, /opens more than before to every token, and nobody can be asked about it.*PUT \/v1\/lists\/\{id\}/);
  });
});
