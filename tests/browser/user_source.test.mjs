// A person signs in at the provider that they have already, and gives an assistant its token: by mouse, by keyboard, on a phone in the dark, and where no
// scripts run.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { World } from '../world/world.mjs';
import { openBrowser, picture } from './browser.mjs';

const person = { email: 'person@contoso.example', password: 'correct horse battery staple' };

describe('a user source in a browser', () => {
  let folder;
  let behind;
  let front;
  let browser;
  let assistant;
  let origin;
  let called;
  let client;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chatelaine-source-'));
    assistant = createServer((request, response) => {
      const url = new URL(request.url, origin);
      if (url.pathname !== '/favicon.ico') called = url;
      response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Assistant</title><h1>Back at the assistant</h1>');
    });
    await new Promise((done) => assistant.listen(0, '127.0.0.1', done));
    origin = `http://127.0.0.1:${assistant.address().port}`;
    behind = await World.start({ withHost: false, publicAddress: '127.0.0.2' });
    await behind.addUser(person.email, person.password, '--name', 'Some Person', '--subject', 'person-of-contoso');
    const facade = await behind.command('client', 'add', 'The façade', '--redirect-uri', 'http://127.0.0.1/not-known-yet');
    writeFileSync(join(folder, 'secret'), facade.client_secret, { mode: 0o600 });
    front = await World.start({
      withHost: false,
      sources: `[[user_source]]
name = "contoso"
label = "Contoso"
issuer = "${behind.issuer}"
client_id = "${facade.client_id}"
client_secret_file = "${join(folder, 'secret')}"
allowed_email_domains = ["contoso.example"]
trust_email = true
networks = ["127.0.0.0/8"]
subject_claim = "sub"
`,
    });
    await behind.command('client', 'update', facade.client_id, '--redirect-uri', `${front.issuer}/sign-in/contoso/callback`);
    client = await front.command('client', 'add', 'Assistant', '--redirect-uri', `${origin}/callback`, '--pkce', 'optional');
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await front?.stop();
    await behind?.stop();
    assistant?.closeAllConnections();
    await new Promise((done) => assistant.close(done));
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const open = async (options) => {
    const page = await (await browser.newContext(options)).newPage();
    page.setDefaultTimeout(15_000);
    page.faults = [];
    page.on('console', (message) => message.type() === 'error' && page.faults.push(message.text()));
    return page;
  };
  const authorizeUrl = (more = {}) =>
    `${front.issuer}/oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: `${origin}/callback`, scope: 'openid todos.read', state: 's', ...more })}`;
  /** At the provider behind: the password, and what Chatelaine there asks for its client on loopback each time. */
  const signInBehind = async (page) => {
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The façade').first().waitFor();
    await page.getByRole('button', { name: 'Allow' }).click();
  };
  const finish = async (page) => {
    await page.getByText('Back at the assistant').waitFor();
    const body = new URLSearchParams({ grant_type: 'authorization_code', code: called.searchParams.get('code'), redirect_uri: `${origin}/callback`, client_id: client.client_id, client_secret: client.client_secret });
    const tokens = await (await fetch(`${front.issuer}/oauth/token`, { method: 'POST', body })).json();
    assert.equal(JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url')).sub, 'person-of-contoso');
    assert.deepEqual(page.faults, []);
  };
  const noSidewaysScroll = async (page) => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'the page scrolls sideways');

  test('the first time: the button, the provider behind, what it is asked to tell, what the assistant is allowed', async () => {
    const page = await open({ viewport: { width: 900, height: 800 } });
    await page.goto(authorizeUrl());
    await page.getByRole('link', { name: 'Sign in with Contoso' }).waitFor();
    await picture(page, 'user-source-sign-in');
    await page.getByRole('link', { name: 'Sign in with Contoso' }).click();
    await page.waitForURL(`${behind.issuer}/**`);
    await signInBehind(page);
    await page.waitForURL(`${front.issuer}/oauth/authorize**`);
    await page.getByText('Assistant').first().waitFor();
    await picture(page, 'user-source-consent');
    await page.getByRole('button', { name: 'Allow' }).click();
    await finish(page);
    await page.goto(`${front.issuer}/account`);
    await page.getByText('You sign in with Contoso.').waitFor();
    await picture(page, 'user-source-account');
  });

  test('on a phone in the dark, by keyboard alone and without scripts', async () => {
    const page = await open({ viewport: { width: 360, height: 740 }, colorScheme: 'dark', javaScriptEnabled: false });
    await page.goto(authorizeUrl({ prompt: 'consent' }));
    await picture(page, 'user-source-sign-in-phone-dark');
    for (let i = 0; i < 5; ++i) {
      await page.keyboard.press('Tab');
      if (await page.locator(':focus').evaluate((element) => element.textContent).catch(() => '') === 'Sign in with Contoso') break;
    }
    assert.equal(await page.locator(':focus').textContent(), 'Sign in with Contoso');
    const box = await page.locator(':focus').boundingBox();
    assert.ok(box.height >= 44 && box.width <= 360, 'WCAG 2.2 §2.5.8: a target that a thumb finds');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${behind.issuer}/**`);
    await signInBehind(page);
    await page.waitForURL(`${front.issuer}/oauth/authorize**`);
    await page.getByRole('button', { name: 'Allow' }).click();
    await finish(page);
  });

  test('what went wrong is a page that says whose turn it is', async () => {
    const page = await open({ viewport: { width: 360, height: 740 } });
    await page.goto(`${front.issuer}/sign-in/contoso/callback?state=x&code=y`);
    await page.getByText('was not begun in this browser').waitFor();
    await noSidewaysScroll(page);
    await picture(page, 'user-source-not-begun-here-phone');
    await page.getByRole('link', { name: 'Back to the sign-in' }).click();
    await page.getByRole('link', { name: 'Sign in with Contoso' }).waitFor();
    await noSidewaysScroll(page);

    await front.command('user', 'disable', person.email);
    await page.getByRole('link', { name: 'Sign in with Contoso' }).click();
    await signInBehind(page);
    await page.getByText('Your account here is switched off.').waitFor();
    await picture(page, 'user-source-disabled-phone');
    // Whoever is next at this browser is asked at the provider behind who they are.
    await page.getByRole('link', { name: 'Sign in as somebody else' }).click();
    await page.getByRole('link', { name: 'Sign in with Contoso' }).click();
    await page.waitForURL(`${behind.issuer}/**`);
    await page.getByLabel('Password').waitFor();
    await front.command('user', 'enable', person.email);
  });
});
