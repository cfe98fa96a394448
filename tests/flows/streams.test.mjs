// The gateway over real sockets, byte by byte: bodies that arrive while they are sent, streams that end with their token, clients and APIs
// that misbehave, and requests that try to become two.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { obtainTokens } from '../world/sign_in.mjs';
import { World, root } from '../world/world.mjs';

const email = 'person@example.com';
const password = 'correct horse battery staple';
const redirect = 'https://assistant.example/callback';

async function startWorld(options, upstreamPort) {
  const world = await World.start({ withHost: false, ...options });
  if (upstreamPort) {
    writeFileSync(world.config, readFileSync(world.config, 'utf8').replace(/^upstream = .*$/m, `upstream = "http://127.0.0.1:${upstreamPort}"`));
    await world.provider.stop();
    await world.startProvider();
  }
  await world.addUser(email, password, '--subject', 'user-1');
  const client = await world.command('client', 'add', 'Assistant', '--pkce', 'optional', '--redirect-uri', redirect);
  const tokens = () => obtainTokens(world, client, { email, password, redirect });
  return { world, client, tokens };
}

/** A raw connection to the gateway: what has come so far, and promises for what will. */
class Wire {
  constructor(world) {
    const [host, port] = world.listen.split(':');
    this.text = '';
    this.waiting = [];
    this.socket = connect(Number(port), host);
    this.socket.on('data', (data) => this.changed((this.text += data.toString('latin1'))));
    this.socket.on('error', () => {});
    this.ended = new Promise((done) => this.socket.on('close', done));
    this.ended.then(() => { this.isOver = true; this.changed(); });
  }

  changed() {
    this.waiting = this.waiting.filter((look) => !look());
  }

  send(bytes) {
    this.socket.write(bytes);
    return this;
  }

  /** Waits until `pattern` has come; fails where the connection ends, or `ms` pass, before. */
  until(pattern, ms = 10_000) {
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`${pattern} did not come:\n${this.text}`)), ms);
      const look = () => {
        const is = pattern.test(this.text);
        if (!is && !this.isOver) return false;
        clearTimeout(timer);
        is ? done(this.text) : fail(new Error(`it ended before ${pattern} came:\n${this.text}`));
        return true;
      };
      if (!look()) this.waiting.push(look);
    });
  }

  /** How long it takes until the connection ends, in milliseconds. */
  async untilEnd(ms = 20_000) {
    const begun = Date.now();
    await Promise.race([this.ended, sleep(ms, undefined, { ref: false }).then(() => assert.fail(`it did not end within ${ms} ms:\n${this.text}`))]);
    return Date.now() - begun;
  }
}

const request = (method, path, token, headers = '') => `${method} ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n${headers}\r\n`;

describe('THREATS N13: a silent event stream', () => {
  let world;
  let client;
  let tokens;

  before(async () => ({ world, client, tokens } = await startWorld({ tokens: 'access_lifetime = "6s"' })));
  after(() => world?.stop());

  test('ends when its token expires', async () => {
    const { access_token } = await tokens();
    const begun = Date.now();
    const wire = new Wire(world).send(request('GET', '/todos/events', access_token));
    await wire.until(/event: hello/);
    await wire.untilEnd();
    const lived = Date.now() - begun;
    assert.ok(lived > 3_000 && lived < 8_000, `${lived} ms`);
    assert.doesNotMatch(wire.text, /\r\n0\r\n\r\n$/, 'it must not look complete');
  });

  test('ends soon after its token was revoked', async () => {
    const { access_token, refresh_token } = await tokens();
    const wire = new Wire(world).send(request('GET', '/todos/events', access_token));
    await wire.until(/event: hello/);
    const revoked = await fetch(`${world.issuer}/oauth/revoke`, {
      method: 'POST', body: new URLSearchParams({ token: refresh_token, client_id: client.client_id, client_secret: client.client_secret }),
    });
    assert.equal(revoked.status, 200);
    const took = await wire.untilEnd();
    assert.ok(took < 4_000, `${took} ms`);
  });
});

describe('the gateway in front of an API that is scripted byte by byte', () => {
  let world;
  let token;
  let api;
  let scripts;
  const timeout = 3_000;

  before(async () => {
    // One request a connection: its head, and what came of its body with that, go to the script of its path.
    api = createTcpServer((socket) => {
      let text = '';
      const read = (data) => {
        text += data.toString('latin1');
        if (!text.includes('\r\n\r\n')) return;
        socket.off('data', read);
        const [head, body] = text.split(/\r\n\r\n/, 2);
        scripts[head.split(' ')[1]](socket, head, body);
      };
      socket.on('error', () => {});
      socket.on('data', read);
    });
    await new Promise((done) => api.listen(0, '127.0.0.1', done));
    let tokens;
    ({ world, tokens } = await startWorld({ api: `timeout = "${timeout}ms"\nunlisted = "allow"` }, api.address().port));
    token = (await tokens()).access_token;
  });
  after(async () => {
    await world?.stop();
    api?.close();
  });
  const call = (path) => new Wire(world).send(request('GET', path, token));

  test('a chunked answer arrives as it is sent', async () => {
    let goOn;
    scripts = { '/chunked': (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\none\r\n');
      goOn = () => socket.end('3\r\ntwo\r\n0\r\n\r\n');
    } };
    const wire = call('/chunked');
    await wire.until(/3\r\none\r\n$/);
    goOn();
    await wire.until(/3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n$/);
    wire.socket.destroy();
  });

  test('a large upload arrives while it is being sent', async () => {
    const block = Buffer.alloc(1 << 20, 'x');
    const blocks = 24;
    let received = 0;
    scripts = { '/upload': (socket, head, body) => {
      received = body.length;
      socket.on('data', (data) => {
        received += data.length;
        if (received === block.length * blocks) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok');
      });
    } };
    const wire = new Wire(world).send(request('POST', '/upload', token, `Content-Length: ${block.length * blocks}\r\n`));
    for (let i = 0; i < blocks; ++i) {
      const floor = block.length * i;
      wire.send(block);
      // Nothing more is sent before the API has this.
      const deadline = Date.now() + 10_000;
      while (received < floor + block.length) {
        assert.ok(Date.now() < deadline, `block ${i} did not arrive`);
        await sleep(2);
      }
    }
    await wire.until(/\r\n\r\nok$/);
    wire.socket.destroy();
  });

  test('an API hears soon that the client has gone', async () => {
    let gone;
    const hasGone = new Promise((done) => (gone = done));
    scripts = { '/events': (socket) => {
      socket.on('close', gone);
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n');
    } };
    const wire = call('/events');
    await wire.until(/data: 1/);
    const begun = Date.now();
    wire.socket.destroy();
    await hasGone;
    assert.ok(Date.now() - begun < 2_000);
  });

  test('an API that says nothing yet hears soon that the client has gone', async () => {
    let come;
    const hasCome = new Promise((done) => (come = done));
    let gone;
    const hasGone = new Promise((done) => (gone = done));
    scripts = { '/silent': (socket) => {
      socket.on('close', gone);
      come();
    } };
    const wire = call('/silent');
    await hasCome;
    const begun = Date.now();
    wire.socket.destroy();
    await hasGone;
    assert.ok(Date.now() - begun < 2_000);
  });

  test('a header that trickles is 504 once its time is over', async () => {
    scripts = { '/trickle': (socket) => {
      const head = 'HTTP/1.1 200 OK\r\nX: ' + 'a'.repeat(1000);
      let at = 0;
      const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(head[at++ % head.length])), 50);
    } };
    const begun = Date.now();
    const wire = call('/trickle');
    await wire.until(/^HTTP\/1\.1 504 /);
    const took = Date.now() - begun;
    assert.ok(took >= timeout - 300 && took < timeout + 2_000, `${took} ms`);
    assert.match(wire.text, /Access-Control-Allow-Origin: \*/);
    wire.socket.destroy();
  });

  test('an answer that breaks off is not made to look complete', async () => {
    scripts = {
      '/length': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'),
      '/chunks': (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'),
    };
    for (const path of ['/length', '/chunks']) {
      const wire = call(path);
      await wire.untilEnd();
      assert.match(wire.text, /^HTTP\/1\.1 200 /, path);
      assert.match(wire.text, /abc(\r\n)?$/, path);
    }
  });

  test('RFC 9110 §15.2: interim answers are not taken for the answer', async () => {
    scripts = { '/interim': (socket) => socket.end('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nfinal') };
    const wire = call('/interim');
    await wire.until(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\nfinal$/);
    wire.socket.destroy();
  });

  test('a preflight reaches the API without identity, and its answer the browser', async () => {
    let seen;
    scripts = { '/todos': (socket, head) => {
      seen = head;
      socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\nAccess-Control-Allow-Origin: https://chat.example\r\nAccess-Control-Allow-Headers: authorization\r\n\r\n');
    } };
    const wire = new Wire(world).send('OPTIONS /todos HTTP/1.1\r\nHost: x\r\nOrigin: https://chat.example\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization\r\n\r\n');
    await wire.until(/^HTTP\/1\.1 204 [\s\S]*Access-Control-Allow-Origin: https:\/\/chat\.example\r\n/);
    assert.match(seen, /^OPTIONS \/todos /);
    assert.match(seen, /access-control-request-method: POST/i);
    assert.doesNotMatch(seen, /chatelaine-/i);
    wire.socket.destroy();
  });
});

describe('THREATS N06: what tries to be two requests', () => {
  let world;
  let token;
  let api;
  const arrived = [];

  before(async () => {
    api = createServer((incoming, outgoing) => {
      arrived.push(incoming.url);
      incoming.resume();
      incoming.on('end', () => outgoing.end('ok'));
    });
    api.on('clientError', (error, socket) => {
      // A request that broke off is seen as that; anything else it must not have been able to read otherwise.
      if (!['HPE_INVALID_EOF_STATE', 'ECONNRESET'].includes(error.code)) arrived.push(`the API could not read it: ${error.message} ${error.code}`);
      socket.destroy();
    });
    await new Promise((done) => api.listen(0, '127.0.0.1', done));
    let tokens;
    ({ world, tokens } = await startWorld({ api: 'timeout = "2s"\nunlisted = "allow"' }, api.address().port));
    token = (await tokens()).access_token;
  });
  after(async () => {
    await world?.stop();
    api?.closeAllConnections();
    api?.close();
  });

  const corpus = join(root, 'fuzz/corpus/http_request');
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
  const variants = {
    'TE.CL': `POST /first HTTP/1.1\r\nHost: x\r\nContent-Length: ${smuggled.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'a blank before the colon': `POST /first HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\nContent-Length: ${smuggled.length}\r\n\r\n`,
    'a tab in the coding': 'POST /first HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n',
    'an underscore in the coding\'s name': 'POST /first HTTP/1.1\r\nHost: x\r\nTransfer_Encoding: chunked\r\nContent-Length: 0\r\n\r\n',
    'a body for GET': `GET /first HTTP/1.1\r\nHost: x\r\nContent-Length: ${smuggled.length}\r\n\r\n`,
    'a chunk size that overflows': 'POST /first HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n',
    'a bare line feed in a chunk': 'POST /first HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\n\n',
    'Connection that names the length': `POST /first HTTP/1.1\r\nHost: x\r\nConnection: Content-Length\r\nContent-Length: ${smuggled.length}\r\n\r\n`,
    'an expectation': `POST /first HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: ${smuggled.length}\r\n\r\n`,
  };
  for (const name of readdirSync(corpus)) {
    const bytes = readFileSync(join(corpus, name), 'latin1');
    if (!bytes.startsWith('HTTP/')) variants[`corpus: ${name}`] = bytes;
  }

  test('reaches the API as one, or not at all', async () => {
    for (const [i, [name, template]] of Object.entries(variants).entries()) {
      // What was refused may reach the API's end of the wire late: each has a path of its own.
      const bytes = template.replace('/first', `/first-${i}`);
      arrived.length = 0;
      const lineEnd = bytes.indexOf('\n') + 1;
      const wire = new Wire(world);
      wire.send(Buffer.from(`${bytes.slice(0, lineEnd)}Authorization: Bearer ${token}\r\n${bytes.slice(lineEnd)}${smuggled}`, 'latin1'));
      wire.socket.end();
      await wire.untilEnd();
      const status = Number(wire.text.replace(/^HTTP\/1\.1 1\d\d [^]*?\r\n\r\n/, '').split(' ')[1]);
      const seen = arrived.filter((what) => !what.startsWith('/first-') || what === `/first-${i}`);
      assert.ok(seen.length <= 1, `${name}: ${seen}`);
      assert.ok(!seen.some((url) => /smuggled|could not/.test(url)), `${name}: ${seen}`);
      assert.ok(status === 200 ? seen.length === 1 : status >= 400 || wire.text === '', `${name}: ${status}, ${seen}`);
      if ([400, 417, 431, 505].includes(status) && !/body/.test(wire.text)) assert.deepEqual(seen, [], `${name}: refused, and sent on`);
    }
  });
});
