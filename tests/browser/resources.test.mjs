// An assistant asks for two APIs at once (RFC 8707 §2.1): the page says which, with JavaScript switched off, on a computer and on a telephone in the dark.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { World } from '../world/world.mjs';
import { looks, openBrowser, picture } from './browser.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const redirect = 'https://assistant.example/callback';
const notes = 'https://notes.example/mcp';

describe('a consent for several resources', () => {
  let world;
  let browser;
  let client;

  before(async () => {
    world = await World.start({ withHost: false, resources: `\n[[resource]]\nidentifier = "${notes}"\nname = "Notes"\nscopes = ["todos.read"]` });
    await world.addUser(person.email, person.password, '--name', 'Pat Person');
    client = await world.command('client', 'add', 'Organizer', '--pkce', 'optional', '--redirect-uri', redirect);
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
  });

  /** Signed in, at the consent page for those resources. */
  async function openConsent(resources, options) {
    const page = await (await browser.newContext({ javaScriptEnabled: false, ...options })).newPage();
    page.setDefaultTimeout(15_000);
    const query = new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect });
    for (const resource of resources) query.append('resource', resource);
    await page.goto(`${world.issuer}/oauth/authorize?${query}`);
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Allow Organizer?', exact: true }).waitFor();
    return page;
  }
  const namesOf = (page) => page.getByRole('list', { name: 'At', exact: true }).getByRole('listitem').allInnerTexts();

  for (const [look, options] of looks) {
    test(`both are named, on a ${look}`, async () => {
      const page = await openConsent([world.issuer, notes], options);
      assert.deepEqual(await namesOf(page), ['Todo', 'Notes']);
      const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(width, 0, 'nothing is cut off at the side');
      await picture(page, `resources-${look}`);
      await page.getByText('Technical details').click();
      await page.getByText(notes, { exact: true }).waitFor();
      await page.context().close();
    });
  }

  test('where only the usual API is meant, none is', async () => {
    const page = await openConsent([]);
    assert.deepEqual(await namesOf(page), []);
    await page.context().close();
  });
});
