// The provider as a client library sees it that was written by somebody else and forgives nothing: oauth4webapi checks every answer against its RFC.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import '../world/web_crypto.mjs';
import { allow, answerDevice } from '../world/sign_in.mjs';
import { World } from '../world/world.mjs';

const oauth = await import('oauth4webapi');

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const redirect = 'https://assistant.example/callback';
const insecure = { [oauth.allowInsecureRequests]: true };

describe('oauth4webapi', () => {
  let world;
  let server;
  let confidential;
  let open;
  let signing;
  let pair;
  let device;

  before(async () => {
    world = await World.start({ withHost: false });
    await world.addUser(person.email, person.password, '--subject', 'user-1');
    const add = (name, ...more) => world.command('client', 'add', name, '--redirect-uri', redirect, ...more);
    confidential = await add('Confidential', '--grant', 'authorization_code,refresh_token,client_credentials');
    open = await add('Public', '--auth-method', 'none');
    pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const file = join(world.folder, 'public.json');
    writeFileSync(file, JSON.stringify({ keys: [await crypto.subtle.exportKey('jwk', pair.publicKey)] }));
    signing = await add('Signing', '--auth-method', 'private_key_jwt', '--jwks', file);
    device = await world.command('client', 'add', 'Television', '--auth-method', 'none', '--grant', 'device_code,refresh_token');
  });
  after(() => world?.stop());

  /** The tokens of a user who allowed `client`, by authorization code with PKCE, `state` and `iss`. */
  async function exchange(client, authentication) {
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const url = new URL(server.authorization_endpoint);
    const challenge = await oauth.calculatePKCECodeChallenge(verifier);
    url.search = new URLSearchParams({
      client_id: client.client_id, redirect_uri: redirect, response_type: 'code', scope: 'todos.read', state, code_challenge: challenge, code_challenge_method: 'S256',
    });
    const parameters = oauth.validateAuthResponse(server, client, new URL(await allow(url.href, person)), state);
    const answer = await oauth.authorizationCodeGrantRequest(server, client, authentication, parameters, redirect, verifier, insecure);
    return oauth.processAuthorizationCodeResponse(server, client, answer);
  }

  test('RFC 8414: the metadata is found and belongs to the issuer', async () => {
    const issuer = new URL(world.issuer);
    server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }));
    assert.ok(server.authorization_response_iss_parameter_supported);
    assert.deepEqual(server.code_challenge_methods_supported, ['S256']);
  });

  const methods = { ClientSecretPost: () => confidential, ClientSecretBasic: () => confidential, PrivateKeyJwt: () => signing, None: () => open };
  for (const [method, find] of Object.entries(methods)) {
    test(`${method}: code, access token, refresh, revocation`, async () => {
      const client = { client_id: find().client_id };
      // RFC 7523 §2.2: PrivateKeyJwt signs anew for each request.
      const proof = method === 'PrivateKeyJwt' ? pair.privateKey : find().client_secret;
      const authentication = method === 'None' ? oauth.None() : oauth[method](proof);
      const tokens = await exchange(client, authentication);
      assert.equal(tokens.token_type, 'bearer');

      const call = new Request(`${world.issuer}/todos`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
      const claims = await oauth.validateJwtAccessToken(server, call, world.issuer, insecure);
      assert.deepEqual([claims.sub, claims.client_id, claims.scope], ['user-1', client.client_id, 'todos.read']);
      const answer = await oauth.protectedResourceRequest(tokens.access_token, 'GET', new URL(`${world.issuer}/todos`), undefined, undefined, insecure);
      assert.equal(answer.status, 200);

      const refreshed = await oauth.processRefreshTokenResponse(
        server, client, await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token, insecure));
      assert.notEqual(refreshed.refresh_token, tokens.refresh_token);

      await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, authentication, refreshed.refresh_token, insecure));
      const late = await oauth.refreshTokenGrantRequest(server, client, authentication, refreshed.refresh_token, insecure);
      await assert.rejects(oauth.processRefreshTokenResponse(server, client, late), { name: 'ResponseBodyError', error: 'invalid_grant' });
    });
  }

  test('RFC 9126: a request that is pushed, and then named to the browser', async () => {
    const client = { client_id: confidential.client_id };
    const authentication = oauth.ClientSecretBasic(confidential.client_secret);
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const challenge = await oauth.calculatePKCECodeChallenge(verifier);
    const parameters = { redirect_uri: redirect, response_type: 'code', scope: 'todos.read', state, code_challenge: challenge, code_challenge_method: 'S256' };
    const pushed = await oauth.processPushedAuthorizationResponse(
      server, client, await oauth.pushedAuthorizationRequest(server, client, authentication, parameters, insecure));
    const url = new URL(server.authorization_endpoint);
    // The redirect_uri is for the visitor, who stops there; the server goes by what was pushed.
    url.search = new URLSearchParams({ client_id: client.client_id, request_uri: pushed.request_uri, redirect_uri: redirect });
    const answer = oauth.validateAuthResponse(server, client, new URL(await allow(url.href, person)), state);
    const tokens = await oauth.processAuthorizationCodeResponse(
      server, client, await oauth.authorizationCodeGrantRequest(server, client, authentication, answer, redirect, verifier, insecure));
    assert.equal(tokens.token_type, 'bearer');

    const refused = await oauth.pushedAuthorizationRequest(server, client, authentication, { ...parameters, scope: 'everything' }, insecure);
    await assert.rejects(oauth.processPushedAuthorizationResponse(server, client, refused), { name: 'ResponseBodyError', error: 'invalid_scope' });
  });

  test('RFC 8628: a device asks, polls, slows down and gets what its user allowed', async () => {
    const client = { client_id: device.client_id };
    const none = oauth.None();
    const ask = async (parameters) => oauth.processDeviceAuthorizationResponse(
      server, client, await oauth.deviceAuthorizationRequest(server, client, none, parameters, insecure));
    const poll = async ({ device_code }) => oauth.processDeviceCodeResponse(
      server, client, await oauth.deviceCodeGrantRequest(server, client, none, device_code, insecure));
    const refusedWith = (error) => ({ name: 'ResponseBodyError', error });

    const asked = await ask({ scope: 'todos.read' });
    assert.equal(asked.interval, 5);
    await assert.rejects(poll(asked), refusedWith('authorization_pending'));
    await assert.rejects(poll(asked), refusedWith('slow_down'));
    await answerDevice(asked.verification_uri_complete, person, /Allow/);
    const tokens = await poll(asked);
    assert.deepEqual([tokens.token_type, tokens.scope], ['bearer', 'todos.read']);
    await assert.rejects(poll(asked), refusedWith('invalid_grant'));
    const refreshed = await oauth.processRefreshTokenResponse(
      server, client, await oauth.refreshTokenGrantRequest(server, client, none, tokens.refresh_token, insecure));
    assert.equal(refreshed.scope, 'todos.read');

    const denied = await ask({});
    await answerDevice(denied.verification_uri_complete, person, /Deny/);
    await assert.rejects(poll(denied), refusedWith('access_denied'));
    await assert.rejects(ask({ scope: 'everything' }), refusedWith('invalid_scope'));
  });

  test('RFC 6749 §4.4: a client of its own accord; RFC 7662: what its token is', async () => {
    const client = { client_id: confidential.client_id };
    const authentication = oauth.ClientSecretBasic(confidential.client_secret);
    const answer = await oauth.clientCredentialsGrantRequest(server, client, authentication, {}, insecure);
    const tokens = await oauth.processClientCredentialsResponse(server, client, answer);
    assert.equal(tokens.refresh_token, undefined);
    const about = await oauth.processIntrospectionResponse(
      server, client, await oauth.introspectionRequest(server, client, authentication, tokens.access_token, insecure));
    assert.deepEqual([about.active, about.client_id], [true, client.client_id]);
  });

  test('RFC 6749 §4.1.2.1: an error comes back with state and iss, and is read as one', async () => {
    const state = oauth.generateRandomState();
    const challenge = await oauth.calculatePKCECodeChallenge(oauth.generateRandomCodeVerifier());
    const query = new URLSearchParams({
      client_id: confidential.client_id, redirect_uri: redirect, response_type: 'code', scope: 'everything', state, code_challenge: challenge, code_challenge_method: 'S256',
    });
    const answer = await fetch(`${server.authorization_endpoint}?${query}`, { redirect: 'manual' });
    const read = () => oauth.validateAuthResponse(server, { client_id: confidential.client_id }, new URL(answer.headers.get('location')), state);
    assert.throws(read, { name: 'AuthorizationResponseError', error: 'invalid_scope' });
  });

  test('RFC 6750 §3: the challenge of a refused call is read', async () => {
    const call = oauth.protectedResourceRequest('wrong', 'GET', new URL(`${world.issuer}/todos`), undefined, undefined, insecure);
    await assert.rejects(call, (error) => error.cause[0].scheme === 'bearer' && error.cause[0].parameters.error === 'invalid_token');
  });
});
