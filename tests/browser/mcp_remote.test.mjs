// mcp-remote, by which hosts that only start programs reach servers like ours: it opens a browser, in which a person signs in and allows; then it lists and calls, refreshes, and comes back.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { newerNode } from '../world/newer_node.mjs';
import '../world/web_crypto.mjs';
import { root, World } from '../world/world.mjs';
import { openBrowser, picture } from './browser.mjs';

const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const program = join(root, 'tests/node_modules/mcp-remote/dist/proxy.js');
const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

describe('mcp-remote', () => {
  let world;
  let browser;
  let folder;
  let opened;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mcp-remote-'));
    opened = join(folder, 'opened');
    // What a desktop does for whoever opens a browser.
    writeFileSync(join(folder, 'browser'), `#!/bin/sh\nprintf '%s' "$1" > '${opened}.part' && mv '${opened}.part' '${opened}'\n`);
    chmodSync(join(folder, 'browser'), 0o755);
    world = await World.start({ withHost: false, tokens: 'access_lifetime = "4s"' });
    await world.addUser(person.email, person.password, '--subject', 'user-1');
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A host's end of the program, which it starts. */
  function startProgram() {
    const transport = new StdioClientTransport({
      command: newerNode, args: [program, `${world.issuer}/mcp`], stderr: 'pipe',
      env: { PATH: process.env.PATH, HOME: folder, BROWSER: join(folder, 'browser'), MCP_REMOTE_CONFIG_DIR: join(folder, 'kept') },
    });
    transport.log = '';
    transport.stderr.on('data', (data) => (transport.log += data));
    const client = new Client({ name: 'MCP host', version: '1' });
    const connected = client.connect(transport, { timeout: 45_000 });
    connected.catch(() => {});
    return { client, connected, transport };
  }

  async function waitForBrowser(transport) {
    for (let tries = 0; tries < 300 && !existsSync(opened); ++tries) await sleep(100);
    assert.ok(existsSync(opened), `no browser was opened:\n${transport.log}`);
    return readFileSync(opened, 'utf8');
  }

  const addTodo = async (client, text) => (await client.callTool({ name: 'addTodo', arguments: { text } })).structuredContent.text;

  test('a person signs in, in a browser, and tools are listed and called; a token that ends is refreshed', async () => {
    const { client, connected, transport } = startProgram();
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(15_000);
    const url = await waitForBrowser(transport);
    assert.equal(new URL(url).searchParams.get('resource'), `${world.issuer}/mcp`);
    await page.goto(url);
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await picture(page, 'consent-mcp-remote');
    await page.getByRole('button', { name: 'Allow' }).click();
    await connected;
    const names = (await client.listTools()).tools.map(({ name }) => name);
    assert.ok(names.includes('addTodo') && names.includes('listTodos'), names.join());
    assert.equal(await addTodo(client, 'milk'), 'milk');
    await sleep(4_500);
    assert.equal(await addTodo(client, 'bread'), 'bread', transport.log);
    assert.ok(world.tap.to('/oauth/token').some(({ body }) => body.includes('grant_type=refresh_token')));
    await client.close();
  });

  test('started again, it comes back with what it has kept, and opens no browser', async () => {
    rmSync(opened, { force: true });
    await sleep(4_500);
    const { client, connected, transport } = startProgram();
    await connected;
    assert.equal(await addTodo(client, 'eggs'), 'eggs', transport.log);
    assert.equal(existsSync(opened), false);
    await client.close();
  });
});
