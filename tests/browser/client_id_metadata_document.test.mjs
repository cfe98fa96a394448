// What a person sees of a client that says itself what it is: whose it is, and, where the access goes to this computer, that nobody can check that.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Canary } from '../world/canary.mjs';
import { World } from '../world/world.mjs';
import { openBrowser, picture } from './browser.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };

describe('the consent page of a client by its own document', () => {
  let world;
  let canary;
  let browser;

  before(async () => {
    canary = await Canary.start();
    world = await World.start({ withHost: false, fetch: `allow_local = true\nca_file = "${canary.certificate}"` });
    await world.addUser(person.email, person.password, '--name', 'Ada Lovelace');
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
    await canary?.stop();
  });

  const open = async (clientId, redirectUri, options = {}) => {
    const page = await (await browser.newContext(options)).newPage();
    page.setDefaultTimeout(20_000);
    const query = new URLSearchParams({
      response_type: 'code', client_id: clientId, redirect_uri: redirectUri, scope: 'todos.read', state: 's',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256',
    });
    await page.goto(`${world.issuer}/oauth/authorize?${query}`);
    return page;
  };
  const signIn = async (page) => {
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Allow' }).waitFor();
  };

  test('THREATS N43: one on this computer cannot show whose it is', async () => {
    const clientId = canary.serveClient('/terminal.json', { client_name: 'Terminal', redirect_uris: ['http://127.0.0.1/callback'] });
    for (const [name, options] of Object.entries({ light: {}, dark: { colorScheme: 'dark' }, narrow: { viewport: { width: 360, height: 740 } } })) {
      const page = await open(clientId, 'http://127.0.0.1:34567/callback', options);
      await signIn(page);
      const note = page.getByRole('note');
      assert.match(await note.innerText(), new RegExp(`It says that it belongs to localhost:${canary.port}\\. Nobody can check that`));
      await picture(page, `consent_local_document_${name}`);
      await page.context().close();
    }
  });

  test('MCP authorization: one on the web shows its host and where it leads', async () => {
    const clientId = canary.serveClient('/web.json', { client_name: 'Assistant <b>', redirect_uris: ['https://other.example/callback'] });
    const page = await open(clientId, 'https://other.example/callback');
    await signIn(page);
    const words = await page.locator('main').innerText();
    assert.match(words, new RegExp(`Assistant <b> belongs to localhost:${canary.port}, which gave it this name\\.`));
    assert.match(words, /You will be taken back to other\.example\./);
    await picture(page, 'consent_document');
  });

  test('one that cannot be used is explained', async () => {
    const page = await open(canary.serveClient('/secret.json', { client_secret: 'x' }), 'https://assistant.example/callback');
    assert.match(await page.locator('main').innerText(), /The document is public: take the member client_secret out\./);
    await picture(page, 'unusable_document');
  });
});
