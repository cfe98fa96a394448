// A person decides about a call that waits for their word.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { obtainTokens } from '../world/sign_in.mjs';
import { root, World } from '../world/world.mjs';
import { looks, openBrowser, picture } from './browser.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const redirect = 'https://assistant.example/callback';

describe('a call that waits for its user', () => {
  let folder;
  let world;
  let browser;
  let tokens;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chatelaine-'));
    const openapi = join(folder, 'openapi.yaml');
    const marked = readFileSync(join(root, 'examples/todo/openapi.yaml'), 'utf8').replace('operationId: addTodo\n', 'operationId: addTodo\n      x-openai-isConsequential: true\n');
    writeFileSync(openapi, marked);
    world = await World.start({ withHost: false, openapi, resources: '\n[confirmation]\ncalls = "consequential"\n' });
    await world.addUser(person.email, person.password, '--name', 'Pat Person');
    const client = await world.command('client', 'add', 'Organizer', '--pkce', 'optional', '--redirect-uri', redirect);
    tokens = await obtainTokens(world, client, { ...person, redirect });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const add = async (text) => {
    const headers = { authorization: `Bearer ${tokens.access_token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${world.issuer}/todos`, { method: 'POST', headers, body: JSON.stringify({ text }) });
    return { status: answer.status, ...await answer.json() };
  };

  for (const [look, options] of looks) {
    test(`is read and allowed by keyboard alone, on a ${look}`, async () => {
      const text = `buy milk, by ${look}`;
      const { status, confirmation_uri: address } = await add(text);
      assert.equal(status, 403);
      const page = await (await browser.newContext({ javaScriptEnabled: false, ...options })).newPage();
      page.setDefaultTimeout(15_000);
      await page.goto(address);
      await page.getByLabel('E-mail').fill(person.email);
      await page.getByLabel('Password').fill(person.password);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Allow this once?' }).waitFor();
      await page.getByRole('heading', { name: 'Add a to-do' }).waitFor();
      await page.getByText(JSON.stringify({ text })).waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(width, 0, 'nothing is cut off at the side');
      await picture(page, `confirmation-${look}`);
      await page.goto(`${world.issuer}/account`);
      await page.getByRole('heading', { name: 'Waiting for your word' }).waitFor();
      await picture(page, `confirmation-account-${look}`);
      await page.getByRole('link', { name: 'Decide' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Allow once' }).focus();
      await page.keyboard.press('Enter');
      await page.getByText('Allowed once. Go back to the assistant').waitFor();
      assert.equal((await add(text)).status, 201);
      await page.context().close();
    });
  }

  test('and is denied', async () => {
    const { confirmation_uri: address } = await add('buy a house');
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(address);
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByText('Denied.').waitFor();
    assert.equal((await add('buy a house')).error, 'access_denied');
    await page.context().close();
  });
});
