// A client that is added for an assistant serves it: what `chatelaine profile show` says of the assistant is what is played here, over real sockets.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { allow } from '../world/sign_in.mjs';
import { Visitor } from '../world/visitor.mjs';
import { World, chatelaine, root, run } from '../world/world.mjs';

const email = 'person@example.com';
const password = 'correct horse battery staple';

/** The parameters that the profile names, in its order. */
const inOrder = (names, values) => new URLSearchParams(names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]));

describe('client add --assistant', () => {
  let world;
  let profile;
  let client;
  const visitor = new Visitor();

  before(async () => {
    world = await World.start({ withHost: false, profiles: 'directory = "assistants"' });
    mkdirSync(join(world.folder, 'assistants'));
    await world.addUser(email, password);
    profile = await world.command('profile', 'show', 'chatgpt-action');
    client = await world.command('client', 'add', 'Todo GPT', '--assistant', 'chatgpt-action', '--redirect-id', '5f0e2a');
  });
  after(() => world?.stop());

  const authorizeAt = (redirect, state) => {
    const values = { response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope: 'todos.read', state };
    return `${world.issuer}/oauth/authorize?${inOrder(profile.authorization.parameters, values)}`;
  };

  test('it has the redirect URI of each of the assistant\'s hosts', () => {
    assert.equal(client.assistant, 'gpt-action');
    assert.deepEqual(client.redirect_uris, profile.redirect.map(({ template }) => template.replace('{id}', '5f0e2a')));
    assert.equal(client.redirect_uris.length, 2);
  });

  for (const host of ['chat.openai.com', 'chatgpt.com']) {
    test(`a person signs in from ${host}, without PKCE, and stays signed in`, async () => {
      const redirect = client.redirect_uris.find((uri) => new URL(uri).host === host);
      const state = randomUUID();
      const location = await allow(authorizeAt(redirect, state), { email, password, visitor });
      assert.ok(location.startsWith(`${redirect}?`), location);
      const returned = new URL(location).searchParams;
      assert.equal(returned.get('state'), state);
      const credentials = { client_id: client.client_id, client_secret: client.client_secret };
      const code = { ...credentials, grant_type: 'authorization_code', code: returned.get('code'), redirect_uri: redirect };
      const answer = await fetch(`${world.issuer}/oauth/token`, { method: 'POST', body: inOrder(profile.token.parameters, code) });
      assert.equal(answer.status, 200, await answer.clone().text());
      const tokens = await answer.json();
      const list = await fetch(`${world.issuer}/todos`, { headers: { authorization: `Bearer ${tokens.access_token}`, 'user-agent': profile.user_agent } });
      assert.equal(list.status, 200);
      const refresh = { ...credentials, grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
      const refreshed = await fetch(`${world.issuer}/oauth/token`, { method: 'POST', body: new URLSearchParams(refresh) });
      assert.equal(refreshed.status, 200, await refreshed.clone().text());
      assert.ok((await refreshed.json()).refresh_token);
    });
  }

  // THREATS §1: what was registered out of a template is compared as bytes, like any other redirect URI.
  for (const [name, near] of [
    ['another id', 'https://chatgpt.com/aip/g-5f0e2b/oauth/callback'],
    ['the template itself', 'https://chatgpt.com/aip/g-{id}/oauth/callback'],
    ['a segment more', 'https://chatgpt.com/aip/g-5f0e2a/oauth/callback/x'],
    ['a query', 'https://chatgpt.com/aip/g-5f0e2a/oauth/callback?x=1'],
    ['another case', 'https://ChatGPT.com/aip/g-5f0e2a/oauth/callback'],
    ['a port', 'https://chatgpt.com:443/aip/g-5f0e2a/oauth/callback'],
    ['user information', 'https://chatgpt.com@evil.example/aip/g-5f0e2a/oauth/callback'],
    ['a host behind it', 'https://chatgpt.com.evil.example/aip/g-5f0e2a/oauth/callback'],
  ]) {
    test(`nobody is sent to a near miss: ${name}`, async () => {
      const page = await new Visitor().get(authorizeAt(near, 's'));
      assert.equal(page.status, 400);
      assert.equal(page.location, undefined);
    });
  }

  test('a profile that is put into the directory counts at once, and in place of the one that is built in', async () => {
    const built = readFileSync(join(root, 'profiles/gpt-action.toml'), 'utf8');
    const moved = built.replaceAll('https://chatgpt.com/aip/g-', 'https://next.example/actions/');
    const file = join(world.folder, 'assistants/gpt-action.toml');
    writeFileSync(file, moved);
    assert.equal((await world.command('profile', 'show', 'chatgpt-action')).loaded_from, file);
    const next = await world.command('client', 'add', 'Todo GPT', '--assistant', 'chatgpt-action', '--redirect-id', '7');
    assert.deepEqual(next.redirect_uris, ['https://chat.openai.com/aip/g-7/oauth/callback', 'https://next.example/actions/7/oauth/callback']);

    writeFileSync(file, moved.replace('pkce = "none"', 'pkce = "plain"'));
    const refused = await run(chatelaine, ['client', 'add', 'X', '--assistant', 'chatgpt-action', '--config', world.config]);
    assert.equal(refused.code, 2);
    const line = moved.split('\n').findIndex((text) => text.startsWith('pkce')) + 1;
    assert.equal(refused.stderr, `chatelaine: ${file}:${line}: authorization.pkce: must be "none" or "S256", not "plain"\n`);
  });
});
