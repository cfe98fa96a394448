// THREATS N47. Every kind of secret goes by once, rightly and wrongly, since refusals are what a log tells most of; then no log holds one. (Every other
// test that has a world looks through its logs as well: World.stop.)
import assert from 'node:assert/strict';
import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { findSecrets, secretsOf } from '../world/secrets.mjs';
import { allow, answerDevice } from '../world/sign_in.mjs';
import { Visitor } from '../world/visitor.mjs';
import { chatelaine, run, World } from '../world/world.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const redirect = 'https://assistant.example/callback';
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('no log holds', () => {
  let world;
  let client;
  let tokens;
  const visitor = new Visitor();
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  before(async () => {
    world = await World.start({ registration: 'mode = "token"', tapApi: true, limits: 'enabled = false' });
    await world.addUser(person.email, person.password);
    await world.addHostUser(person.email, person.password);
    client = await world.command('client', 'add', 'Assistant', '--pkce', 'optional', '--redirect-uri', redirect, '--grant', 'authorization_code,refresh_token,device_code');
  });
  after(() => world?.stop());

  const basic = (secret = client.client_secret) => ({ authorization: `Basic ${Buffer.from(`${client.client_id}:${secret}`).toString('base64')}` });
  const post = (path, fields, headers = basic()) => fetch(`${world.issuer}${path}`, { method: 'POST', headers, body: new URLSearchParams(fields) });
  /** The last character but one: the others' last bits say nothing. */
  const spoil = (secret) => secret.slice(0, -2) + (secret.at(-2) === 'A' ? 'B' : 'A') + secret.at(-1);
  const statusOf = async (answer) => (await answer).status;
  const requestOf = (more = {}) => ({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope: 'openid todos.read', ...more });
  const authorize = (more) => `${world.issuer}/oauth/authorize?${new URLSearchParams(requestOf(more))}`;
  /** An ID token as ours, that another server has signed. */
  const foreign = () => {
    const text = `${encode({ alg: 'RS256', kid: 'theirs' })}.${tokens.id_token.split('.')[1]}`;
    return `${text}.${createSign('sha256').update(text).sign(privateKey).toString('base64url')}`;
  };

  test('a password, a code, a verifier, tokens, a secret by Basic', async () => {
    const page = await visitor.get(`${world.issuer}/sign-in`);
    assert.equal((await visitor.signIn(page, person.email, 'a wrong horse')).status, 422);
    const code_verifier = randomUUID() + randomUUID();
    const challenge = { code_challenge: createHash('sha256').update(code_verifier).digest('base64url'), code_challenge_method: 'S256' };
    const code = new URL(await allow(authorize(challenge), { ...person, visitor })).searchParams.get('code');
    const fields = { grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier };
    assert.equal(await statusOf(post('/oauth/token', fields, basic('a wrong secret'))), 401);
    assert.equal(await statusOf(post('/oauth/token', { ...fields, code: spoil(code) })), 400);
    tokens = await (await post('/oauth/token', fields)).json();
    assert.ok(tokens.id_token && tokens.refresh_token);
    assert.equal(await statusOf(post('/oauth/token', fields)), 400, 'a code that comes again');
    tokens = await (await post('/oauth/token', { ...fields, code: new URL(await allow(authorize(challenge), { ...person, visitor })).searchParams.get('code') })).json();
    for (const [token, status] of [[tokens.access_token, 200], [spoil(tokens.access_token), 401]]) {
      assert.equal(await statusOf(fetch(`${world.issuer}/todos`, { headers: { authorization: `Bearer ${token}` } })), status);
      assert.equal(await statusOf(post('/oauth/introspect', { token })), 200);
    }
    assert.equal(await statusOf(post('/oauth/token', { grant_type: 'refresh_token', refresh_token: spoil(tokens.refresh_token) })), 400);
    assert.equal(await statusOf(post('/oauth/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token })), 200);
    assert.equal(await statusOf(post('/oauth/revoke', { token: spoil(tokens.refresh_token) })), 200);
  });

  test('an id_token_hint at authorize, logout and par', async () => {
    for (const id_token_hint of [tokens.id_token, foreign()]) {
      const isOurs = id_token_hint === tokens.id_token;
      const answer = await visitor.get(authorize({ prompt: 'none', id_token_hint }));
      assert.equal(new URL(answer.location).searchParams.has('code'), isOurs);
      const pushed = await post('/oauth/par', requestOf({ id_token_hint }));
      assert.equal(pushed.status, 201, 'what is pushed is judged where it is used');
      const { request_uri } = await pushed.json();
      const used = await visitor.get(`${world.issuer}/oauth/authorize?${new URLSearchParams({ client_id: client.client_id, request_uri })}`);
      assert.ok(used.status < 400);
      assert.equal((await visitor.get(`${world.issuer}/oauth/authorize?${new URLSearchParams({ client_id: client.client_id, request_uri: spoil(request_uri) })}`)).status, 400);
      assert.equal((await new Visitor().get(authorize({ id_token_hint: spoil(id_token_hint) }))).status, 303);
      // Signed out: the sign-in page's address carries what was asked.
      await new Visitor().follow(await new Visitor().get(authorize({ id_token_hint: tokens.id_token })));
    }
    assert.equal((await new Visitor().get(`${world.issuer}/oauth/logout?${new URLSearchParams({ id_token_hint: foreign() })}`)).status, 400);
    assert.equal((await new Visitor().get(`${world.issuer}/oauth/logout?${new URLSearchParams({ id_token_hint: tokens.id_token })}`)).status, 200);
  });

  test('tokens and whispers in addresses: of a redirect, of a registration, of a call', async () => {
    const { initial_access_token: initial } = await world.command('registration-token', 'add', 'Mistaken');
    const register = (uri) =>
      fetch(`${world.issuer}/oauth/register`, { method: 'POST', headers: { authorization: `Bearer ${initial}`, 'content-type': 'application/json' }, body: JSON.stringify({ redirect_uris: [uri] }) });
    for (const address of [`https://assistant.example/${tokens.access_token}`, `${redirect}?access_token=${tokens.access_token}`, `${redirect}?tok=a-whispered-word`, `https://a:a-whispered-word@assistant.example/callback`]) {
      const page = await new Visitor().get(authorize({ redirect_uri: address }));
      assert.equal(page.status, 400, page.words);
      assert.equal(await statusOf(post('/oauth/par', requestOf({ redirect_uri: address }))), 400);
      assert.equal(await statusOf(post('/oauth/token', { grant_type: 'authorization_code', code: spoil(tokens.refresh_token), redirect_uri: address })), 400);
      assert.equal(await statusOf(register(address.replace('https://', 'http://'))), 400);
    }
    const call = (token) => fetch(`${world.issuer}/todos/${tokens.refresh_token}?tok=a-whispered-word`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(await statusOf(call(spoil(tokens.access_token))), 401);
    assert.notEqual(await statusOf(call(tokens.access_token)), 401);
    const told = world.launched.map(({ log }) => log).join('') + JSON.stringify(await world.command('trace', '--all', '--most', '1000'));
    assert.match(told, /Authorization request refused/);
    assert.ok(!told.includes('a-whispered-word'), told.split('\n').find((line) => line.includes('a-whispered-word')));
  });

  test('a device code and a user code, typed and in an address', async () => {
    const device = await (await post('/oauth/device_authorization', {})).json();
    assert.equal(await statusOf(post('/oauth/token', { grant_type: deviceGrant, device_code: spoil(device.device_code) })), 400);
    for (const user_code of ['WDJB-MJHT', device.user_code]) {
      const page = await visitor.get(`${world.issuer}/device?${new URLSearchParams({ user_code })}`);
      const typed = await visitor.submit(page.form(/Continue/), { user_code });
      assert.equal(typed.status, user_code === device.user_code ? 200 : 422, typed.words);
    }
    await new Visitor().follow(await new Visitor().get(device.verification_uri_complete));
    await answerDevice(device.verification_uri_complete, { ...person, visitor }, /Allow/);
    assert.equal(await statusOf(post('/oauth/token', { grant_type: deviceGrant, device_code: device.device_code })), 200);
  });

  test('an initial access token and registration access tokens', async () => {
    const { initial_access_token: initial } = await world.command('registration-token', 'add', 'Partner');
    const send = (url, method, token, body) =>
      fetch(url, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
    const metadata = { client_name: 'Partner', redirect_uris: [redirect] };
    assert.equal(await statusOf(send(`${world.issuer}/oauth/register`, 'POST', spoil(initial), metadata)), 401);
    const made = await (await send(`${world.issuer}/oauth/register`, 'POST', initial, metadata)).json();
    assert.equal(await statusOf(send(`${world.issuer}/oauth/register`, 'POST', initial, metadata)), 401, 'it is used up');
    const { client_id, registration_client_uri: url, registration_access_token: first } = made;
    assert.equal(await statusOf(send(url, 'GET', spoil(first))), 401);
    const move = async (token, to) => (await (await send(url, 'PUT', token, { ...metadata, client_id, redirect_uris: [to] })).json()).registration_access_token;
    const last = await move(await move(first, `${redirect}/2`), `${redirect}/3`);
    assert.equal(await statusOf(send(url, 'GET', last)), 200);
    assert.equal(await statusOf(send(url, 'GET', first)), 401, 'one that was replaced');
  });

  test('a client assertion', async () => {
    const file = join(world.folder, 'public.json');
    writeFileSync(file, JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'RS256', kid: 'k' }] }));
    const worker = await world.command('client', 'add', 'Worker', '--auth-method', 'private_key_jwt', '--jwks', file, '--grant', 'client_credentials');
    const text = `${encode({ alg: 'RS256', kid: 'k' })}.${encode({ iss: worker.client_id, sub: worker.client_id, aud: world.issuer, jti: randomUUID(), exp: Math.floor(Date.now() / 1000) + 60 })}`;
    const assertion = `${text}.${createSign('sha256').update(text).sign(privateKey).toString('base64url')}`;
    const ask = (client_assertion) =>
      post('/oauth/token', { grant_type: 'client_credentials', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion }, {});
    assert.equal(await statusOf(ask(spoil(assertion))), 401);
    assert.equal(await statusOf(ask(assertion)), 200);
    assert.equal(await statusOf(ask(assertion)), 401, 'one that comes again');
  });

  test('a one-time link, and the passwords that are chosen', async () => {
    const { invitation_url: link } = await world.command('user', 'add', 'invited@example.com', '--invite');
    assert.equal((await new Visitor().get(spoil(link))).status, 410);
    const invited = new Visitor();
    const page = await invited.get(link);
    const choose = (new_password) => invited.submit(page.forms.find(({ fields }) => 'new_password' in fields), { new_password });
    assert.equal((await choose('short77')).status, 422, 'too short');
    assert.equal((await choose('a long password of their own')).status, 303);
    assert.equal((await choose('a long password of their own')).status, 410);
    await invited.signIn(await invited.get(`${world.issuer}/sign-in`), 'invited@example.com', 'a long password of their own');
    const change = (await invited.get(`${world.issuer}/account`)).forms.find(({ fields }) => 'current_password' in fields);
    assert.equal((await invited.submit(change, { current_password: 'a wrong horse', new_password: 'another horse entirely' })).status, 422);
  });

  test('what the host keeps for a person', async () => {
    const plugin = await world.installPlugin();
    await world.hostCommand('plugin', 'verify', plugin.plugin_id);
    const { connect_url: url } = await world.hostCommand('plugin', 'connect', plugin.plugin_id, '--user', person.email);
    assert.equal((await new Visitor().get(spoil(url))).status, 400);
    const browser = new Visitor();
    const back = await allow((await browser.get(url)).location, { ...person, visitor: browser });
    assert.equal((await browser.follow(await browser.get(back))).status, 200);
    for (const another of [browser, new Visitor()]) assert.equal((await another.get(back)).status, 400, 'a callback that comes again');
    const called = await world.hostCommand('plugin', 'call', plugin.plugin_id, 'listTodos', '--user', person.email);
    assert.equal(called.status, 200);
  });

  test('a key that is imported, nor does the command tell of it', async () => {
    const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { d, ...open } = key.export({ format: 'jwk' });
    const pem = key.export({ type: 'pkcs8', format: 'pem' });
    const secrets = new Map([[d, new Set(['d'])], ...pem.split('\n').filter((line) => line.length > 20 && !line.startsWith('-')).map((line) => [line, new Set(['PEM'])])]);
    const files = [['key.jwk', JSON.stringify({ ...open, d }), 0], ['again.pem', pem, 1], ['broken.jwk', JSON.stringify({ ...open, d: spoil(d) }), 1], ['broken.pem', pem.replace('MIG', 'MIH'), 1]];
    for (const [name, text, expected] of files) {
      const file = join(world.folder, name);
      writeFileSync(file, text, { mode: 0o600 });
      const { code, stdout, stderr } = await run(chatelaine, ['key', 'import', file, '--config', world.config, '--now'], { env: { CHATELAINE_LOG: 'debug' } });
      assert.equal(code === 0, expected === 0, `${name}: ${stdout}${stderr}`);
      assert.deepEqual(findSecrets(stdout + stderr, secrets), []);
    }
    for (const { log } of world.launched) assert.deepEqual(findSecrets(log, secrets), []);
  });

  test('anything of what the tap saw, which is every kind', async () => {
    const kinds = new Set([...secretsOf([...world.tap.everything, ...world.apiTap.everything]).values()].flatMap((found) => [...found]));
    const expected = [
      'password', 'current_password', 'new_password', 'form_token', 'link', 'client_secret', 'client_assertion', 'code', 'code_verifier', 'refresh_token', 'access_token', 'token', 'device_code',
      'user_code', 'id_token', 'id_token_hint', 'request_uri', 'registration_access_token', 'Basic', 'Bearer', 'chatelaine-assertion', 'chatelaine_session', 'chatelaine_browser', 'chatelaine_known',
    ];
    assert.deepEqual(expected.filter((kind) => !kinds.has(kind)), []);
    const bearers = world.tap.everything.map(({ headers }) => headers.authorization ?? '');
    for (const prefix of ['ctl_it_', 'ctl_ra_']) assert.ok(bearers.some((value) => value.startsWith(`Bearer ${prefix}`)), prefix);
    assert.match(world.provider.log, /OAuth request refused/, 'refusals are told');
    await world.checkLogs();
  });
});
