// The protocol's own suite, @modelcontextprotocol/conformance: what each release requires of a server. The suite knows a server by its tools; here they are the operations of
// an API that does what it asks for. It cannot sign in: the token that a person has allowed is added on the way.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { newerNode } from '../world/newer_node.mjs';
import { obtainTokens } from '../world/sign_in.mjs';
import { root, run, World } from '../world/world.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple', redirect: 'https://assistant.example/callback' };
const suite = join(root, 'tests/node_modules/@modelcontextprotocol/conformance/dist/index.js');
const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** By the name of the tool: what the API answers, and how. */
const operations = {
  test_simple_text: async () => [200, 'text/plain', 'This is a simple text response for testing.'],
  test_image_content: async () => [200, 'image/png', picture],
  test_audio_content: async () => [200, 'audio/wav', Buffer.from('RIFF')],
  test_embedded_resource: async () => [200, 'application/pdf', Buffer.from('%PDF')],
  test_error_handling: async () => [500, 'text/plain', 'This tool intentionally returns an error for testing'],
  test_tool_with_progress: async () => {
    await sleep(3_600); // A progress each second, of which it wants three.
    return [200, 'text/plain', 'done'];
  },
  test_logging_tool: async () => [200, 'text/plain', 'nothing is logged to the client'],
  test_streaming_elicitation: async () => [200, 'text/plain', 'nothing is asked of the client'],
};

const describeOperation = (operationId) => ({ post: { operationId, summary: operationId, security: [], responses: { 200: { description: 'The answer.' } } } });

describe('@modelcontextprotocol/conformance', () => {
  let folder;
  let api;
  let world;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'conformance-'));
    const openapi = join(folder, 'openapi.json');
    const describeApi = (names) => writeFileSync(openapi, JSON.stringify({
      openapi: '3.1.0', info: { title: 'Conformance', version: '1' }, paths: Object.fromEntries(names.map((name) => [`/${name}`, describeOperation(name)])),
    }));
    // The list of tools changes with the file, which the server reads again when it is told to.
    let changes = 0;
    operations.test_trigger_tool_change = async () => {
      describeApi([...Object.keys(operations), `changed_${++changes}`]);
      world.provider.child.kill('SIGHUP');
      return [200, 'text/plain', 'changed'];
    };
    describeApi(Object.keys(operations));
    api = createServer(async (request, response) => {
      const [status, type, body] = await operations[request.url.slice(1)]();
      response.writeHead(status, { 'content-type': type });
      response.end(body);
    });
    await new Promise((done) => api.listen(0, '127.0.0.1', done));
    world = await World.start({ withHost: false, openapi, upstream: `http://127.0.0.1:${api.address().port}`, tokens: 'access_lifetime = "1h"' });
    await world.addUser(person.email, person.password);
    const client = await world.command('client', 'add', 'Conformance', '--pkce', 'optional', '--redirect-uri', person.redirect);
    const { access_token } = await obtainTokens(world, client, person);
    world.tap.added = { authorization: `Bearer ${access_token}` };
  });
  after(async () => {
    await world?.stop();
    api?.closeAllConnections();
    await new Promise((done) => api.close(done));
    rmSync(folder, { recursive: true, force: true });
  });

  // Of the oldest release the suite has no frozen list, but knows which of its scenarios are for it.
  for (const [choice, release] of [['--requirements', '2026-07-28'], ['--requirements', '2025-11-25'], ['--spec-version', '2025-06-18']]) {
    test(`what release ${release} requires of a server`, async () => {
      const baseline = join(root, 'tests/clients/mcp_conformance.yaml');
      const { code, stdout, stderr } = await run(newerNode, [suite, 'server', '--url', `${world.issuer}/mcp`, choice, release, '--expected-failures', baseline, '--output-dir', folder]);
      assert.equal(code, 0, stdout + stderr);
    });
  }
});
