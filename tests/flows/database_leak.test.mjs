// THREATS N48. Somebody has a copy of the databases, without the file of the master key, and a server that is still running. Nothing in the copy opens a
// door, be it taken as it is written, or put into the form that a secret of ours would have.
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { secretsIn, secretsOf } from '../world/secrets.mjs';
import { allow, answerDevice } from '../world/sign_in.mjs';
import { Visitor } from '../world/visitor.mjs';
import { run, World } from '../world/world.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const redirect = 'https://assistant.example/callback';
const requestUri = 'urn:ietf:params:oauth:request_uri:';
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** Every cell of a database: [table, column, integer or text or hex of bytes, id of its row]. */
const dump = `
import json, sqlite3, sys
database = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
cells = []
for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
    rows = database.execute("SELECT * FROM " + table)
    names = [column[0] for column in rows.description]
    for row in rows:
        id = next((str(value) for name, value in zip(names, row) if name in ("id", "number") and isinstance(value, int)), "0")
        for name, value in zip(names, row):
            if value is not None:
                cells.append([table, name, type(value).__name__, value.hex() if isinstance(value, bytes) else str(value), id])
json.dump(cells, sys.stdout)
`;

/** CRC-32 as zlib has it. */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; ++i) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(~crc >>> 0);
  return sum;
}

const eightBytes = (id) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(id));
  return bytes;
};
/** Bytes in the form of a secret of ours: its prefix and base64url( payload ‖ CRC-32 of what precedes ). */
const frame = (prefix, payload) => prefix + Buffer.concat([payload, crc32(Buffer.concat([Buffer.from(prefix), payload]))]).toString('base64url');

describe('a leaked database', () => {
  let world;
  let has;
  /** Through the tap, as long as what is sent is a secret. */
  let server;
  const visitor = new Visitor();

  const post = (path, { client_id, client_secret }, fields) => fetch(`${server}${path}`, { method: 'POST', body: new URLSearchParams({ client_id, client_secret, ...fields }), redirect: 'manual' });
  const bearer = (path, token) => fetch(`${server}${path}`, { headers: { authorization: `Bearer ${token}` }, redirect: 'manual' });
  const requestOf = (client) => ({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope: 'openid todos.read' });
  const obtainCode = async (client) => new URL(await allow(`${world.issuer}/oauth/authorize?${new URLSearchParams(requestOf(client))}`, { ...person, visitor })).searchParams.get('code');
  const exchange = (client, code) => post('/oauth/token', client, { grant_type: 'authorization_code', code, redirect_uri: redirect });

  before(async () => {
    world = await World.start({ registration: 'mode = "token"', limits: 'enabled = false', tokens: 'code_lifetime = "10m"' });
    await world.addUser(person.email, person.password);
    await world.addHostUser(person.email, person.password);
    server = world.issuer;
    has = await furnish();
  });
  after(() => world?.stop());

  /** Of each kind one that is good now. */
  async function furnish() {
    const add = (format) =>
      world.command('client', 'add', `Assistant ${format}`, '--pkce', 'optional', '--redirect-uri', redirect, '--grant', 'authorization_code,refresh_token,device_code', '--access-token-format', format);
    const [client, other] = [await add('opaque'), await add('jwt')];
    const tokens = await (await exchange(client, await obtainCode(client))).json();
    assert.match((await (await exchange(other, await obtainCode(other))).json()).access_token, /^eyJ/);
    const device = await (await post('/oauth/device_authorization', client, {})).json();
    await answerDevice(device.verification_uri_complete, { ...person, visitor }, /Allow/);
    const register = async (token) => fetch(`${server}/oauth/register`, {
      method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ client_name: 'Partner', redirect_uris: [redirect] }),
    });
    const { initial_access_token: initial } = await world.command('registration-token', 'add', 'Partner', '--uses', '2');
    const registered = await (await register(initial)).json();
    const plugin = await world.installPlugin();
    await world.hostCommand('plugin', 'verify', plugin.plugin_id);
    await world.addHostUser('another@example.com', person.password);
    const connect = async (email) => (await world.hostCommand('plugin', 'connect', plugin.plugin_id, '--user', email)).connect_url;
    const pending = new URL(await connect('another@example.com'));
    const browser = new Visitor();
    await browser.follow(await browser.get(await allow((await browser.get(await connect(person.email))).location, { ...person, visitor: browser })));
    const hostBrowser = new Visitor();
    assert.equal((await hostBrowser.signIn(await hostBrowser.get(`${world.hostUrl}/sign-in`), person.email, person.password)).status, 303);
    const cookie = (who, name) => who.cookies.get('127.0.0.1').get(name);
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const file = join(world.folder, 'key.pem');
    writeFileSync(file, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    await world.command('key', 'import', file);
    return {
      client, tokens, device, initial, registered, register, plugin, key,
      code: await obtainCode(client),
      requestUri: (await (await post('/oauth/par', client, requestOf(client))).json()).request_uri,
      link: new URL((await world.command('user', 'reset', person.email)).reset_url).searchParams.get('link'),
      ticket: pending.searchParams.get('ticket'),
      session: cookie(visitor, 'chatelaine_session'),
      hostSession: cookie(hostBrowser, 'chatelaine_host_session'),
    };
  }

  /** Each door: what is tried at it, with the prefix of the secrets that it takes, and what is good. Those that serve once stand below those that do not. */
  const doors = () => {
    const withCookie = (url, name) => async (text) => (await fetch(url, { headers: { cookie: `${name}=${encodeURIComponent(text)}` }, redirect: 'manual' })).status === 200;
    const isOk = async (answer) => (await answer).status === 200;
    return {
      api: { prefix: 'ctl_at_', good: has.tokens.access_token, opens: (text) => isOk(bearer('/todos', text)) },
      userinfo: { prefix: 'ctl_at_', good: has.tokens.access_token, opens: (text) => isOk(bearer('/oauth/userinfo', text)) },
      'a client': { prefix: 'ctl_cs_', good: has.client.client_secret, opens: (text) => isOk(post('/oauth/introspect', { ...has.client, client_secret: text }, { token: 'x' })) },
      'a registration': { prefix: 'ctl_ra_', good: has.registered.registration_access_token, opens: (text) => isOk(bearer(new URL(has.registered.registration_client_uri).pathname, text)) },
      'a session': { prefix: 'ctl_se_', good: has.session, opens: withCookie(`${server}/account`, 'chatelaine_session') },
      "a session of the host's": { prefix: 'ctl_se_', good: has.hostSession, opens: withCookie(`${world.hostUrl}/`, 'chatelaine_host_session') },
      'a one-time link': { prefix: 'ctl_ol_', good: has.link, opens: (text) => isOk(fetch(`${server}/set-password?${new URLSearchParams({ link: text })}`)) },
      refreshing: { prefix: 'ctl_rt_', good: has.tokens.refresh_token, opens: (text) => isOk(post('/oauth/token', has.client, { grant_type: 'refresh_token', refresh_token: text })) },
      'a code': { prefix: 'ctl_ac_', good: has.code, opens: (text) => isOk(exchange(has.client, text)) },
      'a device': { prefix: 'ctl_dc_', good: has.device.device_code, opens: (text) => isOk(post('/oauth/token', has.client, { grant_type: deviceGrant, device_code: text })) },
      'a pushed request': {
        prefix: 'ctl_pr_', good: has.requestUri.slice(requestUri.length),
        opens: async (text) => (await fetch(`${server}/oauth/authorize?${new URLSearchParams({ client_id: has.client.client_id, request_uri: requestUri + text })}`, { redirect: 'manual' })).status < 400,
      },
      registering: { prefix: 'ctl_it_', good: has.initial, opens: async (text) => (await has.register(text)).status === 201 },
      // Signed in to the host is whoever has the ticket. It tells so on a page, or leads on.
      'connecting a plugin': {
        prefix: 'ctl_ct_', good: has.ticket,
        opens: async (text) => (await fetch(`${world.hostUrl}/plugins/${has.plugin.plugin_id}/connect?${new URLSearchParams({ ticket: text })}`, { redirect: 'manual' })).headers.get('location')?.startsWith(`${world.issuer}/oauth/authorize`) ?? false,
      },
    };
  };

  const stored = () => readdirSync(world.folder).filter((name) => /\.db(-wal|-shm|-journal)?$/.test(name));

  test('no secret stands in a file of it, in the clear or encoded', () => {
    const { d } = has.key.export({ format: 'jwk' });
    const secrets = new Map([...world.typed, ...secretsOf(world.tap.everything), [d, 'd'], [has.link, 'link'], [has.ticket, 'ticket'], [has.hostSession, 'host'], [has.initial, 'initial']]);
    const pem = has.key.export({ type: 'pkcs8', format: 'der' });
    assert.ok(secrets.size > 25 && stored().includes('provider.db-wal') && stored().includes('host.db-wal'));
    for (const name of stored()) {
      const bytes = readFileSync(join(world.folder, name));
      for (const [secret, kinds] of secrets) assert.ok(!bytes.includes(secret), `${name} holds ${[...kinds]}`);
      // What a handle of ours holds beside its id is the secret; the key's DER holds `d`.
      for (const secret of [...secrets.keys()].filter((text) => /^ctl_(?!rt)/.test(text))) {
        assert.ok(!bytes.includes(Buffer.from(secret.slice(7), 'base64url').subarray(8, 32)), `${name} holds the bytes of ${secret.slice(0, 7)}…`);
      }
      for (const raw of [Buffer.from(d, 'base64url'), pem]) assert.ok(!bytes.includes(raw), `${name} holds the imported key`);
      assert.deepEqual(secretsIn(bytes.toString('latin1')), [], name);
      assert.doesNotMatch(bytes.toString('latin1'), /BEGIN [A-Z ]*PRIVATE KEY/, name);
    }
  });

  test('no cell of it opens a door; what it was made for does', async () => {
    const cells = [];
    for (const name of ['provider.db', 'host.db']) {
      const { code, stdout, stderr } = await run('/usr/bin/python3', ['-c', dump, join(world.folder, name)]);
      assert.equal(code, 0, stderr);
      cells.push(...JSON.parse(stdout));
    }
    for (const table of ['authorization_codes', 'grants', 'access_tokens', 'sessions', 'one_time_links', 'keys', 'clients', 'initial_access_tokens', 'device_codes', 'pushed_authorization_requests', 'connections', 'connection_attempts']) {
      assert.ok(cells.some(([of]) => of === table), `${table} holds something`);
    }
    // Longer ones are documents, and longer than an address may be.
    const short = cells.filter(([, , , value]) => value.length <= 2048);
    const asWritten = new Set(short.flatMap(([, , type, value]) => (type === 'bytes' ? [value, Buffer.from(value, 'hex').toString('base64url')] : [value])));
    const bytesOf = ([, , type, value]) => (type === 'bytes' ? Buffer.from(value, 'hex') : Buffer.from(value));
    const blobs = short.filter(([, , type]) => type === 'bytes');
    const fill = (bytes, size) => Buffer.concat([bytes, Buffer.alloc(size)]).subarray(0, size);
    const head = Buffer.from(has.tokens.refresh_token.slice(7), 'base64url').subarray(0, 16);

    server = `http://${world.listen}`;
    /** As secrets: cell for secret of its own row; for a refresh token, cell for the tag and the MAC. */
    const framed = (prefix) =>
      prefix === 'ctl_rt_' ? blobs.map((cell) => frame(prefix, Buffer.concat([head, fill(bytesOf(cell), 48)]))) : blobs.map((cell) => frame(prefix, Buffer.concat([eightBytes(cell[4]), fill(bytesOf(cell), 24)])));
    const tries = Object.entries(doors()).flatMap(([name, { prefix, opens }]) => [...new Set([...asWritten, ...framed(prefix)])].map((text) => ({ name, opens, text })));
    assert.ok(tries.length > 1000);
    const opened = [];
    const worker = async () => {
      for (let next = tries.pop(); next; next = tries.pop()) {
        if (await next.opens(next.text)) opened.push(`${next.name}: ${next.text}`);
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    assert.deepEqual(opened, []);

    // The hash of a password is none.
    for (const [, , , hash] of cells.filter(([, column]) => column === 'password_hash')) {
      const guest = new Visitor();
      assert.equal((await guest.signIn(await guest.get(`${world.issuer}/sign-in`), person.email, hash)).status, 422);
    }
    // In a row that is known, another secret is none either: the form is right, and the checksum.
    for (const [name, { prefix, opens, good }] of Object.entries(doors())) {
      if (prefix === 'ctl_rt_') continue;
      const id = Buffer.from(good.slice(7), 'base64url').subarray(0, 8);
      assert.equal(frame(prefix, Buffer.from(good.slice(7), 'base64url').subarray(0, 32)), good, `${name}: that is its form`);
      assert.ok(!(await opens(frame(prefix, Buffer.concat([id, randomBytes(24)])))), name);
    }
    // And none of the tries spent or ended what is good, nor are the doors walls.
    for (const [name, { opens, good }] of Object.entries(doors())) assert.ok(await opens(good), `${name} opens`);
  });
});
