// A program on somebody's machine registers itself (RFC 7591), and the person sees whom they allow: that nobody has checked it, and where they will be taken.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { World } from '../world/world.mjs';
import { openBrowser, picture } from './browser.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const challenge = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };

describe('the consent page of a client that registered itself', () => {
  let world;
  let browser;
  let program;
  let called;

  before(async () => {
    program = createServer((request, response) => {
      const url = new URL(request.url, 'http://127.0.0.1');
      if (url.pathname === '/callback') called = url; // A browser also asks for an icon.
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<title>Todo CLI</title><h1>You can close this</h1>');
    });
    await new Promise((done) => program.listen(0, '127.0.0.1', done));
    world = await World.start({ withHost: false });
    await world.addUser(person.email, person.password);
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
    program?.closeAllConnections();
    await new Promise((done) => program.close(done));
  });

  const register = async (metadata) => {
    const answer = await fetch(`${world.issuer}/oauth/register`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(metadata) });
    assert.equal(answer.status, 201);
    return answer.json();
  };
  const ask = async (client, redirect, options) => {
    const page = await (await browser.newContext(options)).newPage();
    page.setDefaultTimeout(15_000);
    page.faults = [];
    page.on('console', (message) => message.type() === 'error' && page.faults.push(message.text()));
    page.on('request', (request) => !request.url().startsWith(world.issuer) && !request.url().startsWith(redirect) && page.faults.push(request.url()));
    await page.goto(`${world.issuer}/oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope: 'todos.read', state: 's', ...challenge })}`);
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    return page;
  };

  test('RFC 7591, RFC 8252 §8.6: a public client on loopback is marked, allowed, and gets its code', async () => {
    const client = await register({ client_name: 'Todo CLI', redirect_uris: ['http://127.0.0.1/callback'], token_endpoint_auth_method: 'none' });
    const redirect = `http://127.0.0.1:${program.address().port}/callback`;
    const page = await ask(client, redirect);
    await page.getByText('Todo CLI registered itself here: it chose that name, and nobody has checked it.').waitFor();
    await picture(page, 'consent-registered-loopback');
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByText('You can close this').waitFor();
    assert.match(called.searchParams.get('code'), /^ctl_ac_/);
    assert.equal(called.searchParams.get('state'), 's');
    assert.deepEqual(page.faults.filter((fault) => !fault.includes('favicon')), []);
  });

  test('THREATS N38, RFC 7591 §5: a name that is markup is text, and its logo is never fetched', async () => {
    const client = await register({
      client_name: '<img src=x onerror=alert(1)> javascript:alert(1)', redirect_uris: ['https://evil.example/cb'], logo_uri: 'https://evil.example/logo.png', client_uri: 'https://evil.example/',
    });
    const page = await ask(client, 'https://evil.example/cb', { colorScheme: 'dark', viewport: { width: 390, height: 844 } });
    await page.getByText('<img src=x onerror=alert(1)> javascript:alert(1) registered itself here').waitFor();
    await page.getByText('evil.example', { exact: true }).waitFor();
    await picture(page, 'consent-registered-markup');
    assert.deepEqual(page.faults, []);
  });
});
