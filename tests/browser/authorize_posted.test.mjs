// Another site's form posts an authorization request (OpenID Connect Core §3.1.2.1). The session's cookie does not come with it, and yet who is signed in is not asked to sign in again.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { World } from '../world/world.mjs';
import { openBrowser } from './browser.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };

describe('an authorization request that a form of another site posts', () => {
  let world;
  let browser;
  let site;
  let origin;
  let form = '';

  before(async () => {
    site = createServer((request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(request.url === '/' ? form : '<h1>Welcome back</h1>');
    });
    await new Promise((done) => site.listen(0, '127.0.0.1', done));
    // localhost and 127.0.0.1 are two sites to a browser.
    origin = `http://localhost:${site.address().port}`;
    world = await World.start({ withHost: false });
    await world.addUser(person.email, person.password);
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
    site?.closeAllConnections();
    await new Promise((done) => site.close(done));
  });

  test('leads to the consent page of who is signed in', async () => {
    const client = await world.command('client', 'add', 'Calendar', '--pkce', 'optional', '--redirect-uri', `${origin}/callback`);
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${world.issuer}/sign-in`);
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/account');

    const fields = { response_type: 'code', client_id: client.client_id, redirect_uri: `${origin}/callback`, scope: '', state: 'a+b' };
    const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`).join('');
    form = `<form method="post" action="${world.issuer}/oauth/authorize">${inputs}<button>Sign in with Todo</button></form>`;
    await page.goto(`${origin}/`);
    world.tap.clear();
    await page.getByRole('button', { name: 'Sign in with Todo' }).click();
    await page.getByRole('heading', { name: 'Allow Calendar?' }).waitFor();
    const [post, get] = world.tap.to('/oauth/authorize');
    assert.deepEqual([post.method, post.status, post.headers.cookie], ['POST', 303, undefined]);
    assert.equal(get.method, 'GET');

    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    const answer = new URL(page.url()).searchParams;
    assert.equal(answer.get('state'), 'a+b');
    assert.match(answer.get('code'), /^ctl_ac_/);
  });
});
