// The client that most MCP hosts are made with: @modelcontextprotocol/sdk finds the server from a URL of the API that refused it, signs in with PKCE, names the
// resource, refreshes, and starts anew where its client is gone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Assistant } from '../world/assistant.mjs';
import '../world/web_crypto.mjs';
import { Canary } from '../world/canary.mjs';
import { allow } from '../world/sign_in.mjs';
import { Visitor } from '../world/visitor.mjs';
import { World } from '../world/world.mjs';

const { auth, extractWWWAuthenticateParams } = await import('@modelcontextprotocol/sdk/client/auth.js');

const person = { email: 'person@example.com', password: 'correct horse battery staple' };

/** A client that was registered by hand: it cannot register again. The URL that it names as the resource is as `new URL` writes it, with a slash. */
class ConfiguredAssistant extends Assistant {
  constructor(client_id) {
    super();
    this.clientInformation = () => ({ client_id });
    this.saveClientInformation = undefined;
  }

  validateResourceURL = async (server, resource) => new URL(resource ?? new URL(server).origin);
}

describe('@modelcontextprotocol/sdk', () => {
  let world;
  let canary;

  before(async () => {
    canary = await Canary.start();
    world = await World.start({ withHost: false, fetch: `allow_local = true\nca_file = "${canary.certificate}"` });
    await world.addUser(person.email, person.password, '--subject', 'user-1');
  });
  after(async () => {
    await world?.stop();
    await canary?.stop();
  });

  const callApi = ({ kept }) => fetch(`${world.issuer}/todos`, { headers: kept ? { authorization: `Bearer ${kept.access_token}` } : {} });

  /** What a host tells the SDK after the API has refused it. */
  async function whereFrom(assistant) {
    const refusal = await callApi(assistant);
    assert.equal(refusal.status, 401);
    const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(refusal);
    return { serverUrl: `${world.issuer}/todos`, resourceMetadataUrl, scope };
  }

  /** The parameters with which the last request came to a path. */
  const sentTo = (path) => {
    const { url, body } = world.tap.to(path).at(-1);
    return new URLSearchParams(url.split('?')[1] ?? body);
  };

  /** From the refusal to tokens that open the API, by way of our pages. */
  async function connect(assistant) {
    const options = await whereFrom(assistant);
    assert.equal(await auth(assistant, options), 'REDIRECT');
    const answer = new URL(await allow(assistant.authorizationUrl.href, person));
    assert.equal(answer.searchParams.get('state'), assistant.lastState);
    assert.equal(await auth(assistant, { ...options, authorizationCode: answer.searchParams.get('code') }), 'AUTHORIZED');
    assert.equal((await callApi(assistant)).status, 200);
    return options;
  }

  async function refresh(assistant, options) {
    const before = assistant.kept;
    assert.equal(await auth(assistant, options), 'AUTHORIZED');
    assert.notEqual(assistant.kept.access_token, before.access_token);
    assert.equal((await callApi(assistant)).status, 200);
  }

  test('RFC 8252 §7.3, RFC 8707 §2: a public client on a loopback port connects, names the resource, and refreshes', async () => {
    const { client_id } = await world.command('client', 'add', 'MCP host', '--auth-method', 'none', '--redirect-uri', 'http://127.0.0.1/callback');
    const assistant = new ConfiguredAssistant(client_id);
    const options = await connect(assistant);
    assert.equal(assistant.authorizationUrl.searchParams.get('resource'), `${world.issuer}/`);
    assert.equal(assistant.authorizationUrl.searchParams.get('code_challenge_method'), 'S256');
    assert.deepEqual([sentTo('/oauth/token').get('resource'), sentTo('/oauth/token').get('client_id')], [`${world.issuer}/`, client_id]);
    await refresh(assistant, options);
  });

  test('once the operator has removed the client, nothing of it works, and a page says so', async () => {
    const { client_id } = await world.command('client', 'add', 'MCP host', '--auth-method', 'none', '--redirect-uri', 'http://127.0.0.1/callback');
    const assistant = new ConfiguredAssistant(client_id);
    const options = await connect(assistant);
    await world.command('client', 'remove', client_id);
    await new Promise((done) => setTimeout(done, 1000));
    assert.equal((await callApi(assistant)).status, 401);
    // The SDK gives up its tokens and starts anew, as the client that it was told to be.
    assert.equal(await auth(assistant, options), 'REDIRECT');
    assert.equal(assistant.kept, undefined);
    const page = await new Visitor().get(assistant.authorizationUrl.href);
    assert.deepEqual([page.status, page.location], [400, undefined]);
  });

  test('RFC 7591 §3: a client that nobody knows registers itself, and again once it was removed', async () => {
    const assistant = new Assistant();
    const options = await connect(assistant);
    const { client_id } = assistant.information;
    assert.ok(client_id);
    await refresh(assistant, options);

    await world.command('client', 'remove', client_id);
    await new Promise((done) => setTimeout(done, 1000));
    await connect(assistant);
    assert.notEqual(assistant.information.client_id, client_id);
  });

  test('client ID metadata documents: a client is known by the URL of its document, registers nowhere, and refreshes', async () => {
    const assistant = new Assistant();
    assistant.clientMetadataUrl = canary.serveClient('/mcp_host.json', assistant.clientMetadata);
    const registrations = world.tap.to('/oauth/register').length;
    const options = await connect(assistant);
    assert.equal(assistant.information.client_id, assistant.clientMetadataUrl);
    assert.equal(sentTo('/oauth/token').get('client_id'), assistant.clientMetadataUrl);
    await refresh(assistant, options);
    assert.equal(world.tap.to('/oauth/register').length, registrations);
  });
});
