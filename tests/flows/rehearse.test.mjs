// `chatelaine rehearse`: every profile gets through our own server; each fault of a broken one is named with what mends it by an assistant that meets it; no server keeps it waiting; and no
// secret stands in anything that it writes.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { faults } from '../broken_provider/faults.mjs';
import { flowFaults } from '../broken_provider/flow_faults.mjs';
import { hostilities } from '../broken_provider/hostilities.mjs';
import { client as brokenClient, letIn, person } from '../broken_provider/letting_in.mjs';
import { BrokenProvider } from '../broken_provider/provider.mjs';
import { Canary } from '../world/canary.mjs';
import { allow } from '../world/sign_in.mjs';
import { chatelaine, freePort, root, run, World } from '../world/world.mjs';

const elsewhere = mkdtempSync(join(tmpdir(), 'chatelaine-'));
after(() => rmSync(elsewhere, { recursive: true, force: true }));

const headless = { CHATELAINE_REHEARSE_USER: person.user, CHATELAINE_REHEARSE_PASSWORD: person.password };
const rehearse = (args, { env = headless, input = '' } = {}) => run(chatelaine, ['rehearse', ...args], { env, input });

/** What it says as JSON, its exit code among it. */
async function play(args, options) {
  const { code, stdout, stderr } = await rehearse([...args, '--json'], options);
  assert.ok(code === 0 || code === 1, `it ended with ${code}: ${stdout}${stderr}`);
  const report = JSON.parse(stdout);
  assert.equal(report.ok, code === 0);
  return report;
}

/** A person at a terminal: what it says, what they type, and how it ends. */
class Terminal {
  said = '';

  constructor(args) {
    const file = join(elsewhere, `${randomUUID()}.json`);
    const words = [chatelaine, 'rehearse', ...args, '--json'].map((word) => `'${word}'`);
    const { CHATELAINE_REHEARSE_USER: _, CHATELAINE_REHEARSE_PASSWORD: __, ...env } = process.env;
    this.child = spawn('script', ['-qec', `${words.join(' ')} > ${file}`, '/dev/null'], { env });
    this.child.stdout.on('data', (data) => (this.said += data));
    this.ended = new Promise((done) => this.child.on('close', (code) => done({ code, report: JSON.parse(readFileSync(file, 'utf8')), said: this.said })));
  }

  /** The URL to open, once it says what is expected of the person. */
  async url(prompt) {
    while (!prompt.test(this.said)) {
      assert.equal(this.child.exitCode, null, this.said);
      await new Promise((done) => setTimeout(done, 50));
    }
    return /^ {2}(http\S+?)\r?$/m.exec(this.said)[1];
  }

  type(line) {
    this.child.stdin.write(`${line}\n`);
  }
}
const pastes = /[Pp]aste the address/;
const comesBack = /comes back to this program by itself/;
/** The browser's last request, where nobody looks up `localhost`. */
const visit = (location) => fetch(location.replace('//localhost:', '//127.0.0.1:'));

const remarks = (report, ...verdicts) => report.steps.flatMap((step) => step.remarks.filter(({ verdict }) => verdicts.includes(verdict)).map((remark) => ({ step: step.step, ...remark })));
const verdictOf = (report, name) => report.steps.find(({ step }) => step === name).verdict;

/** Which flag and environment a client that was added by hand needs. */
const byHand = ({ client_id: id, client_secret: secret }) => [['--client-id', id], { env: { ...headless, CHATELAINE_REHEARSE_CLIENT_SECRET: secret } }];

describe('our own server', () => {
  let world;
  let canary;

  before(async () => {
    canary = await Canary.start();
    world = await World.start({ withHost: false, fetch: `allow_local = true\nca_file = "${canary.certificate}"`, tokens: 'access_lifetime = "4s"' });
    writeFileSync(world.config, readFileSync(world.config, 'utf8').replace('https://example.com/legal', `${world.issuer}/logo.svg`));
    await world.addUser(person.user, person.password);
    await world.addVerificationToken('openai', '0123456789abcdef0123456789abcdef');
  });
  after(async () => {
    await world?.stop();
    await canary?.stop();
  });

  /** The assistant's own document cannot be reached from here: one that says the same stands in for it. */
  async function serveDocument(name) {
    const profile = await world.command('profile', 'show', name);
    const redirects = profile.redirect.filter(({ metadata_document: own }) => !own).map(({ example }) => example);
    return canary.serveClient(`/${name}.json`, { client_name: profile.title, redirect_uris: redirects });
  }

  const expectGood = (report) => {
    assert.deepEqual(remarks(report, 'fault'), [], report.verdict);
    assert.match(report.verdict, /connects, calls, and stays connected/);
    for (const step of ['discovery', 'registration', 'authorization', 'exchange', 'call', 'refresh']) assert.equal(verdictOf(report, step) === 'fault' || verdictOf(report, step) === 'skipped', false, step);
  };

  for (const name of ['chatgpt-plugin', 'gpt-action', 'coze']) {
    test(`${name} gets through, as a client that was added for it`, async () => {
      const id = { coze: 'coze.example.com', 'chatgpt-plugin': 'some_plugin_id', 'gpt-action': 'some_gpt_id' }[name];
      const client = await world.command('client', 'add', name, '--assistant', name, '--redirect-id', id);
      const [args, options] = byHand(client);
      const more = name === 'gpt-action' ? ['--openapi', `${world.issuer}/.well-known/openapi.yaml`] : [];
      const report = await play([name, world.issuer, ...args, ...more, '--wait', '10s'], options);
      expectGood(report);
      assert.notEqual(verdictOf(report, 'expiry'), 'skipped');
    });
  }

  // RFC 6749 §4.1.3
  test('coze is refused as a client of which nobody said whose it is, or which has a second redirect URI', async () => {
    const hosts = ['coze.example.com', 'coze-2.example.com'];
    const unnamed = await world.command('client', 'add', 'unnamed', '--redirect-uri', `https://${hosts[0]}/api/oauth/authorization_code`, '--pkce', 'optional');
    const double = await world.command('client', 'add', 'double', '--assistant', 'coze', ...hosts.flatMap((host) => ['--redirect-id', host]));
    assert.match(double.advice.join(), /exactly one redirect URI\. It has 2/);
    for (const client of [unnamed, double]) {
      const [args, options] = byHand(client);
      const report = await play(['coze', world.issuer, ...args], options);
      assert.deepEqual(remarks(report, 'fault').map(({ code }) => code), ['redirect_uri_at_exchange'], report.verdict);
    }
    await world.command('client', 'update', double.client_id, '--redirect-uri', `https://${hosts[0]}/api/oauth/authorization_code`);
    const [args, options] = byHand(double);
    expectGood(await play(['coze', world.issuer, ...args], options));
  });

  for (const name of ['chatgpt-app', 'claude', 'claude-code', 'cursor', 'vscode']) {
    test(`${name} gets through by its document`, async () => {
      const report = await play([name, world.issuer, '--client-id-document', await serveDocument(name), '--wait', '10s']);
      expectGood(report);
      assert.match(JSON.stringify(report), /known by its document/);
      assert.notEqual(verdictOf(report, 'expiry'), 'skipped');
      if (name === 'claude-code') assert.equal(verdictOf(report, 'refresh_at_once'), 'ok');
      if (name === 'chatgpt-app') assert.equal(verdictOf(report, 'revocation'), 'ok');
    });
  }

  test('what is sent is what the profile says, byte for byte', async () => {
    const profile = await world.command('profile', 'show', 'vscode');
    world.tap.clear();
    await play(['vscode', world.issuer, '--client-id-document', await serveDocument('vscode')]);
    const [authorize] = world.tap.to('/oauth/authorize').filter(({ url }) => url.includes(encodeURIComponent('http://127.0.0.1:33418/')));
    assert.deepEqual([...new URL(authorize.url, world.issuer).searchParams.keys()], profile.authorization.parameters);
    const [exchange] = world.tap.to('/oauth/token').filter(({ body }) => body.includes('authorization_code'));
    assert.deepEqual([...new URLSearchParams(exchange.body).keys()], profile.token.parameters.filter((parameter) => parameter !== 'client_secret'));
    // RFC 3986 §2.1: what is not unreserved is percent-encoded, a blank as %20.
    const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
    for (const raw of [authorize.url.slice(authorize.url.indexOf('?') + 1), exchange.body])
      assert.equal([...new URLSearchParams(raw)].map(([name, value]) => `${name}=${encode(value)}`).join('&'), raw);
    assert.equal(exchange.headers['content-type'], 'application/x-www-form-urlencoded');
  });

  test('a document that the server cannot read is nothing to be added by hand', async () => {
    const report = await play(['claude', world.issuer, '--client-id-document', 'https://nowhere.invalid/claude.json']);
    const [fault] = remarks(report, 'fault');
    assert.equal(fault.code, 'client', report.verdict);
    assert.match(fault.seen, /The host of https:\/\/nowhere\.invalid\/claude\.json was not found/);
    assert.match(fault.seen, /Its X-Request-Id is "[0-9a-f]{16}"/);
    assert.match(fault.change, /the server reads https:\/\/nowhere\.invalid\/claude\.json by itself.*--client-id-document/);
  });

  // WHATWG URL: what URLSearchParams of the MCP TypeScript SDK writes.
  test('what is sent by assistants that are built on JavaScript is what that writes, byte for byte', async () => {
    world.tap.clear();
    const report = await play(['cursor', world.issuer, '--client-id-document', await serveDocument('cursor'), '--scope', 'todos.read todos.write']);
    expectGood(report);
    const asWritten = (raw) => assert.equal(new URLSearchParams([...new URLSearchParams(raw)]).toString(), raw);
    // The ones after it are what our own pages lead back to.
    const [{ url }] = world.tap.to('/oauth/authorize');
    assert.match(url, /&scope=todos\.read\+todos\.write(&|$)/);
    asWritten(url.slice(url.indexOf('?') + 1));
    for (const { body } of world.tap.to('/oauth/token').filter(({ body }) => body.includes('grant_type='))) asWritten(body);
    const [metadata] = world.tap.to('/.well-known/oauth-authorization-server');
    assert.equal(metadata.headers['mcp-protocol-version'], '2025-11-25');
  });

  test('a wrong password is said to be one', async () => {
    const report = await play(['claude', world.issuer, '--client-id-document', await serveDocument('claude')], { env: { ...headless, CHATELAINE_REHEARSE_PASSWORD: 'wrong horse' } });
    const [fault] = remarks(report, 'fault');
    assert.equal(fault.code, 'sign_in');
    assert.match(fault.seen, /user name or password are wrong/);
    assert.match(fault.change, /sign in with a browser/);
  });

  test('a person signs in with a browser and pastes the address at which that ended', async () => {
    const args = ['claude', world.issuer, '--client-id-document', await serveDocument('claude')];
    const terminal = new Terminal(args);
    terminal.type(await allow(await terminal.url(pastes), { email: person.user, password: person.password }));
    const { code, report, said } = await terminal.ended;
    assert.equal(code, 0, said + JSON.stringify(report));
    assert.doesNotMatch(said, comesBack);
    expectGood(report);
  });
});

// RFC 7591
describe('our own server without documents', () => {
  let world;
  before(async () => {
    world = await World.start({ withHost: false, flows: 'client_id_metadata_documents = false', profiles: 'directory = "assistants"' });
    await world.addUser(person.user, person.password);
  });
  after(() => world?.stop());

  for (const name of ['chatgpt-app', 'claude', 'claude-code', 'cursor', 'vscode']) {
    test(`${name} registers itself, and gets through`, async () => {
      const report = await play([name, world.issuer]);
      assert.deepEqual(remarks(report, 'fault'), [], report.verdict);
      assert.match(JSON.stringify(report), /registered as/);
      assert.equal(verdictOf(report, 'call'), 'ok');
      await expectNoClientLeft(report);
    });
  }

  // RFC 7592 §2.3
  const expectNoClientLeft = async (report) => {
    const [, id] = /^registered as "(.*)"$/.exec(report.steps.flatMap(({ remarks: all }) => all).find(({ code }) => code === 'client_registration').seen);
    assert.deepEqual(report.steps.find(({ step }) => step === 'removal').remarks.map(({ seen }) => seen), [`the client "${id}" is deleted`]);
    assert.deepEqual(await world.command('client', 'list'), []);
  };

  // RFC 8252 §7.3
  for (const name of ['claude-code', 'cursor', 'vscode']) {
    test(`${name} listens where the browser of a person comes back`, async () => {
      const terminal = new Terminal([name, world.issuer]);
      const location = await allow(await terminal.url(comesBack), { email: person.user, password: person.password });
      const page = await visit(location);
      assert.equal(page.status, 200);
      assert.match(await page.text(), /You can close this page/);
      const { code, report, said } = await terminal.ended;
      assert.equal(code, 0, said + JSON.stringify(report));
      assert.equal(verdictOf(report, 'call'), 'ok');
      assert.doesNotMatch(said, /code=/, 'what the browser brought is shown nowhere');
      await expectNoClientLeft(report);
    });
  }

  test('a person whose browser runs on another machine pastes the address instead', async () => {
    const terminal = new Terminal(['vscode', world.issuer]);
    terminal.type(await allow(await terminal.url(pastes), { email: person.user, password: person.password }));
    const { code, report, said } = await terminal.ended;
    assert.equal(code, 0, said + JSON.stringify(report));
  });

  // RFC 7523 §3, at the token endpoint and at revocation
  test('an assistant that has keys alone registers one, and gets through', async () => {
    const text = readFileSync(join(root, 'profiles/chatgpt-app.toml'), 'utf8')
      .replace(/^aliases.*\n/m, '').replace('title = "ChatGPT app"', 'title = "Keeper"')
      .replace(/^authentication_methods.*$/m, 'authentication_methods = ["private_key_jwt"]').replace(/^document_methods.*$/m, 'document_methods = ["private_key_jwt"]')
      .replace('"client_secret", ', '').replace('"token.client_id_with_basic", ', '');
    mkdirSync(join(world.folder, 'assistants'));
    writeFileSync(join(world.folder, 'assistants/keeper.toml'), text);
    copyFileSync(world.config, join(world.folder, 'chatelaine.toml'));
    world.tap.clear();
    const { code, stdout, stderr } = await run('sh', ['-c', 'cd "$0" && exec "$@"', world.folder, chatelaine, 'rehearse', 'keeper', world.issuer, '--json'], { env: headless });
    assert.equal(code, 0, stdout + stderr);
    const report = JSON.parse(stdout);
    for (const step of ['refresh', 'revocation']) assert.equal(verdictOf(report, step), 'ok', step);
    for (const path of ['/oauth/token', '/oauth/revoke']) {
      const proven = world.tap.to(path).filter(({ body }) => body.includes('client_assertion='));
      assert.ok(proven.length > 0, path);
      for (const { body } of proven) assert.doesNotMatch(body, /client_secret=/);
    }
    await expectNoClientLeft(report);
  });

  test('a rehearsal that fails midway leaves no client behind either', async () => {
    const report = await play(['cursor', world.issuer], { env: { ...headless, CHATELAINE_REHEARSE_PASSWORD: 'wrong horse' } });
    assert.equal(verdictOf(report, 'authorization'), 'fault');
    assert.equal(verdictOf(report, 'revocation'), 'skipped');
    await expectNoClientLeft(report);
  });
});

test('our own server whose API is dead does not pass', async () => {
  const world = await World.start({ withHost: false, flows: 'client_id_metadata_documents = false', upstream: `http://127.0.0.1:${await freePort()}` });
  await world.addUser(person.user, person.password);
  const report = await play(['claude', world.issuer]);
  await world.stop();
  assert.deepEqual(remarks(report, 'fault').map(({ step, code }) => [step, code]), [['call', 'call_answer']], report.verdict);
  assert.match(report.verdict, /^Claude connects, but its calls fail: the tool /);
});

describe('a server of somebody else', () => {
  const withSecret = { env: { ...headless, CHATELAINE_REHEARSE_CLIENT_SECRET: brokenClient.secret } };
  const argsFor = (profile, provider) => {
    if (profile === 'chatgpt-plugin' || profile === 'coze') return [profile, provider.url, '--client-id', brokenClient.id];
    if (profile === 'gpt-action') return [profile, provider.url, '--client-id', brokenClient.id, '--call', '/todos'];
    return [profile, provider.resource];
  };
  const optionsFor = (profile) => (['chatgpt-plugin', 'coze', 'gpt-action'].includes(profile) ? withSecret : undefined);

  for (const profile of ['chatgpt-plugin', 'gpt-action', 'chatgpt-app', 'claude', 'claude-code', 'cursor', 'vscode', 'coze']) {
    test(`that is sound lets ${profile} through`, async () => {
      const provider = await BrokenProvider.start({ spoil: (sound) => letIn(sound) });
      const report = await play(argsFor(profile, provider), optionsFor(profile));
      await provider.stop();
      assert.deepEqual(remarks(report, 'fault', 'warning'), []);
    });
  }

  // RFC 7523 §3
  test('that takes keys alone lets chatgpt-app through with one that was made for the rehearsal', async () => {
    const provider = await BrokenProvider.start({
      spoil: (broken) => { letIn(broken); broken.editMetadata((document) => (document.token_endpoint_auth_methods_supported = ['private_key_jwt'])); },
    });
    const report = await play(['chatgpt-app', provider.resource]);
    const asked = (route) => provider.seen.filter((request) => request.route === route).map(({ body }) => body);
    await provider.stop();
    assert.deepEqual(remarks(report, 'fault'), []);
    assert.match(JSON.stringify(report), /the document of ChatGPT app names its own key, which nobody else has/);
    assert.equal(verdictOf(report, 'refresh'), 'ok');
    assert.equal(verdictOf(report, 'removal'), 'ok');
    const [registration] = asked('POST /oauth/register').filter((body) => body.includes('jwks')).map((body) => JSON.parse(body));
    assert.equal(registration.jwks.keys.length, 1);
    assert.deepEqual(Object.keys(registration.jwks.keys[0]).filter((member) => member === 'd'), [], 'the private half stays here');
    const proofs = asked('POST /oauth/token').map((body) => new URLSearchParams(body).get('client_assertion')).filter(Boolean);
    assert.ok(proofs.length >= 3, proofs.join());
    assert.equal(new Set(proofs.map((proof) => JSON.parse(Buffer.from(proof.split('.')[1], 'base64url').toString()).jti)).size, proofs.length);
    for (const proof of proofs) assert.ok(!JSON.stringify(report).includes(proof));
    assert.equal(registration.jwks.keys[0].kty, 'RSA', 'its profile says RS256');
    for (const proof of proofs) assert.equal(JSON.parse(Buffer.from(proof.split('.')[0], 'base64url').toString()).alg, 'RS256');
  });

  // RFC 7592 §2.3: 405 is the answer of a server that deletes no client.
  for (const [sentence, deletes, words] of [
    ['has no client management', undefined, /^the server has no client management \(RFC 7592\): the client "made-[0-9a-f-]+" stays there$/],
    ['deletes no client', 405, /^the server does not delete clients \(status 405\): the client "made-[0-9a-f-]+" stays there$/],
  ]) {
    test(`that ${sentence} is not at fault, and the client that stays is named`, async () => {
      const provider = await BrokenProvider.start({
        spoil: (broken) => { letIn(broken, { deletes }); broken.editMetadata((document) => delete document.client_id_metadata_document_supported); },
      });
      const report = await play(['cursor', provider.resource]);
      await provider.stop();
      assert.equal(verdictOf(report, 'removal'), 'skipped');
      const [remark] = report.steps.find(({ step }) => step === 'removal').remarks;
      assert.equal(remark.code, 'client_removed');
      assert.match(remark.seen, words);
    });
  }

  for (const [name, { profile, code, seen, change, severity = 'fault', verdict, manners, spoil = () => {}, args = [] }] of Object.entries(flowFaults)) {
    test(`with the fault ${name} is found out by ${profile}`, async () => {
      const provider = await BrokenProvider.start({ spoil: (broken) => { letIn(broken, manners); spoil(broken); } });
      const report = await play([...argsFor(profile, provider), ...args], optionsFor(profile));
      await provider.stop();
      const found = remarks(report, severity).find((remark) => remark.code === code && remark.seen.includes(seen));
      assert.ok(found, `${code} is no ${severity}: ${JSON.stringify(report, null, 1)}`);
      assert.ok(found.change.includes(change), found.change);
      assert.equal(report.ok, severity !== 'fault');
      if (verdict) assert.ok(report.verdict.includes(verdict), report.verdict);
    });
  }

  test('every kind of trouble that authors report has a switch', () => {
    const causes = new Set([...Object.values(flowFaults), ...Object.values(faults)].map(({ cause }) => cause));
    assert.deepEqual([...causes].sort((a, b) => a - b), Array.from({ length: 15 }, (_, i) => i + 1));
  });

  // What the doctor finds, a rehearsal finds, too.
  for (const [name, { code, change, spoil }] of Object.entries(faults)) {
    const profile = /manifest|json/.test(name) ? 'chatgpt-plugin' : 'claude';
    test(`with the fault ${name} is found out by ${profile}`, async () => {
      const provider = await BrokenProvider.start({ spoil: (broken) => { letIn(broken); spoil(broken); } });
      const report = await play(argsFor(profile, provider), optionsFor(profile));
      await provider.stop();
      const found = remarks(report, 'fault', 'warning').filter((remark) => remark.code === code);
      assert.ok(found.some((remark) => remark.change.includes(change)), `${code}: ${JSON.stringify(report, null, 1)}`);
    });
  }
});

describe("a person's browser that does not come back as it should", () => {
  let provider;
  before(async () => (provider = await BrokenProvider.start({ spoil: (sound) => letIn(sound) })));
  after(() => provider?.stop());

  const redirectOf = (url) => new URL(url).searchParams.get('redirect_uri');
  const stateOf = (url) => encodeURIComponent(new URL(url).searchParams.get('state'));
  for (const [sentence, answer, code, words] of [
    ['with another state', (url) => visit(`${redirectOf(url)}?code=code-of-mine&state=other`), 'state', /state was sent as ".*" and came back as "other"/],
    ['with an error', (url) => visit(`${redirectOf(url)}?error=access_denied&state=${stateOf(url)}`), 'sign_in', /answers with "access_denied"/],
    ['at another path', (url) => visit(`${redirectOf(url)}elsewhere?code=code-of-mine&state=${stateOf(url)}`), 'answer', /nobody came back from the sign-in within 3s; the browser asked for the path "\/elsewhere"/],
    ['at all', () => {}, 'answer', /nobody came back from the sign-in within 3s$/],
  ]) {
    test(`${sentence} is told so`, async () => {
      const terminal = new Terminal(['vscode', provider.resource, '--sign-in-timeout', '3s']);
      await answer(await terminal.url(comesBack));
      const { code: exit, report } = await terminal.ended;
      assert.equal(exit, 1);
      const fault = remarks(report, 'fault').find((remark) => remark.code === code);
      assert.match(fault?.seen, words, JSON.stringify(report));
    });
  }

  for (const [sentence, pasted, words] of [
    ['another address', 'https://elsewhere.example/cb?code=code-of-mine', /the browser ended at "https:\/\/elsewhere\.example\/cb", and not at the redirect URI https:\/\/claude\.ai\//],
    ['a code alone', 'code-of-mine', /what was pasted is not the address of a page/],
    ['nothing', '', /nothing was pasted/],
  ]) {
    test(`who pastes ${sentence} is told so`, async () => {
      const terminal = new Terminal(['claude', provider.resource]);
      await terminal.url(pastes);
      terminal.type(pasted);
      const { code, report } = await terminal.ended;
      assert.equal(code, 1);
      const [fault] = remarks(report, 'fault');
      assert.equal(fault.code, 'answer');
      assert.match(fault.seen, words);
    });
  }

  test('where the port is taken that the assistant always has, the address is pasted', async () => {
    const other = createServer();
    await new Promise((done) => other.once('listening', done).once('error', done).listen(8787, '127.0.0.1'));
    const terminal = new Terminal(['cursor', provider.resource]);
    const url = await terminal.url(pastes);
    assert.match(terminal.said, /\(port 8787 of this machine, to which the browser comes back, cannot be listened at\)/);
    terminal.type(`${redirectOf(url)}?error=access_denied&state=${stateOf(url)}`);
    const { report } = await terminal.ended;
    other.close();
    assert.ok(remarks(report, 'fault').some(({ code }) => code === 'sign_in'), JSON.stringify(report));
  });
});

// THREATS N41
describe('a hostile server', () => {
  for (const [name, spoil] of Object.entries(hostilities)) {
    test(`${name} ends in findings, and in time`, async () => {
      const provider = await BrokenProvider.start({ spoil });
      const start = Date.now();
      const { code, stdout, stderr } = await rehearse(['claude', provider.resource, '--timeout', '300ms']);
      const took = Date.now() - start;
      await provider.stop();
      assert.equal(code, 1, stdout + stderr);
      assert.match(stdout, /^fault +discovery /m);
      assert.match(stdout, /^Claude does not connect: /m);
      // eslint-disable-next-line no-control-regex
      assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/, 'what steers a terminal is not printed');
      assert.ok(took < 30_000, `it took ${took} ms`);
    });
  }

  for (const [name, path, answer] of [
    ['a sign-in that leads in circles', 'GET /oauth/authorize', (request) => ({ status: 302, headers: { location: `${request.url}` }, body: '' })],
    ['a sign-in on another server', 'GET /oauth/authorize', { status: 302, headers: { location: 'http://localhost:1/sign-in' }, body: '' }],
    ['a form that is sent elsewhere', 'GET /oauth/authorize', { status: 200, headers: { 'content-type': 'text/html' }, body: '<form action="http://localhost:1/"><input name=u><input name=p type=password></form>' }],
    ['a page without end', 'GET /oauth/authorize', { raw: (response) => { response.writeHead(200); const more = () => response.destroyed || response.write('<div>'.repeat(20_000), () => setImmediate(more)); more(); } }],
    ['a sign-in that is asked for again and again', 'POST /sign-in', { status: 200, headers: {}, body: '<form action="/sign-in" method="post"><input name=u><input name=p type=password></form>' }],
  ]) {
    test(`${name} gets neither the password nor the rehearsal`, async () => {
      const provider = await BrokenProvider.start({ spoil: (broken) => { letIn(broken); broken.routes.set(path, answer); } });
      const report = await play(['claude', provider.resource, '--timeout', '2s']);
      await provider.stop();
      const [fault] = remarks(report, 'fault');
      assert.equal(fault.code, 'sign_in', JSON.stringify(fault));
      assert.equal(verdictOf(report, 'exchange'), 'skipped');
    });
  }

  test('a token endpoint that takes longer than the assistant waits', async () => {
    const provider = await BrokenProvider.start({ spoil: (broken) => { letIn(broken); broken.routes.set('POST /oauth/token', { raw: () => {} }); } });
    const report = await play(['claude', provider.resource, '--timeout', '1s']);
    await provider.stop();
    const [fault] = remarks(report, 'fault');
    assert.deepEqual([fault.code, fault.seen], ['token_time', 'the token endpoint did not answer within 10s']);
  });
});

// THREATS N47
describe('nothing that is written holds a secret', () => {
  test('also where the server repeats it', async () => {
    const seen = [];
    const echo = (broken) => {
      letIn(broken, { takesToken: false });
      for (const route of ['POST /mcp', 'POST /oauth/token']) {
        const sound = broken.routes.get(route);
        broken.routes.set(route, (request, body) => {
          const answer = sound(request, body);
          const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1];
          if (token) seen.push(token);
          for (const value of new URLSearchParams(body).values()) if (value.length > 20 && !value.includes(':')) seen.push(value);
          return token ? { ...answer, headers: { ...answer.headers, 'www-authenticate': `Bearer error_description="no ${token}"` } } : answer;
        });
      }
    };
    const provider = await BrokenProvider.start({ spoil: echo });
    const junit = join(elsewhere, 'report.xml');
    const plain = await rehearse(['claude', provider.resource, '--junit', junit]);
    const asJson = await rehearse(['claude', provider.resource, '--json']);
    await provider.stop();
    const written = [plain.stdout, plain.stderr, asJson.stdout, asJson.stderr, readFileSync(junit, 'utf8')].join('\n');
    assert.match(written, /\[redacted\]/);
    const secrets = [...new Set(seen), person.password].filter((secret) => !['authorization_code', 'refresh_token'].includes(secret));
    assert.ok(secrets.length > 4, secrets.join());
    const clientId = /made-[0-9a-f-]+/;
    for (const secret of secrets) if (!clientId.test(secret)) assert.ok(!written.includes(secret), secret);
  });
});

describe('the command line', () => {
  test('JUnit has a case for each step', async () => {
    const provider = await BrokenProvider.start({ spoil: (broken) => letIn(broken, { state: () => undefined }) });
    const junit = join(elsewhere, 'junit.xml');
    const { code } = await rehearse(['claude', provider.resource, '--junit', junit]);
    await provider.stop();
    const xml = readFileSync(junit, 'utf8');
    assert.equal(code, 1);
    assert.match(xml, /<testsuite name="rehearse claude" tests="12" failures="1"/);
    assert.match(xml, /<testcase classname="rehearse\.claude" name="authorization"[^>]*><failure type="state"/);
  });

  for (const [sentence, args, message, env = {}] of [
    ['an assistant that nobody knows', ['copilot', 'https://todo.example'], /copilot/],
    ['what is no URL', ['claude', 'ftp://todo.example'], /must start with https:/],
    ['a plugin without a client', ['chatgpt-plugin', 'https://todo.example'], /give --client-id/],
    ['half of a person', ['claude', 'https://todo.example'], /come together/, { CHATELAINE_REHEARSE_USER: 'x' }],
    ['nobody at a terminal', ['claude', 'https://todo.example'], /set CHATELAINE_REHEARSE_USER and CHATELAINE_REHEARSE_PASSWORD/],
    ['no duration', ['claude', 'https://todo.example', '--wait', 'soon'], /--wait: "soon" is not a duration/],
    ['a report that cannot be written', ['claude', 'https://todo.example', '--junit', '/nowhere/report.xml'], /--junit: \/nowhere\/report\.xml cannot be written: No such file/, { CHATELAINE_REHEARSE_USER: 'x', CHATELAINE_REHEARSE_PASSWORD: 'y' }],
    ['no secret', ['claude', 'https://todo.example', '--client-id', 'x', '--client-secret-file', '/nowhere'], /--client-secret-file: \/nowhere cannot be read/],
  ]) {
    test(`${sentence} is wrong usage`, async () => {
      const { code, stderr } = await rehearse(args, { env });
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
    });
  }
});
