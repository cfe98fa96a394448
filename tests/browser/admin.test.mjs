// An administrator reads why a sign-in failed: by mouse, by keyboard, on a phone in the dark, without scripts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { allow } from '../world/sign_in.mjs';
import { World } from '../world/world.mjs';
import { looks, openBrowser, picture } from './browser.mjs';

const administrator = { email: 'root@example.com', password: 'a password that only administrators know' };
const person = { email: 'ada@example.com', password: 'correct horse battery staple' };
const redirect = 'https://chat.example.com/aip/plugin-1/oauth/callback';

describe('the pages for administrators, in a browser', () => {
  let world;
  let browser;
  let failed;

  before(async () => {
    world = await World.start({ withHost: false, admin: 'enabled = true' });
    await world.addUser(administrator.email, administrator.password, '--role', 'administrator');
    await world.addUser(person.email, person.password);
    const client = await world.command('client', 'add', 'ChatGPT plugin', '--redirect-uri', redirect, '--pkce', 'optional');
    await world.command('client', 'add', 'Nightly report', '--grant', 'client_credentials');
    const register = (metadata) => fetch(`${world.issuer}/oauth/register`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(metadata) });
    assert.equal((await register({ client_name: 'Todo CLI', redirect_uris: ['http://127.0.0.1/callback'], token_endpoint_auth_method: 'none' })).status, 201);
    const longest = `https://${'very-'.repeat(10)}long.evil.example`;
    assert.equal((await register({ client_name: '<img src=x onerror=alert(1)>', redirect_uris: [`${longest}/callback`] })).status, 201);
    const query = new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope: 'todos.read', state: 's' });
    const code = new URL(await allow(`${world.issuer}/oauth/authorize?${query}`, person)).searchParams.get('code');
    const exchange = (more) => fetch(`${world.issuer}/oauth/token`, {
      method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code', client_id: client.client_id, client_secret: client.client_secret, code, redirect_uri: redirect, ...more }),
    });
    failed = (await exchange({ redirect_uri: 'https://chat.example.com/aip/plugin-2/oauth/callback' })).headers.get('x-request-id');
    await fetch(`${world.issuer}/oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: '<script>alert(1)</script>' })}`);
    browser = await openBrowser();
    // What is recorded is written within a second.
    for (const deadline = Date.now() + 10_000; (await world.command('trace')).length < 2; await new Promise((done) => setTimeout(done, 100))) assert.ok(Date.now() < deadline);
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
  });

  const open = async (path, options) => {
    const page = await (await browser.newContext(options)).newPage();
    page.setDefaultTimeout(15_000);
    page.faults = [];
    page.on('console', (message) => message.type() === 'error' && page.faults.push(message.text()));
    page.on('request', (request) => !request.url().startsWith(world.issuer) && page.faults.push(request.url()));
    await page.goto(`${world.issuer}${path}`);
    await page.getByLabel('E-mail').fill(administrator.email);
    await page.getByLabel('Password').fill(administrator.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Administration' }).waitFor();
    return page;
  };
  const noSidewaysScroll = async (page) => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${page.url()} scrolls sideways`);
  /** What a finger has to hit is 24 pixels high at least (WCAG 2.2 AA 2.5.8). */
  const tallEnough = async (page) => assert.deepEqual(await page.$$eval('a, button, input', (all) => all.filter((one) => one.getBoundingClientRect().height < 24).map((one) => one.outerHTML)), []);

  for (const [look, options] of looks) {
    test(`THREATS N38: every page says what it has to, and nothing of it is markup (${look})`, async () => {
      const page = await open('/admin', { ...options, javaScriptEnabled: true });
      await page.getByRole('heading', { name: 'Administration' }).waitFor();
      await page.getByText('PKCE is optional: a stolen code needs no verifier').waitFor();
      await page.getByRole('heading', { name: '<img src=x onerror=alert(1)>' }).waitFor();
      assert.equal(await page.locator('main img').count(), 0);
      await noSidewaysScroll(page);
      await tallEnough(page);
      await picture(page, `admin-clients-${look}`);

      await page.getByRole('link', { name: 'Flows', exact: true }).click();
      await page.getByRole('heading', { name: 'What was odd or failed, newest first' }).waitFor();
      await page.getByText('failed').first().waitFor();
      await noSidewaysScroll(page);
      await tallEnough(page);
      await picture(page, `admin-flows-${look}`);

      await page.goto(`${world.issuer}/admin/flows/${failed}`);
      await page.getByRole('heading', { name: 'Token request failed', exact: true }).first().waitFor();
      await page.getByText(person.email).first().waitFor();
      await noSidewaysScroll(page);
      await tallEnough(page);
      await picture(page, `admin-flow-${look}`);
      assert.deepEqual(page.faults, []);

      await page.goto(`${world.issuer}/admin/flows/0000000000000000`);
      await page.getByText('Nothing is recorded of the request 0000000000000000.').waitFor();
      await picture(page, `admin-unknown-${look}`);
    });
  }

  test('by keyboard alone, without scripts, on a narrow screen', async () => {
    const page = await open('/admin/flows', { javaScriptEnabled: false, viewport: { width: 320, height: 640 }, colorScheme: 'dark' });
    const focused = () => page.locator(':focus');
    const tabTo = async (locator) => {
      for (let i = 0; i < 30; ++i) {
        await page.keyboard.press('Tab');
        if (await locator.and(focused()).count()) return;
      }
      assert.fail(`${locator} was not reached`);
    };
    await tabTo(page.getByLabel('Look up a request'));
    await page.keyboard.type('nonsense');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('That is no request\'s id').waitFor();
    assert.equal(await focused().getAttribute('id'), 'request', 'the field that is wrong has the focus');
    await noSidewaysScroll(page);
    await picture(page, 'admin-flows-wrong-id');
    await page.keyboard.press('Control+A');
    await page.keyboard.type(failed.toUpperCase());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'A flow' }).waitFor();
    await noSidewaysScroll(page);
    await tabTo(page.getByRole('link', { name: 'Clients', exact: true }));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Administration' }).waitFor();
    await tabTo(page.getByRole('link', { name: 'Only those with weaknesses' }));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Clients with weaknesses' }).waitFor();
    assert.equal(await page.getByText('Nightly report').count(), 0);
    await noSidewaysScroll(page);
    await picture(page, 'admin-weak-narrow');
  });
});
