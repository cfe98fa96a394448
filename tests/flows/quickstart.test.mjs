// ./quickstart --json as a newcomer's script runs it: one line, and everything that it names answers; asked to stop, it takes all of it along.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { allow } from '../world/sign_in.mjs';
import { Visitor } from '../world/visitor.mjs';
import { preset, root } from '../world/world.mjs';

test('quickstart prints one line of JSON, and what it names can be used', { timeout: 300_000 }, async (context) => {
  const child = spawn(join(root, 'quickstart'), ['--json'], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, CHATELAINE_PRESET: preset } });
  let errors = '';
  child.stderr.on('data', (data) => (errors += data));
  const ended = new Promise((done) => child.on('exit', (code, signal) => done({ code, signal })));
  context.after(() => child.kill('SIGKILL'));
  const line = await new Promise((done, fail) => {
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
      if (output.includes('\n')) done(output);
    });
    ended.then(() => fail(new Error(`quickstart ended:\n${errors}`)));
  });
  const made = JSON.parse(line);
  assert.deepEqual(Object.keys(made), ['provider', 'host', 'api', 'email', 'password']);

  const manifest = await (await fetch(`${made.provider}/.well-known/ai-plugin.json`)).json();
  for (const url of [manifest.logo_url, manifest.legal_info_url, manifest.api.url]) assert.equal((await fetch(url)).status, 200, url);
  assert.equal((await fetch(`${made.api}/todos`)).status, 401, 'the API takes calls through the gateway alone');

  const visitor = new Visitor();
  const home = await visitor.follow(await visitor.signIn(await visitor.follow(await visitor.get(made.host)), made.email, made.password));
  const toProvider = await visitor.submit(home.form(/Sign in with Todo/));
  const connected = await visitor.follow(await visitor.get(await allow(toProvider.location, { ...made, visitor })));
  assert.equal(connected.status, 200);
  assert.match(connected.words, /Todo/);

  child.kill('SIGTERM');
  assert.equal((await ended).code, 0, errors);
  for (const url of [made.provider, made.host, made.api]) await assert.rejects(fetch(url), url);
});
