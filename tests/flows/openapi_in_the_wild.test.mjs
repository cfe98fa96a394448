// Descriptions of ten different makes (tests/fixtures/openapi): `chatelaine expose` and `chatelaine serve`, and each operation reaches the API as its description
// says, called as it is and as a tool of the MCP server, and what the API answers comes back as it was.
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, describe, test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import { wilds } from '../fixtures/openapi/expectations.mjs';
import { Exposed } from '../world/exposed.mjs';
import { obtainTokens } from '../world/sign_in.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple', redirect: 'https://assistant.example/callback' };
const plainAnswer = { status: 200, type: 'application/json', body: '{"done":true}' };

async function collect(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** An API that keeps what it is asked, byte for byte, and answers what it is told to. */
class Recorder {
  seen = [];
  answer = plainAnswer;
  listen = async (request, response) => {
    const { method, url, headers } = request;
    this.seen.push({ method, url, headers, body: await collect(request) });
    const { status, type, body } = this.answer;
    response.writeHead(status, type === undefined ? {} : { 'content-type': type }).end(body);
  };
}

/** As it is written, which fetch would not leave it. */
function send(issuer, { method, path, headers = {}, body }, token) {
  return new Promise((done, fail) => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const sent = httpRequest(issuer, { method, path, headers: { ...headers, ...authorization, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) } });
    sent.on('error', fail).on('response', async (answer) => done({ status: answer.statusCode, headers: answer.headers, body: await collect(answer) }));
    sent.end(body);
  });
}

/** With B for the boundary of a form. */
function nameBoundary({ headers, body, ...rest }) {
  const [, boundary] = /^multipart\/form-data; boundary=([^;]+)$/.exec(headers['content-type'] ?? '') ?? [];
  if (boundary === undefined) return { headers, body, ...rest };
  const renamed = Buffer.from(body.toString('latin1').replaceAll(`--${boundary}`, '--B'), 'latin1');
  return { headers: { ...headers, 'content-type': 'multipart/form-data; boundary=B' }, body: renamed, ...rest };
}

/** JSON may be written in several ways: 1.5 and 1.5E0. */
const spell = (body, type = '') => (/json$/.test(type) ? JSON.stringify(JSON.parse(body)) : Buffer.from(body).toString('latin1'));

function checkSeen(seen, { method, path, headers = {}, body = '' }) {
  assert.equal(seen.length, 1, 'one request goes to the API');
  const request = nameBoundary(seen[0]);
  assert.deepEqual([request.method, request.url], [method, path]);
  for (const [name, value] of Object.entries(headers)) assert.equal(request.headers[name], value, name);
  for (const name of ['content-type', 'cookie']) assert.equal(request.headers[name], headers[name], name);
  assert.equal(request.headers.authorization, undefined, 'the token stays here');
  assert.equal(spell(request.body, headers['content-type']), spell(body, headers['content-type']));
}

/** What a tool's result holds of an answer of the API. */
function checkResult(result, { outputSchema }, { status, type, body }) {
  assert.equal(result.isError, false, JSON.stringify(result));
  const [content] = result.content;
  if (body.length === 0) return assert.equal(content.text, `Done: the API answered ${status} without content.`);
  if (/^image/.test(type)) return assert.deepEqual([content.type, content.mimeType, content.data], ['image', type, body.toString('base64')]);
  if (type === 'application/octet-stream') return assert.deepEqual([content.type, content.resource.mimeType, content.resource.blob], ['resource', type, body.toString('base64')]);
  assert.equal(content.text, body);
  if (type !== 'application/json') return assert.equal(result.structuredContent, undefined);
  const value = JSON.parse(body);
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value) && outputSchema?.properties?.result === undefined;
  return assert.deepEqual(result.structuredContent, isObject ? value : { result: value });
}

const hints = {
  GET: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  POST: { readOnlyHint: false, idempotentHint: false, openWorldHint: false },
  PUT: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  PATCH: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  DELETE: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
};

for (const [make, wild] of Object.entries(wilds)) {
  describe(make, () => {
    const api = new Recorder();
    let world;
    let token;
    let narrow;
    let tools;

    const mcp = (method, params, bearer = token) => send(world.issuer, {
      method: 'POST', path: '/mcp', body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} } } }),
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, ...(params.name === undefined ? {} : { 'mcp-name': params.name }) },
    }, bearer);
    const resultOf = ({ body }) => JSON.parse(body).result;

    before(async () => {
      world = await Exposed.start({ text: wild.text, api: api.listen });
      await world.addUser(person.email, person.password);
      const client = await world.command('client', 'add', 'Caller', '--pkce', 'optional', '--redirect-uri', person.redirect);
      token = (await obtainTokens(world, client, person)).access_token;
      narrow = (await obtainTokens(world, client, { ...person, scope: wild.scopes[0] })).access_token;
      tools = [];
      for (let cursor; tools.length === 0 || cursor !== undefined;) {
        const page = resultOf(await mcp('tools/list', cursor === undefined ? {} : { cursor }));
        assert.ok(page.tools.length <= 250, 'a page has at most 250 tools');
        tools.push(...page.tools);
        cursor = page.nextCursor;
      }
    });
    after(() => world?.stop());

    test('its scopes, and what is said of what cannot be called', () => {
      assert.deepEqual(world.exposed.scopes.map(({ name }) => name), wild.scopes);
      assert.deepEqual([world.exposed.conflicts, world.exposed.no_tools], [[], wild.noTools ?? []]);
    });

    test('its tools: names, schemas of JSON Schema 2020-12, hints', () => {
      assert.deepEqual(tools.map(({ name }) => name), wild.tools);
      const methods = world.exposed.operations.filter(({ id }) => !wild.noTools?.some(({ operation }) => operation === id)).map(({ method }) => method);
      const ajv = new Ajv({ strict: false, validateFormats: false });
      for (const [i, { name, annotations, inputSchema, outputSchema }] of tools.entries()) {
        assert.deepEqual(annotations, hints[methods[i]], name);
        for (const schema of [inputSchema, outputSchema ?? { type: 'object' }]) {
          assert.equal(schema.type, 'object', name);
          assert.ok(ajv.validateSchema(schema), `${name}: ${ajv.errorsText()}`);
          ajv.compile(schema);
        }
      }
    });

    for (const { tool: name, given, answer = plainAnswer, ...expected } of wild.calls) {
      test(`${expected.method} ${expected.path}`, async () => {
        api.answer = answer;
        api.seen.length = 0;
        const passed = await send(world.issuer, expected, token);
        checkSeen(api.seen, expected);
        assert.deepEqual([passed.status, passed.headers['content-type']], [answer.status, answer.type], passed.body.toString());
        assert.deepEqual(passed.body, Buffer.from(answer.body));

        if (name === undefined) return;
        const tool = tools.find((one) => one.name === name);
        const ajv = new Ajv({ strict: false, validateFormats: false });
        const withoutNulls = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
        assert.ok(ajv.validate(tool.inputSchema, withoutNulls), `${JSON.stringify(tool.inputSchema)}: ${ajv.errorsText()}`);
        api.seen.length = 0;
        const result = resultOf(await mcp('tools/call', { name, arguments: given }));
        checkSeen(api.seen, expected);
        assert.equal(api.seen[0].headers.accept, 'application/json, */*;q=0.5');
        assert.equal(api.seen[0].headers['accept-encoding'], 'identity');
        checkResult(result, tool, answer);
        if (tool.outputSchema) assert.ok(ajv.validate(tool.outputSchema, result.structuredContent), `${JSON.stringify(tool.outputSchema)}: ${ajv.errorsText()}`);
      });
    }

    test('a scope that is missing: 403, with all that the operation needs', async () => {
      api.seen.length = 0;
      const refused = await send(world.issuer, wild.missing, narrow);
      assert.equal(refused.status, 403);
      assert.equal(/error="insufficient_scope".* scope="([^"]*)"/.exec(refused.headers['www-authenticate'])[1], wild.missing.scope);
      assert.equal((await send(world.issuer, wild.missing)).status, 401);
      const { tool: name, given } = wild.calls.find(({ method, path, tool }) => tool !== undefined && method === wild.missing.method && path.split('?')[0] === wild.missing.path.split('?')[0]) ?? {};
      if (name !== undefined) assert.equal((await mcp('tools/call', { name, arguments: given }, narrow)).status, 403);
      assert.deepEqual(api.seen, []);
    });

    test('what is not described is not found', async () => {
      api.seen.length = 0;
      for (const [method, path] of [['GET', '/nowhere/at/all'], ['LINK', wild.missing.path]]) assert.equal((await send(world.issuer, { method, path }, token)).status, 404, `${method} ${path}`);
      assert.deepEqual(api.seen, []);
    });
  });
}
