// A program signs people in with OpenID Connect: what a person is asked where it wants a fresh sign-in, the choice of an account, or a sign-out.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { World } from '../world/world.mjs';
import { openBrowser, picture } from './browser.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };

describe('OpenID Connect in a browser', () => {
  let world;
  let browser;
  let program;
  let called;
  let client;
  let origin;

  before(async () => {
    program = createServer((request, response) => {
      const url = new URL(request.url, origin);
      if (url.pathname !== '/favicon.ico') called = url;
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<title>Portal</title><h1>Back at the portal</h1>');
    });
    await new Promise((done) => program.listen(0, '127.0.0.1', done));
    origin = `http://127.0.0.1:${program.address().port}`;
    world = await World.start({ withHost: false });
    await world.addUser(person.email, person.password, '--name', 'Some Person');
    client = await world.command('client', 'add', 'Portal', '--redirect-uri', `${origin}/callback`, '--post-logout-redirect-uri', `${origin}/bye`, '--pkce', 'optional');
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
    program?.closeAllConnections();
    await new Promise((done) => program.close(done));
  });

  const open = async (options) => {
    const page = await (await browser.newContext(options)).newPage();
    page.setDefaultTimeout(15_000);
    page.faults = [];
    page.on('console', (message) => message.type() === 'error' && page.faults.push(message.text()));
    return page;
  };
  const authorize = (more) =>
    `${world.issuer}/oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: `${origin}/callback`, scope: 'openid profile', state: 's', ...more })}`;
  const signIn = async (page) => {
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  const allow = async (page) => {
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByText('Back at the portal').waitFor();
    assert.match(called.searchParams.get('code'), /^ctl_ac_/);
  };

  test('OpenID Connect Core §3.1.2.1: login_hint, prompt=select_account and prompt=login, on a phone in the dark', async () => {
    const page = await open({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
    await page.goto(authorize({ login_hint: person.email }));
    assert.equal(await page.getByLabel('E-mail').inputValue(), person.email);
    await signIn(page);
    await page.getByText('know who you are here').waitFor();
    await allow(page);

    await page.goto(authorize({ prompt: 'select_account' }));
    await page.getByText('Portal asks which of your accounts it shall use.').waitFor();
    await picture(page, 'select-account');
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: 'Go on as Some Person' }).click();
    await allow(page);

    await page.goto(authorize({ prompt: 'select_account' }));
    await page.getByRole('link', { name: 'Use another account' }).click();
    await page.getByText('To go on, please sign in once more.').waitFor();
    await picture(page, 'sign-in-again');
    await page.getByLabel('E-mail').fill(person.email);
    await signIn(page);
    await allow(page);
    assert.deepEqual(page.faults, []);
  });

  test('RP-Initiated Logout §2: without an ID token the person decides', async () => {
    const page = await open();
    await page.goto(authorize({}));
    await page.getByLabel('E-mail').fill(person.email);
    await signIn(page);
    await allow(page);
    const logout = `${world.issuer}/oauth/logout?${new URLSearchParams({ client_id: client.client_id, post_logout_redirect_uri: `${origin}/bye`, state: 'later' })}`;
    await page.goto(logout);
    await page.getByText('Portal asks to sign you out here.').waitFor();
    await picture(page, 'logout');
    await page.getByRole('button', { name: 'Stay signed in' }).click();
    await page.getByText('You are still signed in').first().waitFor();
    await page.goto(logout);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('Back at the portal').waitFor();
    assert.deepEqual([called.pathname, called.searchParams.get('state')], ['/bye', 'later']);
    await page.goto(`${world.issuer}/account`);
    await page.getByLabel('Password').waitFor();
    assert.deepEqual(page.faults, []);
  });
});
