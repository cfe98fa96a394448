// The seven steps of "OAuth 2.0 for ChatGPT plugins" over real sockets, between `chatelaine host`, `chatelaine serve` and the example API, with each
// URL and body asserted as it went over the wire; once with JSON and once with a form as the manifest's authorization_content_type.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Visitor } from '../world/visitor.mjs';
import { secretsIn } from '../world/secrets.mjs';
import { World, chatelaine, run } from '../world/world.mjs';

const email = 'person@example.com';
const password = 'correct horse battery staple';

for (const encoding of ['application/json', 'application/x-www-form-urlencoded']) {
  describe(`the seed's seven steps, ${encoding}`, () => {
    let world;
    let client;
    let plugin;
    const visitor = new Visitor();

    before(async () => {
      world = await World.start({ encoding, tokens: 'access_lifetime = "59s"', tapApi: true });
      await world.addUser(email, password, '--subject', 'user-1');
      await world.addHostUser(email, password);
    });
    after(() => world?.stop());

    test('step 1: the domain cannot be localhost, unless the host is told so for development', async () => {
      const domain = world.issuer.replace('http://', '');
      const refused = await run(chatelaine, ['plugin', 'check', 'localhost:9', '--config', world.config, '--json']);
      assert.equal(refused.code, 1);
      const { ok, faults } = JSON.parse(refused.stdout);
      assert.equal(ok, false);
      assert.deepEqual(faults.map(({ path, code }) => [path, code]), [['domain', 'refused_domain']]);
      const { code, stdout } = await run(chatelaine, ['plugin', 'check', domain, '--config', world.hostConfig, '--json']);
      assert.equal(code, 0, stdout);
      assert.equal(JSON.parse(stdout).ok, true);
    });

    test('step 2: auth.type is oauth, with the document\'s own member names', async () => {
      const answer = await fetch(`${world.issuer}/.well-known/ai-plugin.json`);
      assert.equal(answer.status, 200);
      assert.match(answer.headers.get('content-type'), /^application\/json/);
      assert.equal(answer.headers.get('access-control-allow-origin'), '*');
      const { auth, api, schema_version } = await answer.json();
      assert.equal(schema_version, 'v1');
      assert.deepEqual(auth, {
        type: 'oauth',
        client_url: `${world.issuer}/oauth/authorize`,
        scope: 'todos.read todos.write',
        authorization_url: `${world.issuer}/oauth/token`,
        authorization_content_type: encoding,
        verification_tokens: {},
      });
      assert.equal(api.type, 'openapi');
      assert.equal(api.url, `${world.issuer}/.well-known/openapi.yaml`);
    });

    test('step 3: client id and secret are entered after the callback is known; the secret is sealed', async () => {
      client = await world.command('client', 'add', 'Test host', '--pkce', 'optional');
      assert.match(client.client_secret, /^ctl_cs_/);
      const domain = world.issuer.replace('http://', '');
      const pending = await world.hostCommand('plugin', 'install', domain);
      assert.match(pending.callback_url, new RegExp(`^${world.hostUrl}/aip/${pending.plugin_id}/oauth/callback$`));
      plugin = await world.hostCommandWith(client.client_secret, 'plugin', 'install', domain, '--client-id', client.client_id, '--client-secret-stdin');
      assert.equal(plugin.plugin_id, pending.plugin_id);
      assert.equal(plugin.callback_url, pending.callback_url);
      await world.command('client', 'update', client.client_id, '--redirect-uri', plugin.callback_url);
      for (const name of readdirSync(world.folder)) {
        assert.ok(!readFileSync(join(world.folder, name)).includes(client.client_secret), `${name} holds the client secret in the clear`);
      }
      const listed = JSON.stringify(await world.hostCommand('plugin', 'list'));
      assert.ok(listed.includes(client.client_id), 'the client id is shown');
      assert.ok(!listed.includes(client.client_secret), 'the secret is not');
    });

    test('step 4: the verification token goes into the manifest; before that nobody can use the plugin', async () => {
      assert.match(plugin.verification_token, /^[0-9a-f]{32}$/);
      const early = await run(chatelaine, ['plugin', 'verify', plugin.plugin_id, '--config', world.hostConfig, '--json']);
      assert.equal(early.code, 1, 'verified without the token');
      const connect = await run(chatelaine, ['plugin', 'connect', plugin.plugin_id, '--user', email, '--config', world.hostConfig, '--json']);
      assert.equal(connect.code, 1, 'connected to an unverified plugin');
      await world.addVerificationToken('testhost', plugin.verification_token);
      const verified = await world.hostCommand('plugin', 'verify', plugin.plugin_id);
      assert.equal(verified.verified, true);
    });

    test('step 5: "Sign in with" opens the exact URL; the user signs in and consents at the provider', async () => {
      const { connect_url: url } = await world.hostCommand('plugin', 'connect', plugin.plugin_id, '--user', email);
      world.tap.clear();
      const toProvider = await visitor.get(url);
      assert.equal(toProvider.status, 303);
      const callback = encodeURIComponent(plugin.callback_url);
      const expected =
        `${world.issuer}/oauth/authorize?response_type=code&client_id=${client.client_id}&scope=todos.read%20todos.write&redirect_uri=${callback}&state=`;
      assert.equal(toProvider.location.slice(0, expected.length), expected);
      const parameters = new URL(toProvider.location).searchParams;
      assert.equal(parameters.get('code_challenge_method'), 'S256');
      assert.match(parameters.get('code_challenge'), /^[\w-]{43}$/);

      const signIn = await visitor.follow(toProvider);
      const consent = await visitor.follow(await visitor.signIn(signIn, email, password));
      assert.match(consent.words, /Test host/);
      assert.match(consent.words, /Read your to-do list/);
      assert.match(consent.words, /Add, change and delete to-dos/);
      assert.match(consent.words, /127\.0\.0\.1/, 'the redirect\'s host is named');
      const back = await visitor.submit(consent.form(/Allow/), {}, /allow/i);
      assert.equal(back.status, 303);
      const answer = new URL(back.location);
      assert.equal(answer.href.split('?')[0], plugin.callback_url);
      assert.match(answer.searchParams.get('code'), /^ctl_ac_/);
      assert.equal(answer.searchParams.get('state'), parameters.get('state'));
      assert.equal(answer.searchParams.get('iss'), world.issuer);

      const forged = await visitor.get(back.location.replace(/state=[^&]*/, 'state=forged'));
      assert.equal(forged.status, 400);
      const stranger = await new Visitor().get(back.location);
      assert.equal(stranger.status, 400, 'another browser brought the callback');
    });

    test('step 6: the code is exchanged in the manifest\'s content type', async () => {
      const { connect_url: url } = await world.hostCommand('plugin', 'connect', plugin.plugin_id, '--user', email);
      world.tap.clear();
      const consent = await visitor.follow(await visitor.get(url));
      const back = await visitor.submit(consent.form(/Allow/), {}, /allow/i);
      const done = await visitor.follow(await visitor.get(back.location));
      assert.equal(done.status, 200, done.words);

      const [exchange, ...others] = world.tap.to('/oauth/token');
      assert.equal(others.length, 0);
      assert.equal(exchange.method, 'POST');
      assert.equal(exchange.headers['content-type'], encoding);
      const code = new URL(back.location).searchParams.get('code');
      const sent = encoding === 'application/json' ? JSON.parse(exchange.body) : Object.fromEntries(new URLSearchParams(exchange.body));
      const { code_verifier, ...named } = sent;
      assert.match(code_verifier, /^[\w.~-]{43,128}$/);
      assert.deepEqual(named, {
        grant_type: 'authorization_code',
        client_id: client.client_id,
        client_secret: client.client_secret,
        code,
        redirect_uri: plugin.callback_url,
      });
      assert.deepEqual(Object.keys(named), ['grant_type', 'client_id', 'client_secret', 'code', 'redirect_uri']);
      assert.equal(exchange.status, 200);
      assert.equal(exchange.answerHeaders['cache-control'], 'no-store');
      const answer = JSON.parse(exchange.answer);
      assert.equal(answer.token_type, 'bearer');
      assert.equal(answer.expires_in, 59);
      assert.match(answer.refresh_token, /^ctl_rt_/);
      assert.equal(answer.access_token.split('.').length, 3);

      const replayed = await visitor.get(back.location);
      assert.equal(replayed.status, 400, 'a callback works once');
    });

    test('step 7: each call carries the user\'s token to the provider, and only who they are to the API', async () => {
      world.tap.clear();
      world.apiTap.clear();
      const call = (...args) => world.hostCommand('plugin', 'call', plugin.plugin_id, ...args, '--user', email);
      const added = await call('addTodo', 'text=Water the plants');
      assert.equal(added.status, 201);
      assert.equal(JSON.parse(added.body).text, 'Water the plants');
      const listed = await call('listTodos');
      assert.deepEqual(JSON.parse(listed.body).todos.map(({ text }) => text), ['Water the plants']);
      for (const entry of world.tap.to('/todos')) assert.match(entry.headers.authorization, /^Bearer eyJ/);
      const received = world.apiTap.to('/todos');
      assert.equal(received.length, 2);
      for (const { headers } of received) {
        assert.equal(headers.authorization, undefined, 'the API never sees the token');
        assert.equal(headers.cookie, undefined);
        assert.equal(headers['chatelaine-subject'], 'user-1');
        assert.equal(headers['chatelaine-client'], client.client_id);
        assert.equal(headers['chatelaine-scope'], 'todos.read todos.write');
        assert.match(headers['chatelaine-grant'], /./);
        assert.equal(headers['chatelaine-assertion'].split('.').length, 3);
      }
      assert.equal(world.tap.to('/oauth/token').length, 0, 'a fresh token needs no refresh');
    });

    test('disconnecting revokes at the provider and forgets the tokens', async () => {
      world.tap.clear();
      await world.hostCommand('plugin', 'disconnect', plugin.plugin_id, '--user', email);
      assert.equal(world.tap.to('/oauth/revoke').length, 1);
      const grants = await world.command('grant', 'list');
      assert.equal(grants.filter(({ revoked_at }) => !revoked_at).length, 0);
      const after = await run(chatelaine, ['plugin', 'call', plugin.plugin_id, 'listTodos', '--user', email, '--config', world.hostConfig, '--json']);
      assert.equal(after.code, 1);
    });

    test('no secret that went over the wire stands in a log', async () => {
      const seen = new Set([client.client_secret, password]);
      for (const entry of [...world.tap.everything, ...world.apiTap.everything]) {
        for (const text of [entry.url, entry.body, entry.answer, ...Object.values(entry.headers)]) secretsIn(String(text)).forEach((secret) => seen.add(secret));
      }
      let verifiers = 0;
      for (const { body } of world.tap.to('/oauth/token', world.tap.everything)) {
        const verifier = /code_verifier(?:=|":")([\w.~-]{43,128})/.exec(body)?.[1];
        if (verifier === undefined) continue;
        seen.add(verifier);
        verifiers += 1;
      }
      const kinds = (start) => [...seen].filter((secret) => secret.startsWith(start)).length;
      assert.ok(kinds('ctl_ac_') > 0 && kinds('ctl_rt_') > 0 && kinds('eyJ') > 0 && verifiers > 0, 'the tap has seen every kind');
      for (const secret of seen) {
        assert.ok(!world.provider.log.includes(secret), `the provider's log holds ${secret.slice(0, 10)}…`);
        assert.ok(!world.host.log.includes(secret), `the host's log holds ${secret.slice(0, 10)}…`);
      }
    });
  });
}
