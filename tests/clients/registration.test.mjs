// Clients that register themselves (RFC 7591), change themselves and go (RFC 7592), through a library that was written by somebody else.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import '../world/web_crypto.mjs';
import { secretsIn } from '../world/secrets.mjs';
import { allow } from '../world/sign_in.mjs';
import { Visitor } from '../world/visitor.mjs';
import { World } from '../world/world.mjs';

const oauth = await import('oauth4webapi');

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const insecure = { [oauth.allowInsecureRequests]: true };

const discover = async (world) => {
  const issuer = new URL(world.issuer);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }));
};
const register = async (server, metadata, options = {}) =>
  oauth.processDynamicClientRegistrationResponse(await oauth.dynamicClientRegistrationRequest(server, metadata, { ...insecure, ...options }));

/** Tokens for a user who allows the client in a browser of their own, with PKCE. */
async function obtainTokens(server, client, authentication, redirect, visitor = new Visitor()) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: client.client_id, redirect_uri: redirect, response_type: 'code', scope: 'todos.read', state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  });
  const parameters = oauth.validateAuthResponse(server, client, new URL(await allow(url.href, { ...person, visitor })), state);
  const answer = await oauth.authorizationCodeGrantRequest(server, client, authentication, parameters, redirect, verifier, insecure);
  return oauth.processAuthorizationCodeResponse(server, client, answer);
}

const callApi = (world, tokens) => oauth.protectedResourceRequest(tokens.access_token, 'GET', new URL(`${world.issuer}/todos`), undefined, undefined, insecure);

describe('open registration', () => {
  let world;
  let server;

  before(async () => {
    world = await World.start({ withHost: false });
    await world.addUser(person.email, person.password);
    server = await discover(world);
  });
  after(() => world?.stop());

  test('RFC 7591, RFC 8252 §7.3: a public client on loopback, from its registration to the API', async () => {
    const port = await new Promise((done) => {
      const listener = createServer().listen(0, '127.0.0.1', () => {
        done(listener.address().port);
        listener.close();
      });
    });
    const client = await register(server, {
      client_name: 'Todo CLI', redirect_uris: ['http://127.0.0.1/callback'], token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'],
    });
    assert.equal(client.client_secret, undefined);
    const tokens = await obtainTokens(server, client, oauth.None(), `http://127.0.0.1:${port}/callback`);
    assert.equal((await callApi(world, tokens)).status, 200);
    assert.ok(tokens.refresh_token);
    const listed = await world.command('client', 'show', client.client_id);
    assert.deepEqual([listed.name, listed.origin, listed.pkce], ['Todo CLI', 'registration', 'required']);
    await world.command('client', 'remove', client.client_id);
    await new Promise((done) => setTimeout(done, 1100)); // What a command removes is gone within a second.
    const late = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), tokens.refresh_token, insecure);
    await assert.rejects(oauth.processRefreshTokenResponse(server, client, late), { name: 'WWWAuthenticateChallengeError' });
  });

  test('RFC 7592: a confidential client reads itself, moves, and goes with everything that came of it', async () => {
    const client = await register(server, { client_name: 'Web', redirect_uris: ['https://web.example/cb'] });
    const authentication = oauth.ClientSecretBasic(client.client_secret);
    const manage = (method, token, body) =>
      fetch(client.registration_client_uri, { method, body: body && JSON.stringify(body), headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) } });

    const read = await (await manage('GET', client.registration_access_token)).json();
    assert.deepEqual(read.redirect_uris, ['https://web.example/cb']);
    const { client_secret_expires_at: _, client_id_issued_at: __, registration_access_token: ___, registration_client_uri: ____, ...own } = client;
    const moved = await (await manage('PUT', client.registration_access_token, { ...own, redirect_uris: ['https://web.example/moved'] })).json();
    assert.notEqual(moved.registration_access_token, client.registration_access_token);

    const tokens = await obtainTokens(server, client, authentication, 'https://web.example/moved');
    assert.equal((await callApi(world, tokens)).status, 200);
    assert.equal((await manage('DELETE', moved.registration_access_token)).status, 204);
    assert.equal((await manage('GET', moved.registration_access_token)).status, 401);
    await assert.rejects(callApi(world, tokens), (error) => error.cause[0].parameters.error === 'invalid_token');
  });

  test('RFC 7591 §3.2.2: an error is read as one', async () => {
    await assert.rejects(register(server, { redirect_uris: ['http://evil.example/'] }), { name: 'ResponseBodyError', error: 'invalid_redirect_uri', status: 400 });
    await assert.rejects(register(server, { redirect_uris: ['https://a.example/'], grant_types: ['client_credentials'] }), { error: 'invalid_client_metadata' });
  });

  test('no secret of a registration stands in the log', async () => {
    const told = world.tap.everything.filter(({ url }) => url.startsWith('/oauth/register')).flatMap(({ answer, body, headers }) => secretsIn(`${answer} ${body} ${headers.authorization}`));
    assert.ok(told.length > 5);
    for (const secret of told) assert.ok(!world.provider.log.includes(secret), secret.slice(0, 12));
  });
});

describe('registration with an initial access token', () => {
  let world;
  let server;

  before(async () => {
    world = await World.start({ withHost: false, registration: 'mode = "token"' });
    await world.addUser(person.email, person.password);
    server = await discover(world);
  });
  after(() => world?.stop());

  test('RFC 7591 §3: as many clients as the operator allows, and their tokens', async () => {
    const metadata = { client_name: 'Partner', redirect_uris: ['https://partner.example/cb'], grant_types: ['authorization_code', 'client_credentials'] };
    await assert.rejects(register(server, metadata), (error) => error.name === 'WWWAuthenticateChallengeError' && error.cause[0].scheme === 'bearer');

    const { id, initial_access_token: token } = await world.command('registration-token', 'add', 'Partner Ltd', '--uses', '2');
    const client = await register(server, metadata, { initialAccessToken: token });
    const authentication = oauth.ClientSecretBasic(client.client_secret);
    const own = await oauth.processClientCredentialsResponse(server, client, await oauth.clientCredentialsGrantRequest(server, client, authentication, {}, insecure));
    assert.equal(own.scope, 'todos.read todos.write');
    const tokens = await obtainTokens(server, client, authentication, 'https://partner.example/cb');
    assert.equal((await callApi(world, tokens)).status, 200);

    assert.deepEqual((await world.command('registration-token', 'list')).map(({ name, state, uses_left: left }) => [name, state, left]), [['Partner Ltd', 'active', 1]]);
    await world.command('registration-token', 'remove', id);
    await assert.rejects(register(server, metadata, { initialAccessToken: token }), { name: 'WWWAuthenticateChallengeError', status: 401 });
  });
});
