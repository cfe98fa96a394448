// The consent page of an exposed API, written from its operations: what the assistant may do, what changes and deletes, what it cannot do.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Exposed } from '../world/exposed.mjs';
import { looks, openBrowser, picture } from './browser.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const redirect = 'https://assistant.example/callback';

describe('a consent in the words of the API', () => {
  let world;
  let browser;
  let client;

  before(async () => {
    world = await Exposed.start();
    await world.addUser(person.email, person.password, '--name', 'Pat Person');
    client = await world.command('client', 'add', 'Organizer', '--pkce', 'optional', '--redirect-uri', redirect);
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
  });

  for (const [look, options] of looks) {
    test(`on a ${look}`, async () => {
      const page = await (await browser.newContext({ javaScriptEnabled: false, ...options })).newPage();
      page.setDefaultTimeout(15_000);
      const query = new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope: 'todo_lists.read todo_lists.delete' });
      await page.goto(`${world.issuer}/oauth/authorize?${query}`);
      await page.getByLabel('E-mail').fill(person.email);
      await page.getByLabel('Password').fill(person.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { level: 1, name: 'Allow Organizer?', exact: true }).waitFor();
      const lines = (name) => page.getByRole('list', { name, exact: true }).getByRole('listitem').allInnerTexts();
      assert.deepEqual(await lines('Organizer wants to'), ['Read todo lists', 'Delete todo lists deletes']);
      assert.deepEqual(await lines('It cannot'), ['see your password', 'Add and change todo lists changes']);
      const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(width, 0, 'nothing is cut off at the side');
      await page.getByText('Technical details').click();
      await page.getByText('Delete a todo list DELETE /v1/lists/{id}').waitFor();
      await picture(page, `expose-${look}`);
      await page.context().close();
    });
  }
});
