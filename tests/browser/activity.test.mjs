// What a person sees of their assistants' doings on the account page, and how one is ended there.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Exposed } from '../world/exposed.mjs';
import { obtainTokens } from '../world/sign_in.mjs';
import { looks, openBrowser, picture } from './browser.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const redirect = 'https://assistant.example/callback';

describe('what an assistant did', () => {
  let world;
  let browser;
  let tokens;

  const call = (method, path) => fetch(`${world.issuer}${path}`, { method, headers: { authorization: `Bearer ${tokens.access_token}` } });

  before(async () => {
    world = await Exposed.start();
    await world.addUser(person.email, person.password, '--name', 'Pat Person');
    const client = await world.command('client', 'add', 'Organizer', '--pkce', 'optional', '--redirect-uri', redirect, '--scope', 'todo_lists.read todo_lists.write');
    tokens = await obtainTokens(world, client, { ...person, redirect });
    for (let i = 0; i < 22; ++i) assert.equal((await call('GET', '/v1/lists')).status, 200);
    for (const [method, path, status] of [['GET', '/v1/lists', 200], ['POST', '/v1/lists', 200], ['DELETE', '/v1/lists/7', 403]])
      assert.equal((await call(method, path)).status, status);
    // Written within a second.
    await new Promise((done) => setTimeout(done, 1500));
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
  });

  async function openAccount(options = {}) {
    const page = await (await browser.newContext({ javaScriptEnabled: false, ...options })).newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${world.issuer}/account`);
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Your account', exact: true }).waitFor();
    return page;
  }

  for (const [look, options] of looks) {
    test(`is told in words, on a ${look}`, async () => {
      const page = await openAccount(options);
      // By keyboard: a summary is a button.
      await page.getByText('What it did lately').focus();
      await page.keyboard.press('Enter');
      const lines = await page.locator('.calls').getByRole('listitem').allInnerTexts();
      assert.deepEqual(lines.map((line) => line.replace(/\s*\d+ \w+ \d{4}, \d\d:\d\d UTC/g, '').replace(/ since$/, '').trim()), ['Delete a todo list refused', 'Add a todo list', 'Read your todo lists, 18 times']);
      const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(width, 0, 'nothing is cut off at the side');
      await picture(page, `activity-${look}`);
      await page.getByRole('link', { name: 'All it did' }).click();
      await page.getByRole('heading', { level: 1, name: 'What an assistant did' }).waitFor();
      assert.match(await page.locator('.calls').innerText(), /, 23 times/);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
      await picture(page, `all-activity-${look}`);
      await page.getByRole('link', { name: 'Your account' }).click();
      await page.getByRole('heading', { level: 1, name: 'Your account', exact: true }).waitFor();
      await page.context().close();
    });
  }

  test('and an assistant is ended there, at once', async () => {
    const page = await openAccount();
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByText('That assistant can do nothing more in your name.').waitFor();
    assert.equal((await call('GET', '/v1/lists')).status, 401);
    await page.context().close();
  });
});
