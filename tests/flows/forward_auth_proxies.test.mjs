// Forward-auth with proxies that we did not write: real nginx and Caddy, on the configurations of examples/forward-auth. Nothing of ours stands in the path.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { authorityOf, identity, revoke, startEcho, startWorld, talk } from '../world/guarded_api.mjs';
import { ask, exchange, startCaddy, startNginx } from '../world/proxies.mjs';
import { readText } from '../world/world.mjs';

for (const [name, start] of Object.entries({ nginx: startNginx, Caddy: startCaddy })) {
  describe(`the API behind ${name}`, () => {
    let world, client, reader, writer, refresh, proxy;

    before(async () => {
      ({ world, client, reader, writer, refresh } = await startWorld());
      proxy = await start({ chatelaine: world.listen, api: authorityOf(world.upstream) });
    });
    after(async () => {
      await proxy?.stop();
      await world?.stop();
    });

    /** A call through the proxy: its answer, and what reached the API of it. */
    async function call(line, headers = [], body) {
      world.apiTap.clear();
      const answer = await ask(proxy.port, line, ['Host: api.example.com', ...headers], { body });
      return { ...answer, seen: [...world.apiTap.seen] };
    }
    const bearer = (token) => `Authorization: Bearer ${token}`;
    const metadata = () => `resource_metadata="${world.issuer}/.well-known/oauth-protected-resource"`;

    test('a call with a token reaches the API with who is calling, and without the token', async () => {
      const { status, seen, body } = await call('GET /todos?done=%66alse', [bearer(writer)]);
      assert.equal(status, 200, proxy.log);
      assert.deepEqual(JSON.parse(body.match(/\{.*\}/)[0]), { todos: [] });
      assert.equal(seen.length, 1);
      assert.equal(seen[0].url, '/todos?done=%66alse', 'THREATS N05: the bytes that were judged are the bytes that are sent');
      const { headers } = seen[0];
      assert.equal(headers['chatelaine-subject'], 'user-1');
      assert.equal(headers['chatelaine-client'], client.client_id);
      assert.equal(headers['chatelaine-scope'], 'todos.read todos.write');
      assert.ok(headers['chatelaine-grant']);
      assert.equal(headers['chatelaine-assertion'].split('.').length, 3);
      // THREATS N01.
      assert.equal(headers.authorization, undefined);
      assert.ok(!JSON.stringify(seen).includes(writer));
    });

    test('a body reaches the API, and the method is the call\'s own', async () => {
      const added = await call('POST /todos', [bearer(writer), 'Content-Type: application/json'], '{"text":"through a proxy"}');
      assert.equal(added.status, 201, `${added.body}\n${proxy.log}`);
      assert.equal(added.seen[0].body, '{"text":"through a proxy"}');
      const [id] = added.body.match(/(?<="id":\s*"?)\w+/);
      assert.equal((await call(`DELETE /todos/${id}`, [bearer(reader)])).status, 403);
      assert.equal((await call(`DELETE /todos/${id}`, [bearer(writer)])).status, 200);
    });

    test('a body that comes in chunks reaches the API, and the question does without it', async () => {
      const chunks = `11\r\n{"text":"chunked"\r\n1\r\n}\r\n0\r\n\r\n`;
      for (const [token, status] of [[writer, 201], [reader, 403]]) {
        world.apiTap.clear();
        const head = ['POST /todos HTTP/1.1', 'Host: api.example.com', bearer(token), 'Content-Type: application/json', 'Transfer-Encoding: chunked', 'Connection: close'];
        const answer = await exchange(proxy.port, `${head.join('\r\n')}\r\n\r\n${chunks}`);
        assert.equal(answer.status, status, answer.body);
        assert.deepEqual(world.apiTap.seen.map(({ body }) => body), status === 201 ? ['{"text":"chunked"}'] : []);
      }
    });

    test('an event stream arrives as it is sent', async () => {
      const request = httpRequest({ port: proxy.port, host: '127.0.0.1', path: '/todos/events', headers: { host: 'api.example.com', authorization: `Bearer ${writer}` } }).end();
      const first = await new Promise((done, fail) => {
        request.on('error', fail).on('response', (response) => response.once('data', done));
        setTimeout(() => fail(new Error('nothing came of a stream that goes on')), 5000).unref();
      });
      request.destroy();
      assert.match(String(first), /event: hello/);
    });

    test('the API\'s own refusals are its own', async () => {
      const { status, body, seen } = await call('DELETE /todos/999', [bearer(writer)]);
      assert.equal(status, 404);
      assert.equal(seen.length, 1);
      assert.match(seen[0].answer, /no to-do 999/);
      assert.ok(body.includes(seen[0].answer.trim()), body);
    });

    test('RFC 9110 §9.3.2: HEAD is judged as GET is, and answered without a body', async () => {
      for (const path of ['/todos', '/logo.svg']) {
        const { body, seen } = await call(`HEAD ${path}`, [bearer(reader)]);
        assert.equal(body, '');
        assert.deepEqual(seen.map(({ method, url }) => [method, url]), [['HEAD', path]]);
      }
      for (const [path, headers, status] of [['/todos', [], 401], ['/todos', ['Authorization: Bearer a b'], 400], ['/admin', [bearer(reader)], 404], ['/todos/events', [bearer('abc')], 401]]) {
        const answer = await call(`HEAD ${path}`, headers);
        assert.equal(answer.status, status, path);
        assert.equal(answer.body, '');
        assert.deepEqual(answer.seen, []);
      }
    });

    test('two Authorization headers are 400, whichever comes first', async () => {
      for (const tokens of [[writer, reader], [reader, writer], ['abc', writer], [writer, writer]]) {
        const { status, seen } = await call('POST /todos', tokens.map(bearer), '{"text":"x"}');
        assert.equal(status, 400, tokens.join());
        assert.deepEqual(seen, []);
      }
    });

    test('RFC 6750 §3.1: without a token 401 and a challenge without an error; with one that is of no use invalid_token', async () => {
      const plain = await call('GET /todos');
      assert.equal(plain.status, 401);
      // RFC 9728 §5.1: the metadata is Chatelaine's to serve, whichever host the API has.
      assert.deepEqual(plain.headers['www-authenticate'], [`Bearer realm="Todo", scope="todos.read todos.write", ${metadata()}`]);
      const wrong = await call('GET /todos', [bearer('abc')]);
      assert.equal(wrong.status, 401);
      assert.equal(wrong.headers['www-authenticate'].length, 1);
      assert.match(wrong.headers['www-authenticate'][0], /error="invalid_token"/);
      assert.deepEqual([...plain.seen, ...wrong.seen], []);
    });

    test('THREATS N03: a missing scope is 403 insufficient_scope, and the challenge names all that are needed', async () => {
      const { status, headers, body, seen } = await call('POST /todos', [bearer(reader)], '{"text":"x"}');
      assert.equal(status, 403);
      assert.equal(headers['www-authenticate'].length, 1);
      assert.match(String(headers['x-request-id']), /^[0-9a-f]{16}$/);
      assert.match(headers['www-authenticate'][0], /^Bearer realm="Todo", error="insufficient_scope",.*scope="todos\.write", /);
      assert.ok(headers['www-authenticate'][0].endsWith(metadata()));
      assert.match(body, /"error":"insufficient_scope"/);
      assert.deepEqual(seen, []);
    });

    test('refusals are the gateway\'s, whatever the proxy can do with their status', async () => {
      for (const [line, headers, status, error] of [
        ['GET /admin', [bearer(writer)], 404, 'not_found'],
        ['PUT /todos', [bearer(writer)], 404, 'not_found'],
        ['GET /todos%2f1', [bearer(writer)], 400, 'invalid_request'],
        ['GET /logo.svg/..%2ftodos', [], 400, 'invalid_request'],
        ['GET /logo.svg/../todos', [], 400, 'invalid_request'],
        ['GET /logo.svg/%2e%2e/todos', [], 400, 'invalid_request'],
        ['GET /logo.svg/..%5ctodos', [bearer(writer)], 400, 'invalid_request'],
        ['GET /logo.svg/..;/todos', [bearer(writer)], 400, 'invalid_request'],
        ['GET //logo.svg', [], 400, 'invalid_request'],
        ['GET /todos', ['Authorization: Bearer a b'], 400, 'invalid_request'],
        ['GET /todos', [], 401, 'invalid_token'],
      ]) {
        const answer = await call(line, headers);
        assert.equal(answer.status, status, `${line}: ${answer.body}`);
        assert.match(answer.body, new RegExp(`"error":"${error}"`), line);
        // The Fetch standard's CORS check: a script in a browser can read why.
        assert.deepEqual(answer.headers['access-control-allow-origin'], ['*'], line);
        assert.match(answer.headers['access-control-expose-headers'][0], /WWW-Authenticate/, line);
        assert.deepEqual(answer.headers['cache-control'], ['no-store'], line);
        assert.equal(answer.headers['chatelaine-assertion'], undefined);
        assert.match(String(answer.headers['x-request-id']), /^[0-9a-f]{16}$/, `${line}: what \`chatelaine trace\` takes`);
        assert.deepEqual(answer.seen, [], line);
      }
    });

    test('public paths and preflights pass without a name', async () => {
      const preflight = ['Origin: https://chat.example.com', 'Access-Control-Request-Method: POST'];
      for (const [line, headers] of [['GET /logo.svg', []], ['GET /logo.svg', [bearer(writer)]], ['OPTIONS /todos', preflight]]) {
        const { seen } = await call(line, headers);
        assert.equal(seen.length, 1, line);
        for (const header of identity) assert.ok(!(header in seen[0].headers), `${line} has ${header}: ${seen[0].headers[header]}`);
        assert.equal(seen[0].headers.authorization, undefined);
      }
    });

    test('THREATS N04: a client cannot name itself to the API, in no spelling', async () => {
      const claims = ['Chatelaine-Subject', 'chatelaine-subject', 'Chatelaine_Subject', 'CHATELAINE-Grant', 'Chatelaine-Client', 'Chatelaine-Scope', 'Chatelaine-Assertion', 'Chatelaine.Subject']
        .map((header) => `${header}: admin`);
      for (const [line, headers] of [['GET /todos', [bearer(reader)]], ['GET /logo.svg', []]]) {
        const { status, seen } = await call(line, [...claims, ...headers]);
        assert.equal(status, 200, line);
        assert.ok(!JSON.stringify(seen).includes('admin'), `${line}: ${JSON.stringify(seen[0].headers)}`);
      }
    });

    test('THREATS N07: Connection cannot take off what the proxy adds', async () => {
      world.apiTap.clear();
      await exchange(proxy.port, `GET /todos HTTP/1.1\r\nHost: api.example.com\r\nAuthorization: Bearer ${reader}\r\nConnection: close, Chatelaine-Subject, Chatelaine-Scope\r\n\r\n`);
      const [{ headers }] = world.apiTap.seen;
      assert.deepEqual([headers['chatelaine-subject'], headers['chatelaine-scope']], ['user-1', 'todos.read']);
    });

    test('THREATS N05: a client cannot ask about another call than the one that it makes', async () => {
      const lies = [
        ['X-Original-URI: /logo.svg'],
        ['X-Original-URI: /logo.svg', 'X-Original-Method: GET'],
        ['X-Forwarded-Uri: /logo.svg', 'X-Forwarded-Method: GET'],
        ['x-original-uri: /logo.svg', 'x-forwarded-uri: /logo.svg', 'x-forwarded-method: OPTIONS'],
        ['X_Original_URI: /logo.svg', 'X_Forwarded_Uri: /logo.svg'],
      ];
      for (const lie of lies) {
        for (const [headers, status] of [[[], 401], [[bearer(reader)], 403], [[bearer(writer)], 201]]) {
          const { status: answered, seen } = await call('POST /todos', [...lie, ...headers, 'Content-Type: application/json'], '{"text":"x"}');
          assert.equal(answered, status, lie.join());
          assert.equal(seen.length, status === 201 ? 1 : 0);
        }
      }
    });

    test('THREATS N05: nothing makes the API read another method or path than the one that was judged', async () => {
      const overrides = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', 'X-Original-URL', 'X-Rewrite-URL', 'X-Original-Method', 'X-Original-URI', 'X-Forwarded-Method', 'X-Forwarded-Uri'];
      const { status, seen } = await call('GET /todos', [bearer(reader), ...overrides.map((header) => `${header}: /DELETE`)]);
      assert.equal(status, 200);
      for (const header of overrides) assert.ok(!(header.toLowerCase() in seen[0].headers), header);
    });

    test('what is said of the client\'s address and of the API\'s own name is the proxy\'s word', async () => {
      const claims = ['Forwarded: for=198.51.100.1', 'X-Real-IP: 198.51.100.1', 'X-Client-IP: 198.51.100.1', 'True-Client-IP: 198.51.100.1', 'X-Forwarded-For: 198.51.100.1', 'X-Forwarded-Host: 198.51.100.1',
        'X-Forwarded-Port: 198', 'X-Forwarded-Prefix: /198', 'X-Forwarded-Proto: ftp', 'X_Forwarded_For: 198.51.100.1', 'Proxy: http://198.51.100.1'];
      const { status, seen } = await call('GET /todos', [bearer(reader), ...claims]);
      assert.equal(status, 200);
      const { headers } = seen[0];
      assert.deepEqual([headers['x-forwarded-for'], headers['x-forwarded-host'], headers['x-forwarded-proto']], ['127.0.0.1', 'api.example.com', 'http']);
      assert.ok(!/198|ftp/.test(JSON.stringify(headers)), JSON.stringify(headers));
    });

    test('a WebSocket begins where its GET may be made, in the caller\'s name; nothing else becomes a tunnel', async () => {
      const api = await startEcho();
      const other = await start({ chatelaine: world.listen, api: api.authority });
      try {
        const open = (upgrade, more, headers) => {
          const head = ['GET /todos HTTP/1.1', 'Host: api.example.com', `Connection: Upgrade, Chatelaine-Subject${more}`, `Upgrade: ${upgrade}`, 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
            'Chatelaine-Grant: admin', ...headers];
          return talk(other.port, `${head.join('\r\n')}\r\n\r\n`, 'GET /ping HTTP/1.1\r\nHost: api.example.com\r\nConnection: close\r\n\r\n', 'GET /ping');
        };
        const tunnel = await open('websocket', '', [bearer(reader)]);
        assert.match(tunnel, /^HTTP\/1\.1 101 [^]*\r\n\r\nGET \/ping HTTP/, other.log);
        assert.equal(api.seen.length, 1);
        assert.deepEqual([api.seen[0]['chatelaine-subject'], api.seen[0]['chatelaine-scope'], api.seen[0].authorization], ['user-1', 'todos.read', undefined]);
        assert.notEqual(api.seen[0]['chatelaine-grant'], 'admin');

        api.seen.length = 0;
        for (const headers of [[], [bearer('abc')]]) assert.match(await open('websocket', '', headers), /^HTTP\/1\.1 401 /);
        assert.deepEqual(api.seen, []);

        // RFC 9110 §7.8: who does not know the protocol answers as if nothing had been asked.
        for (const upgrade of ['h2c', 'websocket, h2c', 'h2c, websocket', 'TLS/1.0']) {
          api.seen.length = 0;
          const answer = await open(upgrade, ', HTTP2-Settings', [bearer(reader), 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA']);
          assert.match(answer, /^HTTP\/1\.1 200 [^]*no tunnel/, upgrade);
          assert.equal(api.seen[0].upgrade, undefined, upgrade);
        }
      } finally {
        await other.stop();
        await api.close();
      }
    });

    test('RFC 9112 §3.2.2: a call in absolute form is judged by its path', async () => {
      assert.equal((await call('GET http://api.example.com/todos', [bearer(reader)])).status, 200);
      assert.equal((await call('GET http://api.example.com/admin', [bearer(reader)])).status, 404);
      assert.equal((await call('GET http://api.example.com/todos')).status, 401);
    });

    test('calls above a limit are 429 to their client, with how long to wait', async () => {
      const text = readText(world.config);
      const becomes = async (limits, status) => {
        writeFileSync(world.config, text.replace('[limits]\n', `[limits]\n${limits}\n`));
        world.provider.child.kill('SIGHUP');
        const end = Date.now() + 5000;
        let answer = await call('GET /todos', [bearer(reader)]);
        for (; answer.status !== status && Date.now() < end; answer = await call('GET /todos', [bearer(reader)]));
        assert.equal(answer.status, status);
        return answer;
      };
      const refused = await becomes('calls_per_grant = "1/1h"', 429);
      assert.ok(Number(refused.headers['retry-after']) >= 1);
      assert.deepEqual(['limit', 'remaining'].map((end) => refused.headers[`ratelimit-${end}`]), [['1'], ['0']]);
      assert.ok(Number(refused.headers['ratelimit-reset']) >= 1);
      assert.match(String(refused.headers['x-request-id']), /^[0-9a-f]{16}$/);
      assert.match(refused.body, /"error":"too_many_requests"/);
      assert.deepEqual(refused.seen, []);
      const passed = await becomes('calls_per_grant = "1000/1h"', 200);
      const told = ['limit', 'remaining', 'reset'].map((end) => passed.headers[`ratelimit-${end}`]?.length);
      assert.deepEqual(told, name === 'nginx' ? [1, 1, 1] : [undefined, undefined, undefined]);
      await becomes('', 200);
    });

    test('the check is not to be had through the proxy', async () => {
      const question = ['X-Original-Method: GET', 'X-Original-URI: /todos', bearer(writer)];
      for (const host of ['auth.example.com', 'api.example.com']) {
        for (const path of ['/oauth/check', '/oauth/check/todos', '/oauth/check/', '//oauth/check', '/oauth/%63heck', '/oauth/check/../check', '/oauth/check/x/../../check/todos', '/chatelaine-check']) {
          const answer = await ask(proxy.port, `GET ${path}`, [`Host: ${host}`, ...question]);
          assert.ok(answer.status >= 400 && answer.status < 500, `${host}${path}: ${answer.status}`);
          for (const header of identity) assert.equal(answer.headers[header], undefined, `${host}${path}`);
        }
      }
    });

    test('what is Chatelaine\'s own is there, on a name of its own', async () => {
      const metadata = await ask(proxy.port, 'GET /.well-known/oauth-authorization-server', ['Host: auth.example.com']);
      assert.equal(metadata.status, 200);
      assert.match(metadata.body, /"token_endpoint"/);
    });

    test('THREATS N12: a revocation counts at once', async () => {
      assert.equal((await call('GET /todos', [bearer(writer)])).status, 200);
      await revoke(world, client, refresh);
      assert.equal((await call('GET /todos', [bearer(writer)])).status, 401);
    });

    test('nothing passes while Chatelaine does not answer', async () => {
      await world.provider.stop();
      const { status, seen } = await call('GET /logo.svg');
      await world.startProvider();
      assert.ok(status >= 500, String(status));
      assert.deepEqual(seen, []);
      assert.equal((await call('GET /logo.svg')).status, 200);
    });
  });
}
