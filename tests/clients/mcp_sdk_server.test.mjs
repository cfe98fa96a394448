// The same client as a whole, of two generations: @modelcontextprotocol/sdk begins with a handshake, @modelcontextprotocol/client speaks release 2026-07-28. It connects to /mcp with nothing but
// its address, signs in on the way, lists the tools, calls them, hears of changes, refreshes and comes back.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Assistant } from '../world/assistant.mjs';
import { Exposed } from '../world/exposed.mjs';
import { allow, obtainTokens } from '../world/sign_in.mjs';
import '../world/web_crypto.mjs';
import { World } from '../world/world.mjs';

const { UnauthorizedError } = await import('@modelcontextprotocol/sdk/client/auth.js');
const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
const { ToolListChangedNotificationSchema } = await import('@modelcontextprotocol/sdk/types.js');
const newer = await import('@modelcontextprotocol/client');

const lifetime = 20;
const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const host = { name: 'MCP host', version: '1' };

const kits = [
  {
    name: '@modelcontextprotocol/sdk', UnauthorizedError, Transport: StreamableHTTPClientTransport,
    makeClient: () => new Client(host),
    call: (client, params, options) => client.callTool(params, undefined, options),
    // It listens as soon as it has connected, behind the first request.
    hearOfTools: async (client, told) => {
      client.setNotificationHandler(ToolListChangedNotificationSchema, told);
      await sleep(0.5);
    },
  },
  {
    name: '@modelcontextprotocol/client', UnauthorizedError: newer.UnauthorizedError, Transport: newer.StreamableHTTPClientTransport,
    makeClient: () => new newer.Client(host, { versionNegotiation: { mode: { pin: '2026-07-28' } } }),
    call: (client, params, options) => client.callTool(params, options),
    hearOfTools: async (client, told) => {
      client.setNotificationHandler('notifications/tools/list_changed', told);
      await client.listen({ toolsListChanged: true });
    },
  },
];

for (const { name, UnauthorizedError: Unauthorized, Transport, makeClient, call, hearOfTools } of kits) {
  describe(`${name}, as a client of /mcp`, () => {
    let world;
    let assistant;

    before(async () => {
      world = await World.start({ withHost: false, tokens: `access_lifetime = "${lifetime}s"` });
      await world.addUser(person.email, person.password, '--subject', 'user-1');
      assistant = new Assistant();
    });
    after(() => world?.stop());

    const makeTransport = () => new Transport(new URL(`${world.issuer}/mcp`), { authProvider: assistant });

    async function withClient(use) {
      const client = makeClient();
      await client.connect(makeTransport());
      try {
        await use(client);
      } finally {
        await client.close();
      }
    }
    const readToken = () => JSON.parse(Buffer.from(assistant.kept.access_token.split('.')[1], 'base64url'));
    const addTodo = async (client, text) => (await call(client, { name: 'addTodo', arguments: { text } })).structuredContent;

    test('RFC 9728 §5.1: from the refusal to tokens for the address that was typed', async () => {
      const transport = makeTransport();
      await assert.rejects(makeClient().connect(transport), Unauthorized);
      const asked = assistant.authorizationUrl.searchParams;
      assert.equal(asked.get('resource'), `${world.issuer}/mcp`);
      // The newer one asks for offline_access too, of its own accord.
      assert.deepEqual(asked.get('scope').split(' ').slice(0, 2), ['todos.read', 'todos.write']);
      const answer = new URL(await allow(assistant.authorizationUrl.href, person));
      await transport.finishAuth(answer.searchParams.get('code'), answer.searchParams.get('iss'));
      assert.deepEqual(readToken().aud, [world.issuer, `${world.issuer}/mcp`]);
    });

    test('tools are listed with their schemas and hints, and what they answer fits', () => withClient(async (client) => {
      assert.deepEqual(client.getServerCapabilities(), { tools: { listChanged: true } });
      assert.equal(client.getServerVersion().title, 'Todo');
      const { tools } = await client.listTools();
      assert.deepEqual(tools.map((tool) => tool.name), ['listTodos', 'addTodo', 'watchTodos', 'getTodo', 'deleteTodo', 'changeTodo']);
      const { inputSchema, outputSchema, annotations } = tools.find((tool) => tool.name === 'addTodo');
      assert.deepEqual([inputSchema.required, outputSchema.required], [['text'], ['id', 'text', 'done']]);
      assert.deepEqual(annotations, { readOnlyHint: false, idempotentHint: false, openWorldHint: false });

      const added = await addTodo(client, 'milk');
      assert.equal(added.text, 'milk');
      assert.deepEqual((await call(client, { name: 'getTodo', arguments: { id: added.id } })).structuredContent, added);
      const list = await call(client, { name: 'listTodos', arguments: { done: false } });
      assert.deepEqual(list.structuredContent.todos, [added]);
      assert.deepEqual(JSON.parse(list.content[0].text), list.structuredContent);
      const gone = await call(client, { name: 'getTodo', arguments: { id: added.id + 1 } });
      assert.equal(gone.isError, true);
      assert.match(gone.content[0].text, /^The API answered 404/);
      const wrong = await call(client, { name: 'getTodo', arguments: { id: 'seven' } });
      assert.match(wrong.content[0].text, /\/id: this is a string \(expected: a whole number\)/);
    }));

    test('a long answer brings progress, and ends when it is cancelled', () => withClient(async (client) => {
      const stop = new AbortController();
      const told = [];
      const onprogress = ({ progress }) => {
        told.push(progress);
        if (told.length === 2) stop.abort('enough');
      };
      await assert.rejects(call(client, { name: 'watchTodos', arguments: {} }, { onprogress, signal: stop.signal }));
      assert.deepEqual(told, [1, 2]);
    }));

    test('a description that changes changes the tools, and the client is told', () => withClient(async (client) => {
      let told;
      const hasBeenTold = new Promise((done) => (told = done));
      await hearOfTools(client, () => told());
      const configuration = readFileSync(world.config, 'utf8');
      const [, file] = /^openapi = "(.*)"$/m.exec(configuration);
      const changed = join(world.folder, 'openapi.yaml');
      writeFileSync(changed, readFileSync(file, 'utf8').replace('operationId: deleteTodo', 'operationId: removeTodo'));
      writeFileSync(world.config, configuration.replace(file, changed));
      world.provider.child.kill('SIGHUP');
      await hasBeenTold;
      const names = (await client.listTools()).tools.map((tool) => tool.name);
      assert.ok(names.includes('removeTodo') && !names.includes('deleteTodo'), names.join());
    }));

    test('a token that ends is refreshed, and a server that was started again is come back to', () => withClient(async (client) => {
      const { access_token } = assistant.kept;
      await sleep(readToken().exp + 0.5 - Date.now() / 1000);
      assert.equal((await addTodo(client, 'bread')).text, 'bread');
      assert.notEqual(assistant.kept.access_token, access_token);
      await world.provider.stop();
      await assert.rejects(addTodo(client, 'eggs'));
      await world.startProvider();
      assert.equal((await addTodo(client, 'eggs')).text, 'eggs');
    }));
  });
}

/** Of each keyword that only some validators know or ask, one that the API's answers break. */
const careless = `openapi: 3.1.0
info: { title: Careless, version: "1" }
paths:
  /orders/{id}:
    get:
      operationId: getOrder
      parameters: [{ name: id, in: path, required: true, schema: { type: integer, maximum: 99 } }]
      responses:
        "200":
          description: An order
          content:
            application/json:
              schema:
                type: object
                required: [number, amount]
                properties:
                  number: { type: string, description: As the customer knows it, pattern: "^[A-Z]{2}-[0-9]+$" }
                  at: { type: string, format: date-time }
                  mail: { type: [string, "null"], format: email }
                  amount: { type: integer, minimum: 1 }
                  share: { type: number, multipleOf: 0.01 }
                  state: { oneOf: [{ type: string, pattern: "^open" }, { type: string, enum: [closed] }], not: { const: none } }
                  span: { type: array, prefixItems: [{ type: string }, { type: integer }], items: { type: boolean }, contains: { const: 7 } }
                  labels: { type: object, patternProperties: { "^x-": { type: string } }, additionalProperties: { type: integer } }
                  paid: { anyOf: [{ type: "null" }, { type: object, required: [by], properties: { by: { const: card } } }] }
`;
const orders = {
  1: { number: 'seven', at: 'yesterday', mail: 'nobody', amount: 1.0, share: 0.29, state: 'none', span: ['a', 1, true], labels: { 'x-colour': 'red', weight: 2 }, paid: { by: 'card' } },
  2: { number: 'AB-1', amount: 0, paid: { by: 'cash' } },
};

describe('an API that answers otherwise than its description says', () => {
  let world;
  let token;
  const asked = [];

  before(async () => {
    world = await Exposed.start({
      text: careless,
      api: (request, response) => {
        asked.push(request.url);
        response.setHeader('content-type', 'application/json').end(JSON.stringify(orders[request.url.split('/').at(-1)]));
      },
    });
    await world.addUser(person.email, person.password);
    const redirect = 'https://assistant.example/callback';
    const caller = await world.command('client', 'add', 'Caller', '--pkce', 'optional', '--redirect-uri', redirect);
    token = (await obtainTokens(world, caller, { ...person, redirect })).access_token;
  });
  after(() => world?.stop());

  for (const { name, Transport, makeClient, call } of kits) {
    test(`${name} takes what only validators mind, and a model reads what else is wrong`, async () => {
      const client = makeClient();
      await client.connect(new Transport(new URL(`${world.issuer}/mcp`), { requestInit: { headers: { authorization: `Bearer ${token}` } } }));
      try {
        const [{ outputSchema }] = (await client.listTools()).tools;
        assert.deepEqual(outputSchema.properties.number, { type: 'string', description: 'As the customer knows it' });
        assert.deepEqual(outputSchema.properties.amount, { type: 'integer', minimum: 1 });

        const taken = await call(client, { name: 'getOrder', arguments: { id: 1 } });
        assert.equal(taken.isError, false, JSON.stringify(taken));
        assert.deepEqual(taken.structuredContent, orders[1]);

        const wrong = await call(client, { name: 'getOrder', arguments: { id: 2 } });
        assert.equal(wrong.isError, true);
        assert.match(wrong.content[0].text, /^The call was done: .*\n\/amount: 0 is too small \(expected: at least 1\)\n\/paid\/by: "cash" is not what must stand here \(expected: "card"\)\nThe answer: /);

        asked.length = 0;
        const refused = await call(client, { name: 'getOrder', arguments: { id: 100 } });
        assert.match(refused.content[0].text, /\/id: 100 is too large \(expected: at most 99\)$/);
        assert.deepEqual(asked, []);
      } finally {
        await client.close();
      }
    });
  }
});
