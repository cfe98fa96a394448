// `chatelaine doctor`: our own server is sound, each fault of a broken one is named with what mends it, and no server keeps it waiting.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { faults } from '../broken_provider/faults.mjs';
import { hostilities } from '../broken_provider/hostilities.mjs';
import { BrokenProvider } from '../broken_provider/provider.mjs';
import { chatelaine, freePort, readText, run, World } from '../world/world.mjs';

// No configuration lies about in this directory.
const elsewhere = mkdtempSync(join(tmpdir(), 'chatelaine-'));
after(() => rmSync(elsewhere, { recursive: true, force: true }));

const doctor = (...args) => run(chatelaine, ['doctor', ...args]);

/** What the doctor says as JSON, its exit code among it. */
async function examine(...args) {
  const { code, stdout, stderr } = await doctor(...args, '--json');
  assert.ok(code === 0 || code === 1, `it ended with ${code}: ${stdout}${stderr}`);
  const report = JSON.parse(stdout);
  assert.equal(report.ok, code === 0);
  if (report.ok) assert.equal(report.complete, true);
  for (const verdict of ['fault', 'warning']) assert.equal(report[`${verdict}s`], report.checks.filter((check) => check.verdict === verdict).length);
  return report;
}

const list = (report, ...verdicts) => report.checks.filter(({ verdict }) => verdicts.includes(verdict)).map(({ code, seen }) => `${code}: ${seen}`);

describe('our own server', () => {
  let world;
  before(async () => {
    world = await World.start({ withHost: false });
    // No test asks the internet.
    writeFileSync(world.config, readText(world.config).replace('https://example.com/legal', `${world.issuer}/logo.svg`));
    await world.addVerificationToken('openai', '0123456789abcdef0123456789abcdef');
  });
  after(() => world?.stop());

  test('has neither fault nor warning, nor has its MCP endpoint', async () => {
    for (const url of [world.issuer, `${world.issuer}/mcp`]) {
      const report = await examine(url);
      assert.deepEqual(list(report, 'fault', 'warning'), [], url);
      assert.ok(list(report, 'ok').length > 40, JSON.stringify(report));
      assert.equal(report.url, url);
    }
  });

  test('is told apart from its MCP endpoint with a slash too many', async () => {
    const { checks } = await examine(`${world.issuer}/mcp/`);
    assert.match(checks.find(({ code }) => code === 'resource_identifier').change, /or enter "http:\/\/127\.0\.0\.1:\d+\/mcp" in assistants\.$/);
  });

  test('is not changed by being looked at', async () => {
    const clients = await world.command('client', 'list');
    await examine(world.issuer);
    assert.deepEqual(await world.command('client', 'list'), clients);
  });

  test('is told to people line by line, with a verdict that counts', async () => {
    const { code, stdout } = await doctor(world.issuer);
    assert.equal(code, 0);
    assert.match(stdout, /^ok {7}reachable +http:\/\/127\.0\.0\.1:\d+ answers with status 401$/m);
    assert.match(stdout, /\n0 faults, \d+ warnings?; \d+ ok, \d+ skipped\. \S.*\n$/);
  });
});

describe('a sound server of somebody else', () => {
  test('has neither fault nor warning, whichever of its URLs is given', async () => {
    const provider = await BrokenProvider.start();
    for (const url of [provider.url, provider.resource, provider.url.replace('http://', '')]) {
      const report = await examine(url);
      assert.deepEqual(list(report, 'fault', 'warning'), [], url);
    }
    assert.ok(provider.seen.length < 180, `${provider.seen.length} questions`);
    await provider.stop();
  });

  test('is asked as a program asks and as scripts do', async () => {
    const provider = await BrokenProvider.start();
    await examine(provider.resource);
    await provider.stop();
    const origins = (route) => provider.seen.filter((request) => request.route === route).map(({ headers }) => headers.origin);
    assert.deepEqual(origins('GET /.well-known/ai-plugin.json'), [undefined, 'https://chatgpt.com']);
    assert.deepEqual(origins('POST /oauth/register'), [undefined, 'https://claude.ai']);
    assert.deepEqual(origins('OPTIONS /oauth/token'), ['https://claude.ai']);
  });

  // Whom the doctor's own end cuts off is not to blame, and what was not looked at is not good.
  test('that is slow is not blamed where the time for all ends', async () => {
    const provider = await BrokenProvider.start();
    const start = Date.now();
    provider.delay = 200;
    const report = await examine(provider.resource, '--total', '1s');
    const took = Date.now() - start;
    const { code, stdout } = await doctor(provider.resource, '--total', '1s');
    await provider.stop();
    assert.deepEqual(list(report, 'fault'), []);
    assert.deepEqual([report.complete, report.ok], [false, false]);
    assert.ok(took < 4_000, `it took ${took} ms`);
    assert.equal(code, 1);
    assert.match(stdout, /Time ran out before everything was looked at/);
    assert.doesNotMatch(stdout, /Nothing is in the way/);
  });
});

describe('a broken server', () => {
  for (const [name, { breaks, code, verdict, change, also = [], spoil }] of Object.entries(faults)) {
    test(`${name}: ${breaks}`, async () => {
      const provider = await BrokenProvider.start({ spoil });
      const report = await examine(provider.resource);
      await provider.stop();
      const wrong = report.checks.filter((check) => check.verdict === 'fault' || check.verdict === 'warning');
      assert.deepEqual(wrong.map((check) => check.code).sort(), [code, ...also].sort(), JSON.stringify(wrong, null, 1));
      const found = wrong.find((check) => check.code === code);
      assert.equal(found.verdict, verdict);
      assert.ok(found.change.includes(change), found.change);
      assert.ok(found.stumbles.length > 0 && found.chatelaine.length > 0);
    });
  }

  test('nobody there at all', async () => {
    const report = await examine(`http://127.0.0.1:${await freePort()}`);
    assert.deepEqual(report.checks.filter(({ verdict }) => verdict === 'fault').map(({ code }) => code), ['reachable']);
  });

  test('a server that is nothing of all this', async () => {
    const provider = await BrokenProvider.start({ spoil: ({ routes }) => routes.clear() });
    const report = await examine(provider.url);
    await provider.stop();
    assert.deepEqual(report.checks.filter(({ verdict }) => verdict === 'fault').map(({ code }) => code), ['role']);
  });
});

// THREATS N40: neither the URL, in whatever spelling, nor a document leads into somebody's own network.
describe('addresses that are not public', () => {
  const blamed = ({ checks }) => checks.filter(({ verdict }) => verdict === 'fault').map(({ code, seen }) => `${code}: ${seen}`);

  test('loopback in a spelling that is none', async () => {
    const faults = blamed(await examine(`https://2130706433:${await freePort()}`));
    assert.equal(faults.length, 1);
    assert.match(faults[0], /^reachable: .*not on the public internet/);
  });

  test('an endpoint inside a private network', async () => {
    const provider = await BrokenProvider.start({ spoil: (broken) => broken.editMetadata((document) => (document.jwks_uri = 'https://10.0.0.1/jwks')) });
    const keys = list(await examine(provider.url), 'fault', 'warning').filter((line) => line.startsWith('keys'));
    await provider.stop();
    assert.equal(keys.length, 1);
    assert.match(keys[0], /^keys: .*not on the public internet/);
  });
});

// THREATS N41
describe('a hostile server', () => {
  for (const [name, spoil] of Object.entries(hostilities)) {
    test(`${name} ends in findings, and in time`, async () => {
      const provider = await BrokenProvider.start({ spoil });
      const start = Date.now();
      const { code, stdout, stderr } = await doctor(provider.resource, '--timeout', '500ms', '--total', '4s');
      const took = Date.now() - start;
      await provider.stop();
      assert.equal(code, 1, stdout + stderr);
      assert.match(stdout, /^fault /m);
      assert.match(stdout, /^\d+ faults?, /m);
      // eslint-disable-next-line no-control-regex
      assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/, 'what steers a terminal is not printed');
      assert.ok(took < 15_000, `it took ${took} ms`);
    });
  }
});

describe('TLS', () => {
  const makeCertificate = (name, days) => {
    const [key, cert] = [join(elsewhere, `${name}.key`), join(elsewhere, `${name}.pem`)];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert, '-days', `${days}`, '-subj', `/CN=${name}`,
      '-addext', `subjectAltName=DNS:${name}`], { stdio: 'ignore' });
    return { file: cert, tls: { key: readFileSync(key), cert: readFileSync(cert) } };
  };
  const findCertificate = ({ checks }) => checks.find(({ code }) => code === 'certificate');

  for (const [sentence, name, days, verdict, seen] of [
    ['a certificate that lasts', 'localhost', 90, 'ok', /ends at/],
    ['one that ends in ten days', 'localhost', 10, 'warning', /in (9|10) days/],
    ['one for another name', 'todo.example', 90, 'fault', /TLS with .* failed/],
  ]) {
    test(sentence, async () => {
      const { file, tls } = makeCertificate(name, days);
      const provider = await BrokenProvider.start({ tls, host: 'localhost' });
      const report = await examine(provider.url, '--ca-file', file);
      assert.equal(report.ca_file, file);
      const found = findCertificate(report);
      const untrusted = findCertificate(await examine(provider.url));
      await provider.stop();
      assert.equal(found.verdict, verdict);
      assert.match(found.seen, seen);
      assert.equal(untrusted.verdict, 'fault', 'a root that nobody knows');
    });
  }
});

describe('the command line', () => {
  for (const [sentence, args, message] of [
    ['what is no URL', ['ftp://todo.example'], /must start with https:/],
    ['a user name in the URL', ['https://a:b@todo.example'], /does not sign in/],
    ['no duration', ['https://todo.example', '--timeout', 'soon'], /--timeout: "soon" is not a duration/],
    ['no time at all', ['https://todo.example', '--total', '0s'], /--total must be longer/],
    ['no file', ['https://todo.example', '--ca-file', '/nowhere.pem'], /\/nowhere\.pem cannot be read/],
  ]) {
    test(`${sentence} is wrong usage`, async () => {
      const { code, stdout, stderr } = await doctor(...args);
      assert.equal(code, 2, stdout);
      assert.match(stderr, message);
    });
  }
});
