// The façade: Chatelaine in front of an OpenID provider that people have already. First a second, real Chatelaine stands behind, which speaks OpenID Connect;
// then one that lies.
import assert from 'node:assert/strict';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Canary } from '../world/canary.mjs';
import { HostileOpenIdProvider } from '../world/hostile_openid_provider.mjs';
import { findSecrets, secretsOf } from '../world/secrets.mjs';
import { Visitor } from '../world/visitor.mjs';
import { freePort, World } from '../world/world.mjs';

const person = { email: 'person@contoso.example', password: 'correct horse battery staple' };
const other = { email: 'another@contoso.example', password: 'a fourth horse battery staple' };
const local = { email: 'local@example.com', password: 'another horse battery staple' };
const redirect = 'https://assistant.example/callback';

let folder;
let behind;
let front;
let hostile;
let assistant;

const source = (name, issuer, clientId, secret, more = '') => {
  const file = join(folder, `${name}.secret`);
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return `[[user_source]]
name = "${name}"
type = "oidc"
label = "${name[0].toUpperCase()}${name.slice(1)}"
issuer = "${issuer}"
client_id = "${clientId}"
client_secret_file = "${file}"
allowed_email_domains = ["*"]
networks = ["127.0.0.0/8"]
${more}
`;
};

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chatelaine-sources-'));
  hostile = await HostileOpenIdProvider.start();
  behind = await World.start({ withHost: false, publicAddress: '127.0.0.2' });
  await behind.addUser(person.email, person.password, '--name', 'Some Person', '--subject', 'person-of-contoso');
  await behind.addUser(other.email, other.password, '--name', 'Another Person', '--subject', 'another-of-contoso');
  const client = await behind.command('client', 'add', 'The façade', '--redirect-uri', 'http://127.0.0.1/not-known-yet');
  const dead = `http://127.0.0.1:${await freePort()}`;
  front = await World.start({
    withHost: false,
    tapApi: true,
    sources: source('contoso', behind.issuer, client.client_id, client.client_secret, 'trust_email = true')
      + source('hostile', hostile.issuer, 'facade', 'a-secret-of-the-source')
      + source('dead', dead, 'facade', 'another-secret-of-a-source'),
  });
  await behind.command('client', 'update', client.client_id, '--redirect-uri', `${front.issuer}/sign-in/contoso/callback`);
  await front.addUser(local.email, local.password, '--subject', 'a-local-person');
  assistant = await front.command('client', 'add', 'Assistant', '--redirect-uri', redirect, '--pkce', 'optional');
});
after(async () => {
  try {
    await front?.stop();
    await behind?.stop();
    // THREATS N47: nor does a log hold what only the other one's wire saw.
    if (front && behind) {
      for (const [logged, other] of [[front, behind], [behind, front]]) {
        const secrets = secretsOf(other.tap.everything);
        for (const { log } of logged.launched) assert.deepEqual(findSecrets(log, secrets), []);
      }
      for (const text of ['a-secret-of-the-source', 'another-secret-of-a-source', 'a-code-of-the-source', 'an-access-token-of-the-source']) {
        assert.ok(!front.provider.log.includes(text), text);
      }
    }
  } finally {
    await hostile?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  }
});

const authorizeUrl = (more = {}) =>
  `${front.issuer}/oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id: assistant.client_id, redirect_uri: redirect, scope: 'openid todos.read', state: 's', ...more })}`;
/** The address of a source's button. */
const button = (page, name) => {
  const href = page.text.match(new RegExp(`href="([^"]*/sign-in/${name}\\?[^"]*)"`))?.[1];
  assert.ok(href, `no button for ${name} on ${page.url}:\n${page.text}`);
  return new URL(href.replaceAll('&amp;', '&'), page.url).href;
};
const until = /^https:\/\/assistant\.example\//;
/** Allows what is asked on the way: Chatelaine behind asks as for every client, and each time where the client is on loopback; then the one in front does. */
const allow = async (visitor, from) => {
  let page = from;
  while (page.location === undefined && page.forms.some(({ buttons }) => buttons.some(({ label }) => label === 'Allow'))) {
    page = await visitor.follow(await visitor.submit(page.form(/^Allow$/), {}, /^allow$/i), { until });
  }
  return page;
};
/** From an authorization URL to the answer for the assistant, by way of the provider behind. */
const goThrough = async (visitor, url, { password, email = person.email } = {}) => {
  let page = await visitor.follow(await visitor.get(url), { until });
  if (page.location === undefined && page.text.includes('/sign-in/contoso?')) page = await visitor.follow(await visitor.get(button(page, 'contoso')), { until });
  const asked = page.location === undefined && page.forms.some(({ fields }) => 'password' in fields);
  assert.equal(asked, password !== undefined, `the provider behind ${asked ? 'asks' : 'does not ask'} for a password: ${page.url}`);
  if (asked) page = await visitor.follow(await visitor.signIn(page, email, password), { until });
  page = await allow(visitor, page);
  return new URL(page.location).searchParams;
};
/** Here, not at the provider behind. */
const signOut = async (visitor) => {
  const page = await visitor.get(`${front.issuer}/account`);
  if (page.status === 200) await visitor.submit(page.form(/Sign out/));
};
const redeem = async (answer) => {
  const body = new URLSearchParams({ grant_type: 'authorization_code', code: answer.get('code'), redirect_uri: redirect, client_id: assistant.client_id, client_secret: assistant.client_secret });
  const tokens = await (await fetch(`${front.issuer}/oauth/token`, { method: 'POST', body })).json();
  return { ...tokens, claims: JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url')) };
};

/** What today's assistants need and the provider behind has not: metadata, a client that nobody has registered by hand, `resource` and `iss`. */
describe('in front of another provider, for an assistant that nobody has registered', () => {
  let world;
  let canary;

  before(async () => {
    canary = await Canary.start();
    const client = await behind.command('client', 'add', 'The façade again', '--redirect-uri', 'http://127.0.0.1/not-known-yet');
    world = await World.start({
      withHost: false,
      publicAddress: '127.0.0.3',
      fetch: `allow_local = true\nca_file = "${canary.certificate}"`,
      sources: source('contoso', behind.issuer, client.client_id, client.client_secret, 'trust_email = true'),
    });
    await behind.command('client', 'update', client.client_id, '--redirect-uri', `${world.issuer}/sign-in/contoso/callback`);
  });
  after(async () => {
    await world?.stop();
    await canary?.stop();
  });

  const registrations = [
    ['by RFC 7591', async (metadata) => {
      const body = JSON.stringify({ client_name: 'Assistant', redirect_uris: [redirect], token_endpoint_auth_method: 'none' });
      return (await (await fetch(metadata.registration_endpoint, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json()).client_id;
    }],
    ['by its own document', () => canary.serveClient('/client.json')],
  ];
  for (const [how, register] of registrations)
    test(`it connects ${how}, with \`resource\` and \`iss\`, and the provider behind hears of none of it`, async () => {
      const metadata = await (await fetch(`${world.issuer}/.well-known/oauth-authorization-server`)).json();
      const { resource } = await (await fetch(`${world.issuer}/.well-known/oauth-protected-resource/mcp`)).json();
      const clientId = await register(metadata);
      const verifier = randomBytes(32).toString('base64url');
      const query = new URLSearchParams({
        response_type: 'code', client_id: clientId, redirect_uri: redirect, state: 'a+/=b', resource,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
      });
      const answer = await goThrough(new Visitor(), `${metadata.authorization_endpoint}?${query}`, { password: person.password });
      assert.deepEqual([answer.get('iss'), answer.get('state'), answer.get('error')], [world.issuer, 'a+/=b', null]);
      const body = new URLSearchParams({ grant_type: 'authorization_code', code: answer.get('code'), redirect_uri: redirect, client_id: clientId, code_verifier: verifier, resource });
      const tokens = await (await fetch(metadata.token_endpoint, { method: 'POST', body })).json();
      const claims = JSON.parse(Buffer.from(tokens.access_token.split('.')[1], 'base64url'));
      assert.ok(claims.aud.includes(resource), `${claims.aud}`);
      assert.equal(claims.client_id, clientId);
      const initialize = { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'assistant', version: '1' } } };
      const headers = { authorization: `Bearer ${tokens.access_token}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
      assert.equal((await fetch(resource, { method: 'POST', headers, body: JSON.stringify(initialize) })).status, 200);
      assert.equal((await fetch(resource, { method: 'POST', headers: { ...headers, authorization: 'Bearer none' }, body: JSON.stringify(initialize) })).status, 401);
      const asked = behind.tap.to('/oauth/authorize', behind.tap.everything).map(({ url }) => new URL(url, behind.issuer).searchParams).at(-1);
      assert.equal(asked.get('resource'), null);
      assert.notEqual(asked.get('client_id'), clientId);
    });
});

describe('in front of another provider', () => {
  let visitor;
  let subject;

  before(() => {
    visitor = new Visitor();
  });

  test('OpenID Connect Core §3.1: a person of the provider behind signs in, and an assistant calls the API for them', async () => {
    const answer = await goThrough(visitor, authorizeUrl(), { password: person.password });
    assert.equal(answer.get('iss'), front.issuer);
    const tokens = await redeem(answer);
    assert.equal(tokens.claims.iss, front.issuer);
    // Made of the source's name, the issuer and its `sub`: no other source, and no account of our own, can have it.
    subject = createHash('sha256').update(`subject\ncontoso\n${behind.issuer}\nperson-of-contoso`).digest('base64url');
    assert.equal(tokens.claims.sub, subject);
    // How the person signed in the provider behind alone knows.
    assert.deepEqual([tokens.claims.amr, tokens.claims.acr], [undefined, undefined]);
    const called = await fetch(`${front.issuer}/todos`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    assert.equal(called.status, 200);
    assert.equal(front.apiTap.to('/todos').at(-1).headers['chatelaine-subject'], subject);
  });

  test('the provider behind sees what it understands: its own client, PKCE, a nonce, and no resource', async () => {
    const [asked] = behind.tap.to('/oauth/authorize', behind.tap.everything).map(({ url }) => new URL(url, behind.issuer).searchParams);
    assert.deepEqual([...asked.keys()].sort(), ['client_id', 'code_challenge', 'code_challenge_method', 'max_age', 'nonce', 'redirect_uri', 'response_type', 'scope', 'state']);
    const [exchanged] = behind.tap.to('/oauth/token', behind.tap.everything);
    assert.match(exchanged.headers.authorization, /^Basic /);
  });

  test('the account says where it signs in, and has no password', async () => {
    const user = await front.command('user', 'show', person.email);
    assert.deepEqual([user.has_password, user.subject, user.name], [false, subject, 'Some Person']);
    assert.deepEqual(user.sources.map(({ source, issuer, subject }) => [source, issuer, subject]), [['contoso', behind.issuer, 'person-of-contoso']]);
    const page = await visitor.get(`${front.issuer}/account`);
    assert.match(page.words, /You sign in with Contoso\./);
    assert.doesNotMatch(page.words, /Change your password/);
  });

  test('a second sign-in asks for no password at the provider behind, and is the same account', async () => {
    await signOut(visitor);
    const { claims } = await redeem(await goThrough(visitor, authorizeUrl()));
    assert.equal(claims.sub, subject);
    assert.equal((await front.command('user', 'list')).length, 2);
  });

  test('OpenID Connect Core §3.1.2.1: prompt=login and max_age reach the provider behind, and auth_time comes back', async () => {
    await new Promise((done) => setTimeout(done, 1100));
    const began = Math.floor(Date.now() / 1000);
    for (const more of [{ prompt: 'login' }, { max_age: '0' }]) {
      const { claims } = await redeem(await goThrough(visitor, authorizeUrl(more), { password: person.password }));
      assert.ok(claims.auth_time >= began, `${claims.auth_time} is before ${began}`);
    }
    assert.ok(behind.tap.everything.some(({ url }) => /^\/oauth\/authorize\?.*prompt=login.*max_age=0/.test(url)));
  });

  test('OpenID Connect Core §3.1.2.1: they reach it too where nobody is signed in here, and somebody still is there', async () => {
    for (const [more, sent, pause] of [
      [{ prompt: 'login' }, { prompt: 'login', max_age: '0' }, 1100],
      [{ max_age: '0' }, { prompt: 'login', max_age: '0' }, 1100],
      [{ max_age: '8' }, { max_age: '8' }, 9100],
    ]) {
      await new Promise((done) => setTimeout(done, pause));
      await signOut(visitor);
      const since = behind.tap.everything.length;
      const began = Math.floor(Date.now() / 1000);
      const { claims } = await redeem(await goThrough(visitor, authorizeUrl(more), { password: person.password }));
      assert.ok(claims.auth_time >= began, `${JSON.stringify(more)}: ${claims.auth_time} is before ${began}`);
      const asked = behind.tap.everything.slice(since).find(({ url }) => url.startsWith('/oauth/authorize?'));
      const query = new URL(asked.url, behind.issuer).searchParams;
      assert.deepEqual([query.get('prompt') ?? undefined, query.get('max_age')], [sent.prompt, sent.max_age]);
    }
  });

  test('OpenID Connect Core §3.1.2.1: prompt=select_account reaches the provider behind, which offers the choice', async () => {
    await signOut(visitor);
    const page = await visitor.follow(await visitor.get(authorizeUrl({ prompt: 'select_account' })));
    const choice = await visitor.follow(await visitor.get(button(page, 'contoso')));
    assert.ok(choice.url.startsWith(behind.issuer), choice.url);
    assert.match(choice.words, /Which account\?/);
  });

  test('"Sign in as somebody else" on the consent page has the provider behind ask who it is', async () => {
    await signOut(visitor);
    await redeem(await goThrough(visitor, authorizeUrl()));
    const consent = await visitor.follow(await visitor.get(authorizeUrl({ prompt: 'consent' })), { until });
    let page = await visitor.follow(await visitor.submit(consent.form(/Sign in as somebody else/)), { until });
    page = await visitor.follow(await visitor.get(button(page, 'contoso')), { until });
    assert.ok(page.url.startsWith(behind.issuer) && page.forms.some(({ fields }) => 'password' in fields), `${page.url} does not ask who it is: ${page.words}`);
    page = await allow(visitor, await visitor.follow(await visitor.signIn(page, other.email, other.password), { until }));
    const { claims } = await redeem(new URL(page.location).searchParams);
    assert.equal(claims.sub, (await front.command('user', 'show', other.email)).subject);
    assert.notEqual(claims.sub, subject);
    visitor = new Visitor();
    await redeem(await goThrough(visitor, authorizeUrl(), { password: person.password }));
  });

  test('THREATS N53: whoever is disabled here stays out, whatever the provider behind says', async () => {
    await front.command('user', 'disable', person.email);
    const stranger = new Visitor();
    stranger.cookies = structuredClone(visitor.cookies);
    const page = await allow(stranger, await stranger.follow(await stranger.get(`${front.issuer}/sign-in/contoso`)));
    assert.equal(page.status, 403, page.words);
    assert.match(page.words, /Your account here is switched off\./);
    // The same person would come back to the same page.
    assert.match(page.text, /href="[^"]*\/sign-in\?return_to=[^"]*&amp;again=yes"/);
    await front.command('user', 'enable', person.email);
  });

  test('a source that is out of reach is told, and locks nobody out', async () => {
    const person = new Visitor();
    const page = await person.get(`${front.issuer}/sign-in/dead?return_to=%2Faccount`);
    assert.equal(page.status, 502);
    assert.match(page.words, /Dead gave no answer that this service could use\./);
    const signedIn = await person.signIn(await person.get(`${front.issuer}/sign-in`), local.email, local.password);
    assert.equal(signedIn.status, 303);
  });

  test('on SIGHUP sources come and go, and passwords can be left to administrators', async () => {
    const text = readFileSync(front.config, 'utf8');
    const reload = async (changed, isDone) => {
      writeFileSync(front.config, changed);
      front.provider.child.kill('SIGHUP');
      const deadline = Date.now() + 5000;
      for (;;) {
        const page = await new Visitor().get(`${front.issuer}/sign-in`);
        if (isDone(page)) return page;
        assert.ok(Date.now() < deadline, page.words);
        await new Promise((done) => setTimeout(done, 20));
      }
    };
    const changed = text.replace('label = "Dead"', 'label = "Departed"').replace('[[user_source]]', '[accounts]\npasswords = false\n\n[[user_source]]');
    const page = await reload(changed, ({ words }) => /Sign in with Departed/.test(words));
    assert.ok(!page.forms.some(({ fields }) => 'password' in fields));
    const administrators = await new Visitor().get(`${front.issuer}/sign-in?with=password`);
    assert.equal((await new Visitor().signIn(administrators, local.email, local.password)).status, 403, 'a form of another browser');
    const visitor = new Visitor();
    const refused = await visitor.signIn(await visitor.get(`${front.issuer}/sign-in?with=password`), local.email, local.password);
    assert.equal(refused.status, 422);
    const dead = text.slice(text.indexOf('[[user_source]]\nname = "dead"'));
    const cut = dead.slice(0, dead.indexOf('networks = ["127.0.0.0/8"]'));
    await reload(text.replace(cut, cut.replace('name = "dead"', 'name = "newcomer"').replace('label = "Dead"', 'label = "Newcomer"')), ({ words }) => /Sign in with Newcomer/.test(words));
    assert.equal((await new Visitor().get(`${front.issuer}/sign-in/dead`)).status, 404);
    assert.equal((await new Visitor().get(`${front.issuer}/sign-in/newcomer`)).status, 502);
    await reload(text, ({ words }) => /Sign in with Dead/.test(words));
  });
});

describe('in front of a provider that lies', () => {
  beforeEach(() => hostile.reset());

  /** Leaves for the source and comes back. */
  const comeBack = async (visitor = new Visitor(), change = (url) => url) => {
    const left = await visitor.get(`${front.issuer}/sign-in/hostile?return_to=%2Faccount`);
    assert.equal(left.status, 303, left.words);
    return visitor.get(change(hostile.authorize(left.location)));
  };
  const logged = (since) => front.provider.log.slice(since);

  test('an honest one is believed; client_secret_post, RS256', async () => {
    const visitor = new Visitor();
    const page = await comeBack(visitor);
    assert.equal(page.status, 200, `${page.words}\n${front.provider.log.slice(-2000)}`);
    assert.match((await visitor.get(`${front.issuer}/account`)).words, /Mallory/);
  });

  const jose = () => import('jose');
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const [name, lie, log] of [
    ['OpenID Connect Core §3.1.3.7: a wrong signature', () => { hostile.makeIdToken = async (claims) => {
      const { SignJWT, generateKeyPair } = await jose();
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', ...hostile.header }).sign((await generateKeyPair('RS256')).privateKey);
    }; }, /signature is wrong/],
    ['RFC 8725 §3.2: alg none', () => { hostile.makeIdToken = (claims) => `${encode({ alg: 'none' })}.${encode(claims)}.`; }, /alg/],
    ['RFC 8725 §3.1: HS256 with the public key for a secret', () => { hostile.makeIdToken = (claims) => {
      const text = `${encode({ alg: 'HS256', kid: hostile.publicJwk.kid })}.${encode(claims)}`;
      return `${text}.${createHmac('sha256', JSON.stringify(hostile.publicJwk)).update(text).digest('base64url')}`;
    }; }, /alg/],
    ['a kid that nobody has', () => { hostile.header = { kid: 'nobody' }; }, /kid/],
    ['another issuer', () => { hostile.claims = { iss: 'https://accounts.example' }; }, /iss/],
    ['the issuer with a slash', () => { hostile.claims = { iss: `${hostile.issuer}/` }; }, /iss/],
    ['another audience', () => { hostile.claims = { aud: ['facade', 'another'] }; }, /aud/],
    ['another authorized party', () => { hostile.claims = { azp: 'another' }; }, /azp/],
    ['another nonce', () => { hostile.claims = { nonce: 'another' }; }, /nonce/],
    ['expired', () => { hostile.claims = { exp: Math.floor(Date.now() / 1000) - 100 }; }, /expired/],
    ['from the future', () => { hostile.claims = { iat: Math.floor(Date.now() / 1000) + 100 }; }, /future/],
    ['another access token\'s hash', () => { hostile.claims = { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }; }, /at_hash/],
    ['no token at all', () => { hostile.makeIdToken = () => 'nonsense'; }, /no signed JWT/],
  ]) {
    test(`nobody comes in: ${name}`, async () => {
      lie();
      const since = front.provider.log.length;
      const visitor = new Visitor();
      const page = await comeBack(visitor);
      assert.equal(page.status, 400, page.words);
      assert.match(page.words, /What came back from Hostile does not prove who you are/);
      assert.match(logged(since), log);
      assert.equal((await visitor.get(`${front.issuer}/account`)).status, 303);
    });
  }

  for (const [name, path, lie, log] of [
    ['no answer within the time', '/token', () => {}, /time|answer/],
    ['an endless answer', '/token', (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(' '.repeat(1 << 20)), /large|more than|bytes/],
    ['a page', '/token', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'), /HTML/],
    ['a redirect', '/token', (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), /redirect/],
  ]) {
    test(`the token endpoint gives ${name}: the person is told whose turn it is`, async () => {
      hostile.lies.set(path, lie);
      const since = front.provider.log.length;
      const page = await comeBack();
      assert.equal(page.status, 502, page.words);
      assert.match(page.words, /Hostile gave no answer that this service could use/);
      assert.match(logged(since), log);
    });
  }

  test('RFC 9207 §2.4: what came from another server is not used, and its code goes nowhere', async () => {
    const asked = hostile.asked.length;
    for (const change of [
      (url) => url.replace(encodeURIComponent(hostile.issuer), encodeURIComponent(behind.issuer)),
      (url) => url.replace(/&iss=[^&]*/, ''),
    ]) {
      assert.equal((await comeBack(new Visitor(), change)).status, 400);
    }
    assert.ok(!hostile.asked.slice(asked).includes('/token'));
  });

  test('RFC 6749 §10.12: another browser, a second time, no state', async () => {
    const visitor = new Visitor();
    const left = await visitor.get(`${front.issuer}/sign-in/hostile`);
    const back = hostile.authorize(left.location);
    assert.equal((await new Visitor().get(back)).status, 400);
    assert.equal((await visitor.get(back)).status, 200);
    assert.equal((await visitor.get(back)).status, 400);
    assert.equal((await visitor.get(back.replace(/state=[^&]*/, 'state=x'))).status, 400);
  });

  test('RFC 6749 §4.1.2.1: an error is told, and what the source writes is text', async () => {
    const since = front.provider.log.length;
    const page = await comeBack(new Visitor(), (url) => url.replace(/code=[^&]*/, 'error=access_denied&error_description=%3Cb%3Eno%0Aforged'));
    assert.equal(page.status, 403);
    assert.match(page.words, /was not completed/);
    assert.ok(!page.text.includes('<b>'));
    assert.match(logged(since), /access_denied: <b>no\?forged/);
  });

  test('OpenID Connect Core §10.1.1: a key that was rotated in is found', async () => {
    // Longer than the set is left alone after it was read.
    await new Promise((done) => setTimeout(done, 5100));
    await hostile.rotate();
    const page = await comeBack();
    assert.equal(page.status, 200, page.words);
  });

  for (const [name, lie, log] of [
    ['redirects', (response) => response.writeHead(302, { location: `${hostile.issuer}/other-keys` }).end(), /redirect/],
    ['has no end', (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(' '.repeat(1 << 20)), /bytes|large|KiB/],
    ['has a private key in it', (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}'), /JWK Set/],
  ]) {
    test(`THREATS N40, N41: nobody comes in by a set of keys that ${name}`, async () => {
      await new Promise((done) => setTimeout(done, 5100));
      await hostile.rotate();
      hostile.lies.set('/jwks', lie);
      const since = front.provider.log.length;
      assert.equal((await comeBack()).status, 502);
      assert.match(logged(since), log);
      assert.ok(!hostile.asked.includes('/other-keys'));
      hostile.lies.clear();
      await new Promise((done) => setTimeout(done, 5100));
      assert.equal((await comeBack()).status, 200, 'and they do once it is mended');
    });
  }

  test('THREATS N40: [fetch] allow_local is not what lets a source be asked on loopback', async () => {
    assert.doesNotMatch(readFileSync(front.config, 'utf8'), /^allow_local/m);
    assert.equal((await comeBack()).status, 200);
  });

  test('THREATS N44: unknown keys have the set read once in a while', async () => {
    hostile.header = { kid: 'nobody' };
    const asked = hostile.asked.length;
    for (let i = 0; i < 5; ++i) assert.equal((await comeBack()).status, 400);
    assert.ok(hostile.asked.slice(asked).filter((path) => path === '/jwks').length <= 2);
  });
});
