// Somebody has an API, its OpenAPI file and an evening: `chatelaine expose` and `chatelaine serve`, and each call needs the scope of its operation.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { description, Exposed } from '../world/exposed.mjs';
import { obtainTokens } from '../world/sign_in.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const redirect = 'https://assistant.example/callback';

describe('an API is exposed from its OpenAPI file', () => {
  let world;
  let client;
  let reader;

  before(async () => {
    world = await Exposed.start();
    await world.addUser(person.email, person.password);
    client = await world.command('client', 'add', 'Reader', '--pkce', 'optional', '--redirect-uri', redirect, '--scope', 'todo_lists.read');
    reader = (await obtainTokens(world, client, { ...person, redirect })).access_token;
  });
  after(() => world?.stop());

  const call = (method, path, token = reader) => fetch(`${world.issuer}${path}`, { method, headers: { authorization: `Bearer ${token}` } });

  test('scopes are proposed by tags and methods', () => {
    assert.deepEqual(world.exposed.scopes.map(({ name, description: words }) => [name, words]), [
      ['todo_lists.read', 'Read todo lists'],
      ['todo_lists.write', 'Add and change todo lists'],
      ['todo_lists.delete', 'Delete todo lists'],
    ]);
    assert.deepEqual(world.exposed.operations.map(({ id, path, effect, scopes }) => [id, path, effect, ...scopes]), [
      ['readLists', '/v1/lists', 'read', 'todo_lists.read'],
      ['addList', '/v1/lists', 'change', 'todo_lists.write'],
      ['delete /lists/{id}', '/v1/lists/{id}', 'remove', 'todo_lists.delete'],
    ]);
  });

  test('each call needs its operation\'s scope, below the path of the description\'s server', async () => {
    const read = await call('GET', '/v1/lists');
    assert.equal(read.status, 200);
    assert.deepEqual(await read.json(), { path: '/v1/lists', scope: 'todo_lists.read' });
    for (const [method, path, scope] of [['POST', '/v1/lists', 'todo_lists.write'], ['DELETE', '/v1/lists/1', 'todo_lists.delete']]) {
      const refused = await call(method, path);
      assert.equal(refused.status, 403);
      assert.match(refused.headers.get('www-authenticate'), new RegExp(`error="insufficient_scope".* scope="${scope}"`));
    }
    assert.equal((await call('GET', '/lists')).status, 404);
  });

  test('the description that assistants read sends them here', async () => {
    const published = await (await fetch(`${world.issuer}/.well-known/openapi.yaml`)).json();
    assert.deepEqual(published.servers, [{ url: `${world.issuer}/v1` }]);
    assert.equal(published.paths['/lists'].get.summary, 'Read your todo lists');
  });

  // Importers want one absolute URL: the one of GPT Actions finds no "valid URL in servers" in anything else.
  for (const [name, servers, path] of [['a relative server', 'servers: [{ url: /v2 }]', '/v2'], ['no server', '', '/'], ['two servers', 'servers: [{ url: /v1 }, { url: /v3 }]', '/v1']])
    test(`so does one with ${name}`, async () => {
      world.describe(description.replace(/servers: .*/, servers));
      const publish = async () => (await fetch(`${world.issuer}/.well-known/openapi.yaml`)).json();
      await world.reload(async () => (await publish()).servers[0].url === `${world.issuer}${path}`);
      assert.deepEqual((await publish()).servers, [{ url: `${world.issuer}${path}` }]);
    });

  test('and one that says so already stays as its author wrote it', async () => {
    const text = description.replace(/servers: .*/, `servers: [{ url: "${world.issuer}/v1" }] # here`);
    world.describe(text);
    const publish = async () => (await fetch(`${world.issuer}/.well-known/openapi.yaml`)).text();
    await world.reload(async () => (await publish()).includes('# here'));
    assert.equal(await publish(), text);
    world.describe(description);
    await world.reload(async () => !(await publish()).includes('# here'));
  });

  test('a server with no API behind it says so when it starts', async () => {
    assert.doesNotMatch(world.provider.log, /No API stands behind/);
    const text = readFileSync(world.config, 'utf8');
    await world.provider.stop();
    writeFileSync(world.config, text.replace(/^upstream = .*$/m, ''));
    await world.serve();
    assert.match(world.provider.log, /No API stands behind this server: its calls are 404 until \[api\] upstream is set/);
    assert.equal((await call('GET', '/v1/lists')).status, 404);
    await world.provider.stop();
    writeFileSync(world.config, text);
    await world.serve();
  });

  test('a ChatGPT app\'s domain is proven by the token that its console gave out', async () => {
    const challenge = () => fetch(`${world.issuer}/.well-known/openai-apps-challenge`);
    assert.equal((await challenge()).status, 404);
    const text = readFileSync(world.config, 'utf8');
    writeFileSync(world.config, text.replace('[plugin]\n', '[plugin]\nopenai_apps_challenge = "Q0hBVEVMQUlORQ"\n'));
    await world.reload(async () => (await challenge()).status === 200);
    const answer = await challenge();
    assert.match(answer.headers.get('content-type'), /^text\/plain/);
    assert.equal(await answer.text(), 'Q0hBVEVMQUlORQ');
  });

  test('an operation that the file gains is closed until it is exposed, too', async () => {
    const changed = `${description}  /shared: { get: { operationId: shared, tags: [Todo lists], summary: Read what others share } }\n`;
    assert.equal((await call('GET', '/v1/shared')).status, 404);
    world.describe(changed);
    await world.reload(async () => (await call('GET', '/v1/shared')).status === 403);
    const closed = await call('GET', '/v1/shared');
    assert.equal((await closed.json()).error, 'access_denied');
    assert.equal(closed.headers.get('www-authenticate'), null, 'no other token would help');

    assert.deepEqual((await world.expose('--dry-run')).added, [{ scope: 'todo_lists.read', operation: 'shared' }]);
    assert.equal((await call('GET', '/v1/shared')).status, 403);
    assert.deepEqual((await world.expose()).added, [{ scope: 'todo_lists.read', operation: 'shared' }]);
    await world.reload(async () => (await (await call('GET', '/v1/shared')).json()).error === 'insufficient_scope');
    await obtainTokens(world, client, { ...person, redirect });
    assert.equal((await call('GET', '/v1/shared')).status, 200, 'open to who has been asked about it');
  });

  test('a name that the file has no more keeps the running configuration, and says which', async () => {
    world.describe(description.replace('readLists', 'showLists'));
    world.provider.log = '';
    await world.reload(async () => /operations names \\?"readLists\\?"/.test(world.provider.log));
    assert.equal((await call('GET', '/v1/lists')).status, 200);
    const { added, removed } = await world.expose();
    assert.deepEqual(removed, [{ scope: 'todo_lists.read', operation: 'readLists' }, { scope: 'todo_lists.read', operation: 'shared' }]);
    assert.deepEqual(added, [{ scope: 'todo_lists.read', operation: 'showLists' }]);
  });
});
