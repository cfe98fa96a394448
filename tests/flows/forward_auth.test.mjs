// Forward-auth: a proxy that the operator has already asks at /oauth/check. Traefik and Envoy are what they send.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { closesWithinASecond } from '../world/closing.mjs';
import { identity, revoke, startWorld, talk } from '../world/guarded_api.mjs';
import { ask, exchange } from '../world/proxies.mjs';
import { readText, root } from '../world/world.mjs';

describe('the check, as proxies ask', () => {
  let world, client, reader, writer, refresh, port;

  before(async () => {
    ({ world, client, reader, writer, refresh } = await startWorld());
    port = Number(world.listen.split(':')[1]);
  });
  after(() => world?.stop());

  // pkg/middlewares/auth/forward.go of Traefik 3: the client's headers, hop-by-hop ones taken off, and these set anew.
  const asTraefik = (method, uri, headers = []) => ask(port, 'GET /oauth/check', ['Host: 127.0.0.1:8080', 'User-Agent: curl/8.5.0', 'Accept: */*', ...headers, 'X-Forwarded-For: 192.0.2.7',
    'X-Forwarded-Host: api.example.com', `X-Forwarded-Method: ${method}`, 'X-Forwarded-Port: 443', 'X-Forwarded-Proto: https', 'X-Forwarded-Server: edge', `X-Forwarded-Uri: ${uri}`, 'X-Real-Ip: 192.0.2.7', 'Accept-Encoding: gzip']);
  // ext_authz of Envoy: method, path behind the prefix, Host and Authorization of the client, no body, and what its HTTP client adds.
  const asEnvoy = (method, uri, headers = []) => ask(port, `${method} /oauth/check${uri}`, ['host: api.example.com', ...headers, 'content-length: 0', 'x-envoy-internal: true', 'x-forwarded-for: 10.0.0.7',
    'x-envoy-expected-rq-timeout-ms: 5000']);
  const bearer = (token) => `Authorization: Bearer ${token}`;

  for (const [name, asProxy] of Object.entries({ Traefik: asTraefik, Envoy: asEnvoy })) {
    test(`${name} gets the gateway's own answers`, async () => {
      const preflight = ['Origin: https://chat.example.com', 'Access-Control-Request-Method: POST'];
      for (const [method, uri, headers, status, challenge] of [
        ['GET', '/todos?done=true', [bearer(reader)], 200],
        ['POST', '/todos', [bearer(writer)], 200],
        ['DELETE', '/todos/7', [bearer(writer)], 200],
        ['HEAD', '/todos', [bearer(reader)], 200],
        ['HEAD', '/todos', [], 401, /^Bearer realm="Todo", scope="todos\.read todos\.write", resource_metadata="[^"]*"$/],
        ['GET', '/todos', [bearer(reader), 'Connection: Upgrade', 'Upgrade: websocket'], 200],
        ['GET', '/logo.svg', [], 200],
        ['OPTIONS', '/todos', preflight, 200],
        ['GET', '/todos', [], 401, /^Bearer realm="Todo", scope="todos\.read todos\.write", resource_metadata="[^"]*"$/],
        ['GET', '/todos', [bearer('abc')], 401, /error="invalid_token"/],
        ['POST', '/todos', [bearer(reader)], 403, /error="insufficient_scope".*scope="todos\.write"/],
        ['GET', '/todos', ['Authorization: Bearer a b'], 400, /error="invalid_request"/],
        ['GET', '/admin', [bearer(writer)], 404],
        ['GET', '//todos', [bearer(writer)], 400],
        ['GET', '/logo.svg/..%2ftodos', [], 400],
        ['GET', '/logo.svg/../todos', [], 400],
        ['GET', '/../oauth/jwks', [bearer(writer)], 400],
        ['GET', '/todos', [bearer(writer), bearer(writer)], 400, /error="invalid_request"/],
        ['TRACE', '/todos', [bearer(writer)], 405],
      ]) {
        const answer = await asProxy(method, uri, headers);
        const what = `${method} ${uri} ${headers}`;
        assert.equal(answer.status, status, `${what}: ${answer.body}`);
        assert.match(answer.headers['cache-control'][0], /no-store/, what);
        assert.equal(answer.headers['www-authenticate']?.length, challenge && 1, what);
        if (challenge) assert.match(answer.headers['www-authenticate'][0], challenge);
        const isNamed = status === 200 && headers.some((header) => header.startsWith('Authorization'));
        for (const header of identity) assert.equal(answer.headers[header]?.length, isNamed ? 1 : undefined, `${what}: ${header}`);
        if (isNamed) assert.deepEqual(answer.headers['chatelaine-subject'], ['user-1']);
      }
    });
  }

  test('a question in two spellings is refused: one of them is the client\'s', async () => {
    for (const answer of [
      await asTraefik('POST', '/todos', [bearer(reader), 'X-Original-Method: GET', 'X-Original-URI: /logo.svg']),
      await asTraefik('POST', '/todos', ['X-Original-URI: /logo.svg']),
      await asTraefik('GET', '/logo.svg', ['X-Forwarded-Uri: /logo.svg']),
      await asEnvoy('GET', '/logo.svg', ['X-Forwarded-Uri: /logo.svg', 'X-Forwarded-Method: GET']),
      await asTraefik('GET', '/caf\u00e9'),
      await asTraefik('GET', '/logo.svg#/todos'),
      await ask(port, 'GET /oauth/check', ['Host: x', bearer(writer)]),
    ]) {
      assert.equal(answer.status, 403);
      assert.match(answer.body, /"error":"invalid_request","error_description":"/);
      for (const header of identity) assert.equal(answer.headers[header], undefined);
    }
  });

  test('a question with a body is answered by its head, and the next one on its connection too', async () => {
    const head = ['Host: x', bearer(writer), 'Content-Type: application/json'];
    const question = `POST /oauth/check/todos HTTP/1.1\r\n${head.join('\r\n')}\r\nContent-Length: 12\r\n\r\n{"text":"x"}`;
    const { status, body } = await exchange(port, `${question}GET /oauth/check/logo.svg HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    assert.equal(status, 200);
    assert.equal(body.match(/HTTP\/1\.1 200 OK/g)?.length, 1);
    // nginx that was told to leave the body out, and not to leave its length out, too.
    const promised = `GET /oauth/check HTTP/1.1\r\n${head.join('\r\n')}\r\nX-Original-Method: POST\r\nX-Original-URI: /todos\r\nContent-Length: 12\r\n\r\n`;
    assert.match(await talk(port, promised, '', '\r\n\r\n'), /^HTTP\/1\.1 200 [^]*Chatelaine-Subject: user-1/i);
  });

  test('trusted_proxies alone may ask; everybody else is told which address is missing', async () => {
    for (const forwarded of [[], ['X-Forwarded-For: 127.0.0.1']]) {
      const answer = await ask(port, 'GET /oauth/check/logo.svg', ['Host: x', ...forwarded], { from: '127.0.0.2' });
      assert.equal(answer.status, 403);
      assert.match(answer.body, /add \\"127\.0\.0\.2\\" to trusted_proxies/);
    }
  });

  test('THREATS N12: a revocation counts at once, and so does the switch', async () => {
    assert.equal((await asTraefik('GET', '/todos', [bearer(writer)])).status, 200);
    await revoke(world, client, refresh);
    assert.equal((await asTraefik('GET', '/todos', [bearer(writer)])).status, 401);
    writeFileSync(world.config, readText(world.config).replace('check = true', 'check = false'));
    world.provider.child.kill('SIGHUP');
    await closesWithinASecond('the check', async () => (await asTraefik('GET', '/logo.svg')).status === 200, Date.now());
    assert.equal((await asTraefik('GET', '/logo.svg')).status, 404);
    assert.equal((await asEnvoy('GET', '/logo.svg')).status, 404);
  });

  test('the examples that are not run here ask as these questions do', () => {
    const traefik = readText(`${root}/examples/forward-auth/traefik.yaml`);
    assert.match(traefik, /address: "http:\/\/127\.0\.0\.1:8080\/oauth\/check"/);
    assert.match(traefik, /trustForwardHeader: false/);
    const envoy = readText(`${root}/examples/forward-auth/envoy.yaml`);
    assert.match(envoy, /path_prefix: \/oauth\/check\n/);
    assert.match(envoy, /failure_mode_allow: false/);
    for (const header of identity) assert.ok(envoy.includes(`- remove: ${header}\n`), header);
  });
});
