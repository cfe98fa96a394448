// What a person sees when an API has grown: what is new since they allowed an assistant, before they allow it again.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { description, Exposed } from '../world/exposed.mjs';
import { obtainTokens } from '../world/sign_in.mjs';
import { looks, openBrowser, picture } from './browser.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const redirect = 'https://assistant.example/callback';
const scope = 'todo_lists.read todo_lists.write';

describe('an API that has grown', () => {
  let world;
  let browser;
  let client;

  before(async () => {
    world = await Exposed.start();
    await world.addUser(person.email, person.password, '--name', 'Pat Person');
    client = await world.command('client', 'add', 'Organizer', '--pkce', 'optional', '--redirect-uri', redirect, '--scope', scope);
    await obtainTokens(world, client, { ...person, redirect });
    world.describe(`${description}    put: { operationId: renameList, tags: [Todo lists], summary: Rename a todo list }\n`);
    await world.expose();
    await world.reload(async () => (await (await fetch(`${world.issuer}/.well-known/openapi.yaml`)).text()).includes('Rename'));
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
  });

  for (const [look, options] of looks) {
    test(`says first what is new, on a ${look}`, async () => {
      const page = await (await browser.newContext({ javaScriptEnabled: false, ...options })).newPage();
      page.setDefaultTimeout(15_000);
      const query = new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope, state: 's' });
      await page.goto(`${world.issuer}/oauth/authorize?${query}`);
      await page.getByLabel('E-mail').fill(person.email);
      await page.getByLabel('Password').fill(person.password);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Allow Organizer?' }).waitFor();
      const news = page.getByRole('note').filter({ hasText: 'New since you allowed Organizer this:' });
      assert.deepEqual((await news.getByRole('listitem').allInnerTexts()).map((line) => line.replace(/\s+/g, ' ').trim()), ['Rename a todo list changes']);
      const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(width, 0, 'nothing is cut off at the side');
      await picture(page, `openings-${look}`);
      await page.context().close();
    });
  }
});
