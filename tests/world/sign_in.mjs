// A user's tokens, the way every assistant gets them: through the real pages.
import assert from 'node:assert/strict';
import { Visitor } from './visitor.mjs';

/** The answer of the token endpoint for a user who signs in and allows. */
export async function obtainTokens(world, client, { email, password, redirect, scope = '', visitor = new Visitor() }) {
  const query = new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope, state: 's' });
  const until = new RegExp(`^${new URL(redirect).origin.replaceAll('.', '\\.')}/`);
  let page = await visitor.follow(await visitor.get(`${world.issuer}/oauth/authorize?${query}`), { until });
  if (page.forms.some(({ fields }) => 'password' in fields)) page = await visitor.follow(await visitor.signIn(page, email, password), { until });
  if (page.location === undefined) page = await visitor.submit(page.form(/Allow/), {}, /allow/i);
  assert.equal(page.status, 303, page.words);
  const code = new URL(page.location).searchParams.get('code');
  const body = { grant_type: 'authorization_code', client_id: client.client_id, client_secret: client.client_secret, code, redirect_uri: redirect };
  const answer = await fetch(`${world.issuer}/oauth/token`, { method: 'POST', body: new URLSearchParams(body) });
  assert.equal(answer.status, 200);
  return answer.json();
}
