// A one-time link stands in a page's address. The page shows the service's logo, which may come from the API: the API must not learn the link.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { World } from '../world/world.mjs';
import { openBrowser } from './browser.mjs';

describe('a one-time link in a real browser', () => {
  let world;
  let browser;

  before(async () => {
    world = await World.start({ withHost: false });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
  });

  test('the logo is asked for without it, and the form that it opens is taken as our own', async () => {
    const { invitation_url: link } = await world.command('user', 'add', 'person@example.com', '--invite');
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    world.tap.clear();
    await page.goto(link);
    await page.waitForLoadState('load');
    const [logo] = world.tap.to('/logo.svg');
    assert.ok(logo, 'the page shows the logo');
    assert.equal(logo.headers.referer, undefined);
    for (const { url, headers } of world.tap.seen.filter((entry) => !entry.url.startsWith('/set-password'))) {
      assert.ok(!JSON.stringify(headers).includes('link='), `${url} was told the link`);
    }
    await page.getByLabel('New password').fill('a long password of their own');
    await page.getByRole('button', { name: 'Save password' }).click();
    const [sent] = world.tap.to('/set-password').filter(({ method }) => method === 'POST');
    assert.equal(sent.status, 303);
    assert.equal(sent.headers.origin, world.issuer, 'a page that tells no address still says whose it is');
    assert.ok(!(sent.headers.referer ?? '').includes('link='));
  });
});
