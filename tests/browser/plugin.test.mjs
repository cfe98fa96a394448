// A developer installs and verifies a plugin, a user signs in with it, consents, calls it, and disconnects: all by clicking, in a real browser, with JavaScript switched off.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { World } from '../world/world.mjs';
import { openBrowser, picture } from './browser.mjs';

const developer = { email: 'developer@example.com', password: 'a long developer password' };
const person = { email: 'person@example.com', password: 'correct horse battery staple' };

describe('the plugin\'s way, clicked through', () => {
  let world;
  let browser;
  let user;
  let maker;
  let client;
  const open = async (options = {}) => {
    const context = await browser.newContext({ javaScriptEnabled: false, ...options });
    context.setDefaultTimeout(15_000);
    return context.newPage();
  };
  const signIn = async (page, { email, password }) => {
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  const title = (page) => page.getByRole('heading', { level: 1 }).innerText();

  before(async () => {
    world = await World.start({ tokens: 'access_lifetime = "59s"' });
    await world.addUser(person.email, person.password, '--name', 'Pat Person');
    await world.addHostUser(person.email, person.password, '--name', 'Pat Person');
    await world.addHostUser(developer.email, developer.password, '--name', 'Dee Developer', '--role', 'developer');
    client = await world.command('client', 'add', 'Test host', '--pkce', 'optional');
    browser = await openBrowser();
    user = await open();
    maker = await open();
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
  });

  test('a developer installs the plugin, registers the callback, enters the credentials', async () => {
    await maker.goto(world.hostUrl);
    await picture(maker, '01-host-sign-in');
    await signIn(maker, developer);
    await maker.getByRole('link', { name: 'Install a plugin' }).click();
    await maker.getByLabel('Domain').fill(world.issuer.replace('http://', ''));
    await picture(maker, '02-install');
    await maker.getByRole('button', { name: /Install|Continue|Next/ }).click();
    const callback = await maker.getByLabel('Callback URL').innerText();
    assert.match(callback, new RegExp(`^${world.hostUrl}/aip/plugin-[0-9a-f]{32}/oauth/callback$`));
    await picture(maker, '03-credentials');
    await world.command('client', 'update', client.client_id, '--redirect-uri', callback);
    await maker.getByLabel('Client id').fill(client.client_id);
    await maker.getByLabel('Client secret').fill(client.client_secret);
    await maker.getByRole('button', { name: 'Save credentials' }).click();
    assert.ok((await maker.content()).includes(client.client_id), 'the client id is shown');
    assert.ok(!(await maker.content()).includes(client.client_secret), 'the secret is not');
  });

  test('before it is verified nobody can use it; afterwards a user can', async () => {
    await user.goto(world.hostUrl);
    await signIn(user, person);
    assert.equal(await user.getByRole('button', { name: 'Sign in with Todo' }).count(), 0);
    assert.match(await user.locator('main').innerText(), /Not verified yet/);
    await maker.getByRole('button', { name: 'Verify' }).click();
    assert.match(await maker.locator('main').innerText(), /testhost/);
    await picture(maker, '04-not-verified');
    await maker.getByText('The token alone').click();
    const token = await maker.getByLabel('Verification token').innerText();
    await world.addVerificationToken('testhost', token);
    await maker.getByRole('button', { name: 'Verify' }).click();
    assert.match(await maker.locator('main').innerText(), /Verified on/);
    await picture(maker, '05-verified');
    await user.goto(world.hostUrl);
    await picture(user, '06-sign-in-with');
    assert.equal(await user.getByRole('button', { name: 'Sign in with Todo' }).count(), 1);
    assert.equal(await user.getByRole('link', { name: 'Install a plugin' }).count(), 0, 'users do not install');
  });

  test('a mistyped password is said so and nothing is lost', async () => {
    await user.getByRole('button', { name: 'Sign in with Todo' }).click();
    assert.ok(user.url().startsWith(`${world.issuer}/`), user.url());
    await picture(user, '07-provider-sign-in');
    await signIn(user, { ...person, password: 'mistyped' });
    assert.equal(await user.getByRole('alert').count(), 1);
    assert.equal(await user.getByLabel('E-mail').inputValue(), person.email, 'the e-mail stays');
    await picture(user, '08-mistyped');
    await signIn(user, person);
    const consent = await user.locator('main').innerText();
    assert.match(consent, /Test host wants to/);
    assert.match(consent, /Read your to-do list/);
    await picture(user, '09-consent');
  });

  test('denying leads back, says so, and connects nothing', async () => {
    await user.getByRole('button', { name: 'Deny' }).click();
    assert.ok(user.url().startsWith(world.hostUrl), user.url());
    await picture(user, '10-denied');
    await user.goto(world.hostUrl);
    assert.equal(await user.getByRole('button', { name: 'Sign in with Todo' }).count(), 1);
    assert.deepEqual(await world.command('grant', 'list'), []);
  });

  test('allowing connects; an operation is called from the page', async () => {
    await user.getByRole('button', { name: 'Sign in with Todo' }).click();
    await user.getByRole('button', { name: 'Allow' }).click();
    await user.goto(world.hostUrl);
    await user.getByRole('link', { name: 'Open' }).click();
    await picture(user, '11-connected');
    await user.getByText('Add a to-do', { exact: false }).first().click();
    await user.locator('details[open]').getByLabel(/text/i).fill('Water the <b>plants</b>');
    await user.locator('details[open]').getByRole('button', { name: /Call/ }).click();
    assert.match(await user.locator('main').innerText(), /201/);
    assert.match(await user.locator('main').innerText(), /Water the <b>plants<\/b>/);
    await picture(user, '12-called');
  });

  test('everything can be done by keyboard, and is visible on a phone and in the dark', async () => {
    const phone = await open({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
    await phone.goto(`${world.issuer}/account`);
    await picture(phone, '13-phone-dark-sign-in');
    await phone.getByLabel('E-mail').focus();
    await phone.keyboard.type(person.email);
    await phone.keyboard.press('Tab');
    await phone.keyboard.type(person.password);
    // The key does not wait for what it sets off, as a click does.
    await Promise.all([phone.waitForURL(`${world.issuer}/account`), phone.keyboard.press('Enter')]);
    assert.match(await phone.locator('main').innerText(), /Test host/, 'the account page lists who has access');
    await picture(phone, '14-phone-dark-account');
    const overflow = await phone.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} pixels wider than the phone`);
    await phone.context().close();
  });

  test('pages are small, frame-proof and ask nothing of another origin', async () => {
    const page = await open();
    const bodies = [];
    const origins = new Set();
    page.on('response', (answer) => {
      origins.add(new URL(answer.url()).origin);
      bodies.push(answer.body());
    });
    const answer = await page.goto(`${world.issuer}/sign-in`);
    await page.waitForLoadState('networkidle');
    const policy = answer.headers()['content-security-policy'];
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*/);
    assert.deepEqual([...origins], [world.issuer]);
    const bytes = (await Promise.all(bodies)).reduce((sum, body) => sum + body.length, 0);
    assert.ok(bodies.length >= 3, 'the page, its style and its logo');
    assert.ok(bytes > 1000 && bytes < 30 * 1024, `${bytes} bytes`);
    await page.context().close();
  });

  test('a 59-second token expires and the next call still works', async () => {
    await new Promise((done) => setTimeout(done, 60_000));
    world.tap.clear();
    await user.goto(world.hostUrl);
    await user.getByRole('link', { name: 'Open' }).click();
    await user.getByText('Read your to-do list', { exact: false }).first().click();
    await user.locator('details[open]').getByRole('button', { name: /Call/ }).click();
    assert.match(await user.locator('main').innerText(), /Water the <b>plants<\/b>/);
    assert.equal(world.tap.to('/oauth/token').filter(({ body }) => body.includes('refresh_token')).length, 1);
  });

  test('disconnecting ends the access on both sides', async () => {
    await user.goto(world.hostUrl);
    await user.getByRole('link', { name: 'Open' }).click();
    await user.getByRole('button', { name: 'Disconnect' }).click();
    await picture(user, '15-disconnected');
    assert.equal(await user.getByRole('button', { name: 'Sign in with Todo' }).count(), 1);
    const grants = await world.command('grant', 'list');
    assert.ok(grants.length >= 1 && grants.every(({ revoked_at }) => revoked_at));
  });

  test('signing out ends the session', async () => {
    await user.goto(`${world.hostUrl}/account`);
    await user.getByRole('button', { name: 'Sign out' }).click();
    await user.goto(world.hostUrl);
    assert.match(await title(user), /Sign in/);
  });
});
