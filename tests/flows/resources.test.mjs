// One authorization server, two APIs: the one behind the gateway, and one that checks its tokens itself, by the JWKS or by asking.
// Which token opens which, and who learns of it (RFC 8707, RFC 9068, RFC 7662; THREATS N02).
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { closesWithinASecond } from '../world/closing.mjs';
import { Visitor } from '../world/visitor.mjs';
import { allow } from '../world/sign_in.mjs';
import { World } from '../world/world.mjs';

const email = 'person@example.com';
const password = 'correct horse battery staple';
const redirect = 'https://assistant.example/callback';
const notes = 'https://notes.example/mcp';

describe('two resources', () => {
  let world;
  let client;
  let notesServer;
  const visitor = new Visitor();

  before(async () => {
    world = await World.start({
      withHost: false,
      resources: `
[[resource]]
identifier = "${notes}"
aliases = ["https://old-notes.example"]
name = "Notes"
scopes = ["todos.read"]
access_lifetime = "90s"`,
    });
    await world.addUser(email, password);
    client = await world.command('client', 'add', 'Assistant', '--pkce', 'optional', '--redirect-uri', redirect);
    notesServer = await world.command('client', 'add', 'Notes', '--grant', 'client_credentials', '--introspects', 'https://old-notes.example');
  });
  after(() => world?.stop());

  const form = (fields, resources = []) => {
    const body = new URLSearchParams(fields);
    for (const resource of resources) body.append('resource', resource);
    return body;
  };
  const post = (path, { client_id, client_secret }, fields, resources) =>
    fetch(`${world.issuer}${path}`, { method: 'POST', body: form({ client_id, client_secret, ...fields }, resources) });
  const ask = async (path, by, fields, resources) => (await post(path, by, fields, resources)).json();

  async function obtain(asked, exchanged) {
    const query = form({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect }, asked);
    const code = new URL(await allow(`${world.issuer}/oauth/authorize?${query}`, { email, password, visitor })).searchParams.get('code');
    return ask('/oauth/token', client, { grant_type: 'authorization_code', code, redirect_uri: redirect }, exchanged);
  }
  const refresh = ({ refresh_token }, resources) => ask('/oauth/token', client, { grant_type: 'refresh_token', refresh_token }, resources);
  const call = ({ access_token }) => fetch(`${world.issuer}/todos`, { headers: { authorization: `Bearer ${access_token}` } });
  const introspect = ({ access_token }, by) => ask('/oauth/introspect', by, { token: access_token });

  /** What an API that knows nothing but our JWKS reads of a token: its claims, or nothing where the token is not for it (RFC 9068 §4). */
  async function readAsNotes({ access_token }) {
    const [head, payload, signature] = access_token.split('.');
    const header = JSON.parse(Buffer.from(head, 'base64url'));
    assert.equal(header.typ, 'at+jwt');
    const { keys } = await (await fetch(`${world.issuer}/oauth/jwks`)).json();
    const key = createPublicKey({ key: keys.find(({ kid }) => kid === header.kid), format: 'jwk' });
    assert.ok(verify('sha256', `${head}.${payload}`, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')));
    const claims = JSON.parse(Buffer.from(payload, 'base64url'));
    return [claims.aud].flat().includes(notes) ? claims : undefined;
  }

  test('RFC 8707 §3: a token for the one is refused by the other', async () => {
    const forNotes = await obtain([notes]);
    const refused = await call(forNotes);
    assert.equal(refused.status, 401);
    assert.match(refused.headers.get('www-authenticate'), /error="invalid_token"/);
    const claims = await readAsNotes(forNotes);
    assert.equal(claims.aud, notes);
    assert.equal(claims.scope, 'todos.read');
    assert.equal(forNotes.scope, 'todos.read');
    assert.equal(forNotes.expires_in, 90);

    const forApi = await obtain([]);
    assert.equal((await call(forApi)).status, 200);
    assert.equal(await readAsNotes(forApi), undefined);
  });

  test('RFC 8707 §2.2: one grant, and each access token for what its request names', async () => {
    const both = await obtain([world.issuer, notes]);
    assert.equal((await call(both)).status, 200);
    assert.deepEqual((await readAsNotes(both)).aud, [world.issuer, notes]);
    const forNotes = await refresh(both, [notes]);
    assert.equal((await call(forNotes)).status, 401);
    assert.equal((await readAsNotes(forNotes)).aud, notes);
    const forApi = await refresh(forNotes, [`${world.issuer}/`]);
    assert.equal((await call(forApi)).status, 200);
    assert.equal((await refresh(forApi, ['https://elsewhere.example'])).error, 'invalid_target');
    const again = await refresh(forApi);
    assert.deepEqual((await readAsNotes(again)).aud, [world.issuer, notes]);
    const grants = await world.command('grant', 'list', '--user', email);
    assert.ok(grants.some(({ resources }) => JSON.stringify(resources) === JSON.stringify([world.issuer, notes])));
  });

  test('the consent page names the resources where not the usual one alone is meant', async () => {
    const other = await world.command('client', 'add', 'Another', '--pkce', 'optional', '--redirect-uri', redirect);
    const query = form({ response_type: 'code', client_id: other.client_id, redirect_uri: redirect }, [world.issuer, 'https://old-notes.example/']);
    const page = await visitor.get(`${world.issuer}/oauth/authorize?${query}`);
    assert.ok(page.words.includes('At Todo Notes'), page.words);
  });

  test('RFC 7662 §4: a resource server asks about its own tokens alone', async () => {
    const [forNotes, forApi, both] = [await obtain([notes]), await obtain([world.issuer]), await obtain([world.issuer, notes])];
    assert.equal((await introspect(forNotes, notesServer)).aud, notes);
    assert.deepEqual(await introspect(forApi, notesServer), { active: false });
    const part = await introspect(both, notesServer);
    assert.equal(part.aud, notes);
    assert.equal(part.scope, 'todos.read');
    assert.deepEqual((await introspect(both, client)).aud, [world.issuer, notes]);
    await world.command('client', 'update', notesServer.client_id, '--introspects', 'none');
    const since = Date.now();
    await closesWithinASecond('introspection', async () => (await introspect(forNotes, notesServer)).active, since);
    await world.command('client', 'update', notesServer.client_id, '--introspects', notes);
  });

  // THREATS N12.
  test('RFC 7009: what is revoked ends at the gateway at once, and for a server that asks', async () => {
    const both = await obtain([world.issuer, notes]);
    assert.equal((await call(both)).status, 200);
    assert.equal((await post('/oauth/revoke', client, { token: both.access_token })).status, 200);
    assert.equal((await call(both)).status, 401);
    const next = await refresh(both, [notes]);
    assert.equal((await introspect(next, client)).active, true);
    assert.equal((await post('/oauth/revoke', client, { token: next.refresh_token })).status, 200);
    assert.equal((await introspect(next, client)).active, false);
  });
});
