// The real manifests of 2023 and 2024, byte for byte as they stand in tests/manifests/real, at their own addresses and ports, with a provider of ours behind them:
// `chatelaine host` takes each from install to call, refresh and removal, as a developer and a person do it in a browser. Only the verification token is the host's.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ManifestFront, readManifestSites } from '../world/manifest_site.mjs';
import { enterPrivateNetwork } from '../world/private_network.mjs';
import { findSecrets, secretsOf } from '../world/secrets.mjs';
import { Visitor } from '../world/visitor.mjs';
import { Program, chatelaine, freePort, run } from '../world/world.mjs';

const email = 'person@example.com';
const password = 'correct horse battery staple';
/** The provider's own name. No manifest has it: the front says it in place of theirs. */
const issuer = 'https://provider.example.com';
/** What a client gets where its manifest asks for nothing. */
const defaultScope = 'everything';

/** What a developer is told of a manifest that is odd, and goes through all the same. */
const remarks = [
  [({ auth }) => auth.scope.includes('%'), /percent-encoded/],
  [({ auth }) => auth.scope.includes(','), /has commas/],
  [({ auth }) => /^ | $/.test(auth.scope), /begins or ends with a blank/],
  [({ logo_url: logo }) => logo.startsWith('http:'), /logo_url is http/],
];

const sites = readManifestSites();
const network = await enterPrivateNetwork([...new Set(sites.flatMap(({ urls }) => urls.map(({ hostname }) => hostname)))]);

describe('the real manifests, from install to removal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-manifests-'));
  const [providerConfig, hostConfig] = [join(folder, 'provider.toml'), join(folder, 'host.toml')];
  const programs = [];
  let front;
  let api;
  let hostUrl;

  const command = async (config, input, ...args) => {
    const { code, stdout, stderr } = await run(chatelaine, [...args, '--config', config, '--json'], { input });
    assert.equal(code, 0, `chatelaine ${args.join(' ')}: ${stdout}${stderr}`);
    return JSON.parse(stdout);
  };
  const launch = async (name, config) => {
    const program = new Program(chatelaine, [name, '--config', config], { CHATELAINE_LOG: 'debug' });
    programs.push(program);
    await program.ready;
  };

  before(async () => {
    const [apiPort, providerPort, hostPort] = [await freePort(), await freePort(), await freePort()];
    hostUrl = `http://127.0.0.1:${hostPort}`;
    const provider = { url: `http://127.0.0.1:${providerPort}`, issuer };
    const scopes = new Set([defaultScope, ...sites.flatMap((site) => site.apiScopes)]);
    writeFileSync(
      providerConfig,
      `issuer = "${issuer}"\nlisten = "127.0.0.1:${providerPort}"\nstorage = "sqlite:provider.db"\n[api]\nupstream = "http://127.0.0.1:${apiPort}"\n` +
        [...scopes].map((scope) => `[[scope]]\nname = "${scope}"\n`).join(''),
    );
    // Not allow_local: these are public names, and the host treats them as such. Under the name `openai` its token stands where the one of then stood.
    writeFileSync(hostConfig, `[host]\nurl = "${hostUrl}"\nlisten = "127.0.0.1:${hostPort}"\nstorage = "sqlite:host.db"\nname = "openai"\nca_file = "${network.authority}"\n`);
    front = new ManifestFront(network, provider, `http://127.0.0.1:${apiPort}`);
    await front.listen(new Set(sites.flatMap(({ urls }) => urls.map(({ port }) => Number(port || 443)))));
    await launch('serve', providerConfig);
    await launch('host', hostConfig);
    await command(providerConfig, password, 'user', 'add', email, '--password-stdin', '--subject', 'user-1');
    const asker = await command(providerConfig, '', 'client', 'add', 'The API', '--grant', 'client_credentials', '--introspects', issuer);
    api = createServer((request, response) => tellWhoIsCalling(provider, asker, request, response));
    await new Promise((done) => api.listen(apiPort, '127.0.0.1', done));
    await command(hostConfig, password, 'user', 'add', email, '--password-stdin', '--role', 'developer');
  });

  after(async () => {
    try {
      for (const program of programs) await program.stop();
    } finally {
      await front?.stop();
      api?.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  for (const site of sites) test(site.name, () => takeThrough(site));

  async function takeThrough(site) {
    front.serve(site);
    const visitor = new Visitor();
    const home = await visitor.follow(await visitor.signIn(await visitor.follow(await visitor.get(`${hostUrl}/`)), email, password));
    assert.equal(home.status, 200, home.words);
    const plugin = await install(visitor, site);
    await signInWith(visitor, site, plugin);
    await callAndRefresh(visitor, site, plugin);
    await leave(visitor, site, plugin);
  }

  /** The developer's part: the domain, the client's credentials, the verification token. */
  async function install(visitor, site) {
    const form = await visitor.get(`${hostUrl}/plugins/install`);
    const begun = await visitor.follow(await visitor.submit(form.form(/install$/), { domain: site.domain }));
    assert.equal(begun.status, 200, begun.words);
    assert.deepEqual(front.seen.map(({ target }) => target), [site.manifestUrl, site.openapiUrl]);
    const plugin = { page: begun.url, id: begun.url.split('/').pop(), callback: shown(begun, 'Callback URL') };
    assert.equal(plugin.callback, `${hostUrl}/aip/${plugin.id}/oauth/callback`);

    const scope = site.apiScopes.join(' ') || defaultScope;
    const client = await command(providerConfig, '', 'client', 'add', `Host of ${site.domain}`, '--redirect-uri', plugin.callback, '--pkce', 'optional', '--scope', scope);
    Object.assign(plugin, client);
    const ready = await visitor.follow(await visitor.submit(begun.form(/credentials$/), { client_id: client.client_id, client_secret: client.client_secret }));
    const early = await visitor.submit(ready.form(/verify$/));
    assert.equal(early.status, 422, 'verified with the token of then');
    assert.match(early.words, /another verification token/);
    site.token = shown(early, 'Verification token');
    assert.match(site.token, /^[0-9a-f]{32}$/);
    const verified = await visitor.submit(early.form(/verify$/));
    assert.equal(verified.status, 200, verified.words);
    assert.match(verified.words, /Verified: the manifest carries the token/);
    for (const [isOdd, remark] of remarks) assert.equal(remark.test(verified.words), isOdd(site.manifest), `${remark} in: ${verified.words}`);
    return plugin;
  }

  /** The person's part: through client_url to sign-in and consent at the provider, and back to the callback. */
  async function signInWith(visitor, site, plugin) {
    const { auth, name_for_human: name, description_for_human: description } = site.manifest;
    const home = await visitor.get(`${hostUrl}/`);
    for (const words of [`Sign in with ${name}`, description.replace(/\s+/g, ' ').trim()]) assert.ok(home.words.includes(words), `no "${words}" in: ${home.words}`);
    const away = await visitor.submit(home.form(new RegExp(`${plugin.id}/connect$`)));
    assert.equal(away.status, 303, away.words);
    checkAuthorizationUrl(site, plugin, away.headers.get('location'));

    const signIn = await visitor.follow(away);
    assert.equal(new URL(signIn.url).origin, new URL(auth.client_url).origin, 'the sign-in page is the provider\'s');
    const consent = await visitor.follow(await visitor.signIn(signIn, email, password));
    assert.match(consent.words, new RegExp(`Host of ${site.domain}`));
    const back = await visitor.submit(consent.form(/Allow/), {}, /allow/i);
    assert.ok(back.location?.startsWith(`${plugin.callback}?`), back.location ?? back.words);
    const connected = await visitor.follow(await visitor.get(back.location));
    assert.equal(connected.url, `${plugin.page}/use`, connected.words);

    const exchanges = front.to(site.tokenUrl);
    assert.equal(exchanges.length, 1);
    assert.deepEqual(checkTokenRequest(site, exchanges[0]), {
      grant_type: 'authorization_code',
      client_id: plugin.client_id,
      client_secret: plugin.client_secret,
      code: new URL(back.location).searchParams.get('code'),
      redirect_uri: plugin.callback,
    });
    plugin.tokens = JSON.parse(exchanges[0].answer);
  }

  /** A call with the token; then one that the API refuses as if the token had ended, and with the refreshed token it goes through. */
  async function callAndRefresh(visitor, site, plugin) {
    const call = async () => {
      const page = await visitor.get(`${plugin.page}/use`);
      const answer = await visitor.submit(page.forms.find(({ fields }) => fields.operation === 'whoAmI'));
      assert.match(answer.words, /It worked: 200/);
      return JSON.parse(shown(answer, 'Answer'));
    };
    const granted = site.scopes.length > 0 ? site.scopes : [defaultScope];
    const { scope, ...caller } = await call();
    assert.deepEqual(caller, { subject: 'user-1', client: plugin.client_id });
    assert.deepEqual(scope.sort(), granted.sort());
    front.refusesNextCall = true;
    assert.equal((await call()).subject, 'user-1');

    const refresh = front.to(site.tokenUrl).at(-1);
    assert.deepEqual(checkTokenRequest(site, refresh), {
      grant_type: 'refresh_token',
      client_id: plugin.client_id,
      client_secret: plugin.client_secret,
      refresh_token: plugin.tokens.refresh_token,
    });
    const refreshed = JSON.parse(refresh.answer);
    assert.notEqual(refreshed.access_token, plugin.tokens.access_token);
    assert.deepEqual(front.to(site.callUrl).map(({ headers, status }) => [headers.authorization, status]), [
      [`Bearer ${plugin.tokens.access_token}`, 200],
      [`Bearer ${plugin.tokens.access_token}`, 401],
      [`Bearer ${refreshed.access_token}`, 200],
    ]);
  }

  async function leave(visitor, site, plugin) {
    const use = await visitor.get(`${plugin.page}/use`);
    const left = await visitor.submit(use.form(/disconnect$/));
    // Its manifest names no revocation, and the provider's metadata speaks of other endpoints than it does.
    assert.match(left.words, /offers no revocation/);
    assert.equal((await visitor.get(`${plugin.page}/use`)).location, `${hostUrl}/`, 'the plugin can be used after it was left');
    const page = await visitor.get(plugin.page);
    const removed = await visitor.follow(await visitor.submit(page.form(/remove$/)));
    assert.match(removed.words, /was removed/);
    assert.deepEqual(front.seen.filter(({ status }) => status === 404 || status >= 500).map(({ target, status }) => [target, status]), []);
  }

  test('no secret that went by stands in a log', () => {
    const secrets = secretsOf(front.everything);
    const kinds = new Set([...secrets.values()].flatMap((names) => [...names]));
    for (const kind of ['password', 'code', 'client_secret', 'access_token', 'refresh_token']) assert.ok(kinds.has(kind), `no ${kind} went by`);
    for (const { log, output } of programs) assert.deepEqual(findSecrets(log + output, secrets), []);
  });
});

/** The API: tells the caller what the gateway says of it; where no gateway is before it, what the provider says of the token (RFC 7662 §2.1). */
async function tellWhoIsCalling(provider, { client_id, client_secret }, { headers }, response) {
  const say = (subject, client, scope) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ subject, client, scope }));
  if (headers['chatelaine-subject']) return say(headers['chatelaine-subject'], headers['chatelaine-client'], headers['chatelaine-scope'].split(' ').map(decodeURIComponent));
  const body = new URLSearchParams({ token: headers.authorization.replace('Bearer ', ''), client_id, client_secret });
  const { active, sub, client_id: client, scope } = await (await fetch(`${provider.url}/oauth/introspect`, { method: 'POST', body })).json();
  return active ? say(sub, client, scope.split(' ')) : response.writeHead(401).end();
}

/**
 * Every character of client_url and scope, in the pattern of the document. A scope that is percent-encoded in the manifest is encoded once more, and so reaches the
 * provider as the text that stands there: singlestoreplugins' three words are one scope to it. None of these servers says that it knows PKCE, so none is sent.
 */
function checkAuthorizationUrl({ manifest: { auth } }, { client_id, callback }, location) {
  const [scope, redirect] = [auth.scope, callback].map(encodeURIComponent);
  const pattern = `${auth.client_url}?response_type=code&client_id=${client_id}&scope=${scope}&redirect_uri=${redirect}&state=`;
  assert.equal(location.slice(0, pattern.length), pattern);
  assert.match(location.slice(pattern.length), /^ctl_[\w-]+$/);
}

/** The parameters of a token request; that it was sent in the manifest's content type. */
function checkTokenRequest({ manifest: { auth } }, { method, headers, body, status }) {
  assert.deepEqual([method, headers['content-type'], status], ['POST', auth.authorization_content_type, 200]);
  return auth.authorization_content_type === 'application/json' ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
}

/** What a page shows under a label to be copied. */
function shown(page, label) {
  const [, html] = page.text.match(new RegExp(`aria-label="${label}"><code>([^<]*)</code>`)) ?? assert.fail(`no ${label} on ${page.url}: ${page.words}`);
  return html.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
