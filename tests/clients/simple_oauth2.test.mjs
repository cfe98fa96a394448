// The provider behind simple-oauth2, as an assistant built on it is configured: both body formats, both places for the credentials, no PKCE.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import simpleOAuth2 from 'simple-oauth2';
import { allow } from '../world/sign_in.mjs';
import { World } from '../world/world.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const redirect = 'https://assistant.example/callback';

describe('simple-oauth2', () => {
  let world;
  let client;
  before(async () => {
    world = await World.start({ withHost: false });
    await world.addUser(person.email, person.password);
    const grants = 'authorization_code,refresh_token,client_credentials';
    client = await world.command('client', 'add', 'Assistant', '--redirect-uri', redirect, '--pkce', 'optional', '--grant', grants);
  });
  after(() => world?.stop());

  const configure = (options, more = {}) => ({
    client: { id: client.client_id, secret: client.client_secret },
    auth: { tokenHost: world.issuer, tokenPath: '/oauth/token', revokePath: '/oauth/revoke', ...more },
    options,
  });
  const ways = [
    ['json', 'body'], ['form', 'body'], ['json', 'header'], ['form', 'header'],
  ];
  for (const [bodyFormat, authorizationMethod] of ways) {
    test(`${bodyFormat} body, credentials in the ${authorizationMethod}: code, refresh, revocation`, async () => {
      const code = new simpleOAuth2.AuthorizationCode(configure({ bodyFormat, authorizationMethod }, { authorizePath: '/oauth/authorize' }));
      const url = code.authorizeURL({ redirect_uri: redirect, scope: 'todos.read', state: 'a b/ü' });
      const back = new URL(await allow(url, person)).searchParams;
      assert.equal(back.get('state'), 'a b/ü');
      const first = await code.getToken({ code: back.get('code'), redirect_uri: redirect });
      assert.equal(first.token.token_type, 'bearer');
      assert.equal(first.expired(), false);
      const second = await first.refresh();
      assert.notEqual(second.token.refresh_token, first.token.refresh_token);
      const answer = await fetch(`${world.issuer}/todos`, { headers: { authorization: `Bearer ${second.token.access_token}` } });
      assert.equal(answer.status, 200);
      await second.revokeAll();
      await assert.rejects(second.refresh(), (error) => error.data.payload.error === 'invalid_grant');
    });

    test(`${bodyFormat} body, credentials in the ${authorizationMethod}: client credentials`, async () => {
      const own = new simpleOAuth2.ClientCredentials(configure({ bodyFormat, authorizationMethod }));
      const { token } = await own.getToken({});
      assert.equal(token.token_type, 'bearer');
      assert.equal(token.refresh_token, undefined);
    });
  }
});
