// A relying party that asks for response_mode=form_post (OAuth 2.0 Form Post Response Mode §2) gets its answer as a form that a real browser posts: by itself where scripts run, by a button where not.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { World } from '../world/world.mjs';
import { openBrowser, picture } from './browser.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };

describe('response_mode=form_post in a real browser', () => {
  let world;
  let browser;
  let client;
  let relyingParty;
  let redirect;
  const posted = [];
  let delay = 0;

  before(async () => {
    relyingParty = createServer((request, response) => {
      let body = '';
      request.on('data', (data) => (body += data));
      request.on('end', async () => {
        if (request.url.startsWith('/callback')) posted.push({ method: request.method, type: request.headers['content-type'], fields: Object.fromEntries(new URLSearchParams(body)) });
        // Slow enough for somebody who wonders whether to press the button.
        await new Promise((done) => setTimeout(done, delay));
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<title>Relying party</title><h1>Welcome back</h1>');
      });
    });
    await new Promise((done) => relyingParty.listen(0, '127.0.0.1', done));
    redirect = `http://127.0.0.1:${relyingParty.address().port}/callback?tenant=1`;
    world = await World.start({ withHost: false });
    await world.addUser(person.email, person.password);
    client = await world.command('client', 'add', 'Calendar', '--pkce', 'optional', '--redirect-uri', redirect);
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
    relyingParty?.closeAllConnections();
    await new Promise((done) => relyingParty.close(done));
  });

  /** Signs in and decides; what the relying party was posted is in `posted`. */
  const decide = async (page, decision, state) => {
    posted.length = 0;
    const query = new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope: '', response_mode: 'form_post', state });
    await page.goto(`${world.issuer}/oauth/authorize?${query}`);
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: decision }).click();
  };
  const open = async (options) => {
    const page = await (await browser.newContext(options)).newPage();
    page.setDefaultTimeout(15_000);
    page.faults = [];
    page.on('console', (message) => message.type() === 'error' && page.faults.push(message.text()));
    return page;
  };

  test('with scripts it goes on by itself, and the code that was posted is good', async () => {
    const page = await open();
    const state = 'a&b="<e>"';
    await decide(page, 'Allow', state);
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    assert.deepEqual(page.faults, []);
    assert.equal(page.url(), redirect, 'nothing of the answer is in the address');
    assert.equal(posted.length, 1);
    const [{ method, type, fields }] = posted;
    assert.equal(method, 'POST');
    assert.equal(type, 'application/x-www-form-urlencoded');
    assert.deepEqual(Object.keys(fields), ['code', 'state', 'iss']);
    assert.equal(fields.state, state);
    assert.equal(fields.iss, world.issuer);
    const body = new URLSearchParams({ grant_type: 'authorization_code', code: fields.code, redirect_uri: redirect, client_id: client.client_id, client_secret: client.client_secret });
    const answer = await fetch(`${world.issuer}/oauth/token`, { method: 'POST', body });
    assert.equal(answer.status, 200);
  });

  test('while it goes on its button does nothing, and the way back posts nothing again', async () => {
    const page = await open();
    delay = 1500;
    // Playwright looks at no page that another is about to take the place of: the page says by itself what becomes of its button.
    const said = [];
    page.on('console', (message) => said.push(message.text()));
    await page.addInitScript(() => setTimeout(() => console.log(document.querySelector('h1').innerText, document.querySelector('main button')?.disabled), 500));
    await decide(page, 'Allow', 's');
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    assert.ok(said.includes('Almost there true'), said.join('; '));
    delay = 0;
    // To the question, or, where the page had been loaded whole before it went on, to the browser's own about sending a form again.
    await page.goBack().catch(({ message }) => assert.match(message, /ERR_CACHE_MISS/));
    assert.equal(posted.length, 1);
  });

  test('without scripts a button does, reached by keyboard', async () => {
    const page = await open({ javaScriptEnabled: false, viewport: { width: 390, height: 700 }, colorScheme: 'dark' });
    await decide(page, 'Deny', 's');
    await picture(page, 'form-post');
    assert.match(await page.locator('main').innerText(), /taken back to 127\.0\.0\.1/);
    assert.equal(posted.length, 0);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    assert.deepEqual(page.faults, []);
    assert.equal(posted[0].fields.error, 'access_denied');
    assert.equal(posted[0].fields.state, 's');
    assert.equal(posted[0].fields.iss, world.issuer);
  });
});
