// A user's way through the real pages, as every assistant gets its tokens.
import assert from 'node:assert/strict';
import { Visitor } from './visitor.mjs';

/** Opens an authorization URL, signs in where asked, allows where asked: the URL that the browser is then sent to. */
export async function allow(url, { email, password, visitor = new Visitor() }) {
  const until = new RegExp(`^${new URL(new URL(url).searchParams.get('redirect_uri')).origin.replaceAll('.', '\\.')}/`);
  let page = await visitor.follow(await visitor.get(url), { until });
  if (page.forms.some(({ fields }) => 'password' in fields)) page = await visitor.follow(await visitor.signIn(page, email, password), { until });
  if (page.location === undefined) page = await visitor.submit(page.form(/Allow/), {}, /allow/i);
  assert.equal(page.status, 303, page.words);
  return page.location;
}

/** Opens the address that a device shows with its code filled in, signs in where asked, and answers: /Allow/ or /Deny/. */
export async function answerDevice(url, { email, password, visitor = new Visitor() }, decision) {
  let page = await visitor.follow(await visitor.get(url));
  if (page.forms.some(({ fields }) => 'password' in fields)) page = await visitor.follow(await visitor.signIn(page, email, password));
  page = await visitor.submit(page.form(/Continue/));
  page = await visitor.submit(page.form(/Allow/), {}, decision);
  assert.equal(page.status, 200, page.words);
  return page;
}

/** The answer of the token endpoint for a user who signs in and allows. */
export async function obtainTokens(world, client, { email, password, redirect, scope = '', visitor }) {
  const query = new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope, state: 's' });
  const location = await allow(`${world.issuer}/oauth/authorize?${query}`, { email, password, visitor });
  const code = new URL(location).searchParams.get('code');
  const body = { grant_type: 'authorization_code', client_id: client.client_id, client_secret: client.client_secret, code, redirect_uri: redirect };
  const answer = await fetch(`${world.issuer}/oauth/token`, { method: 'POST', body: new URLSearchParams(body) });
  assert.equal(answer.status, 200);
  return answer.json();
}
