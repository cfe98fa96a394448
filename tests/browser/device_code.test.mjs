// A television asks, a person lets it in with a telephone (RFC 8628 §3.3): clicked through in a real browser with JavaScript switched off, dark and light.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { World } from '../world/world.mjs';
import { openBrowser, picture } from './browser.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const telephone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

describe('a device that a person lets in', () => {
  let world;
  let browser;
  let client;

  before(async () => {
    world = await World.start({ withHost: false });
    await world.addUser(person.email, person.password, '--name', 'Pat Person');
    client = await world.command('client', 'add', 'Living-room TV', '--auth-method', 'none', '--grant', 'device_code,refresh_token', '--scope', 'todos.read');
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
  });

  const post = async (path, fields) => {
    const answer = await fetch(`${world.issuer}${path}`, { method: 'POST', body: new URLSearchParams({ client_id: client.client_id, ...fields }) });
    return { status: answer.status, ...(await answer.json()) };
  };
  const ask = () => post('/oauth/device_authorization', {});
  const poll = ({ device_code }) => post('/oauth/token', { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code });
  const open = async (options = {}) => {
    const page = await (await browser.newContext({ javaScriptEnabled: false, ...options })).newPage();
    page.setDefaultTimeout(15_000);
    return page;
  };
  const signIn = async (page) => {
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  const arriveAt = (page, title) => page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();

  test('by typing the code, with the keyboard alone', async () => {
    const device = await ask();
    const page = await open();
    await page.goto(device.verification_uri);
    await signIn(page);
    await arriveAt(page, 'Connect a device');
    await picture(page, 'device-1-empty');

    await page.getByLabel('Code').focus();
    await page.keyboard.type('wdjb mjht');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'leads to no device' }).waitFor();
    assert.equal(await page.getByLabel('Code').inputValue(), 'wdjb mjht', 'what was typed is still there');
    assert.equal(await page.locator('#user-code:focus').count(), 1, 'and can be mended at once');
    await picture(page, 'device-2-wrong');

    await page.getByLabel('Code').fill(device.user_code.toLowerCase().replace('-', ''));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await arriveAt(page, 'Allow Living-room TV?');
    assert.ok((await page.content()).includes(device.user_code), 'the code is there to compare');
    await picture(page, 'device-3-consent');
    await page.getByRole('button', { name: 'Allow' }).focus();
    await page.keyboard.press('Enter');
    await arriveAt(page, 'You can go back to your device');
    await picture(page, 'device-4-done');

    const tokens = await poll(device);
    assert.equal(tokens.scope, 'todos.read');
    const call = await fetch(`${world.issuer}/todos`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    assert.equal(call.status, 200);
    await page.goto(`${world.issuer}/account`);
    assert.ok((await page.content()).includes('Living-room TV'), 'what was allowed can be ended there');
  });

  test('by a telephone that reads the code off the screen, in the dark', async () => {
    const device = await ask();
    const page = await open({ ...telephone, colorScheme: 'dark' });
    await page.goto(device.verification_uri_complete);
    await picture(page, 'device-phone-1-sign-in');
    await signIn(page);
    await arriveAt(page, 'Connect a device');
    assert.equal(await page.getByLabel('Code').inputValue(), device.user_code);
    await picture(page, 'device-phone-2-filled-in');
    assert.equal((await poll(device)).error, 'authorization_pending', 'opening the address lets nothing in');

    await page.getByRole('button', { name: 'Continue' }).tap();
    await arriveAt(page, 'Allow Living-room TV?');
    for (const name of ['Deny', 'Allow']) {
      const { height } = await page.getByRole('button', { name, exact: true }).boundingBox();
      assert.ok(height >= 44, `${name} can be hit with a finger`);
    }
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, telephone.viewport.width, 'nothing stands out at the side');
    await picture(page, 'device-phone-3-consent');
    await page.getByRole('button', { name: 'Deny' }).tap();
    await arriveAt(page, 'Nothing was allowed');
    await picture(page, 'device-phone-4-denied');
    assert.equal((await poll(device)).error, 'access_denied');
  });

  test('every page keeps other origins and scripts out', async () => {
    for (const entry of [...world.tap.to('/device'), ...world.tap.to('/device/consent')]) {
      if (!(entry.answerHeaders['content-type'] ?? '').startsWith('text/html')) continue;
      assert.equal(entry.answerHeaders['content-security-policy'],
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
      assert.equal(entry.answerHeaders['cache-control'], 'no-store');
    }
  });
});
