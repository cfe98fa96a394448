// A world to test in: the real example API, `chatelaine serve` in front of it and `chatelaine host`, each a process of its own, on free
// loopback ports, set up with the command line as an operator would. Everything between assistants and the provider passes a tap that records it.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findSecrets, findValues, secretsOf } from './secrets.mjs';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const preset = process.env.CHATELAINE_PRESET ?? 'dev';
export const chatelaine = join(root, 'build', preset, 'bin/chatelaine');

// Test files run as processes side by side, and a port is free again until its server takes it. So each process has a hundred of its own to ask for, below
// those that the system gives to whoever connects.
let portsTaken = 0;
export async function freePort() {
  for (;;) {
    const port = 10_000 + (process.pid % 200) * 100 + (portsTaken++ % 100);
    const server = createTcpServer();
    const isFree = await new Promise((done) => server.once('error', () => done(false)).listen(port, '127.0.0.1', () => done(true)));
    if (!isFree) continue;
    await new Promise((done) => server.close(done));
    return port;
  }
}

/** Runs a command to its end: { code, stdout, stderr }. */
export function run(file, args, { input = '', env = {} } = {}) {
  return new Promise((done) => {
    const child = execFile(file, args, { env: { ...process.env, ...env }, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      done({ code: error ? (error.code ?? 128) : 0, stdout, stderr });
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** A program that says `ready …` on stdout once it answers. */
export class Program {
  constructor(file, args, env = {}) {
    this.child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    this.log = '';
    this.output = '';
    this.child.stderr.on('data', (data) => (this.log += data));
    // Once all that it said has arrived.
    this.ended = new Promise((done) => this.child.on('close', (code, signal) => done({ code, signal })));
    this.ready = new Promise((done, fail) => {
      this.child.stdout.on('data', (data) => {
        this.output += data;
        if (/^ready .*\n/m.test(this.output)) done(this);
      });
      this.ended.then(({ code, signal }) => fail(new Error(`${args[0]} ended (${code ?? signal}) before it was ready:\n${this.log}`)));
    });
    this.ready.catch(() => {});
  }

  /** Asks it to stop and checks that it did so in good order; a sanitizer's report makes the code non-zero. */
  async stop() {
    this.child.kill('SIGTERM');
    const { code, signal } = await this.ended;
    assert.equal(code ?? signal, 0, `it did not stop in good order:\n${this.log.slice(-8000)}`);
  }

  async kill() {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

/** Listens on `port`, passes every request on to `target`, byte for byte, and keeps what went by in `seen`. */
export class Tap {
  constructor(port, target, address = '127.0.0.1') {
    /** Headers that every request is to have. */
    this.added = {};
    this.seen = [];
    /** The same without ever being cleared: for what must hold of everything. */
    this.everything = [];
    this.server = createServer((request, response) => {
      const chunks = [];
      const entry = { method: request.method, url: request.url, headers: request.headers, body: '', status: 0, answer: '' };
      this.seen.push(entry);
      this.everything.push(entry);
      const onward = httpRequest(`${target}${request.url}`, { method: request.method, headers: { ...request.headers, ...this.added } }, (answer) => {
        entry.status = answer.statusCode;
        entry.answerHeaders = answer.headers;
        response.writeHead(answer.statusCode, answer.rawHeaders);
        answer.on('data', (data) => (entry.answer += data));
        // An answer that breaks off there breaks off here, too.
        answer.on('close', () => answer.complete || response.destroy());
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      response.on('close', () => onward.destroy());
      request.on('data', (data) => {
        chunks.push(data);
        entry.body = Buffer.concat(chunks).toString();
      });
      request.pipe(onward);
    });
    this.listening = new Promise((done) => this.server.listen(port, address, done));
  }

  /** What went to a path since the last `clear`, or of other entries. */
  to(path, entries = this.seen) {
    return entries.filter((entry) => entry.url.split('?')[0] === path);
  }

  clear() {
    this.seen.length = 0;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }
}

/**
 * Starts everything. Options: `tokens`, `keys`, `api`, `plugin`, `fetch`, `registration`, `admin` (more lines for those tables of the provider's configuration), `resources` (its `[[resource]]` tables), `sources` (its `[[user_source]]` tables, and `[accounts]`), `publicAddress` (a loopback address for the issuer), `encoding` (the
 * manifest's content type), `top` (lines above all tables), `hasUpstream` (default true; without it no gateway stands in front of the API), `withHost` (default true), `tapApi` (keeps what the gateway sent
 * to the API in `apiTap`), `upstream` and `openapi` (another API than the example, and the file that describes it).
 */
// No secret may stand in a log at any level (THREATS N47).
const logsEverything = { CHATELAINE_LOG: 'debug' };

export class World {
  static async start(options = {}) {
    const world = new World();
    world.folder = mkdtempSync(join(tmpdir(), 'chatelaine-'));
    const [apiPort, listenPort, publicPort, hostPort] = [await freePort(), await freePort(), await freePort(), await freePort()];
    world.api = `http://127.0.0.1:${apiPort}`;
    // Cookies ignore ports: two providers in one test need a loopback address each.
    const publicAddress = options.publicAddress ?? '127.0.0.1';
    world.issuer = `http://${publicAddress}:${publicPort}`;
    world.listen = `127.0.0.1:${listenPort}`;
    world.hostUrl = `http://127.0.0.1:${hostPort}`;
    world.upstream = options.upstream;
    if (options.tapApi) {
      const port = await freePort();
      world.apiTap = new Tap(port, world.api);
      await world.apiTap.listening;
      world.upstream = `http://127.0.0.1:${port}`;
    }
    world.config = join(world.folder, 'provider.toml');
    world.hostConfig = join(world.folder, 'host.toml');
    writeFileSync(world.config, providerConfiguration(world, options));
    writeFileSync(
      world.hostConfig,
      `[host]\nurl = "${world.hostUrl}"\nlisten = "127.0.0.1:${hostPort}"\nstorage = "sqlite:host.db"\nname = "testhost"\nallow_local = true\n`,
    );
    world.programs = [];
    world.launched = [];
    world.typed = new Map();
    world.tap = new Tap(publicPort, `http://${world.listen}`, publicAddress);
    await world.tap.listening;
    try {
      await world.startApi(apiPort);
      await world.startProvider();
      if (options.withHost ?? true) await world.startHost();
    } catch (error) {
      // What runs already would keep the test's process alive, and nobody would hear of the error.
      for (const program of world.programs) await program.kill();
      for (const { child } of world.launched) child.kill('SIGKILL');
      await world.tap.close();
      await world.apiTap?.close();
      rmSync(world.folder, { recursive: true, force: true });
      throw error;
    }
    return world;
  }

  async startApi(port) {
    this.apiProgram = new Program(process.execPath, [join(root, 'examples/todo/server.mjs'), '--listen', `127.0.0.1:${port}`, '--issuer', this.issuer]);
    this.programs.push(this.apiProgram);
    await this.apiProgram.ready;
  }

  /** A server of ours that logs everything; in the end its log is searched for secrets, also where it has ended or another has followed it. */
  launch(command, config) {
    const program = new Program(chatelaine, [command, '--config', config], logsEverything);
    this.launched.push(program);
    return program;
  }

  async startProvider() {
    this.provider = this.launch('serve', this.config);
    await this.provider.ready;
    assert.equal(this.provider.output, `ready ${this.issuer}\n`);
  }

  async startHost() {
    this.host = this.launch('host', this.hostConfig);
    await this.host.ready;
    assert.equal(this.host.output, `ready ${this.hostUrl}\n`);
  }

  /** A command on the provider's configuration, with --json: what it printed, parsed. */
  async command(...args) {
    return this.commandWith('', ...args);
  }

  async commandWith(input, ...args) {
    return this.runCommand(this.config, input, args);
  }

  /** The same on the host's configuration. */
  async hostCommand(...args) {
    return this.hostCommandWith('', ...args);
  }

  async hostCommandWith(input, ...args) {
    return this.runCommand(this.hostConfig, input, args);
  }

  /** Nothing that was typed at a command, at this one or before, stands in what it prints or logs (THREATS N47). */
  async runCommand(config, input, args) {
    if (input !== '') this.typed.set(input, new Set([`what was typed at ${args.slice(0, 2).join(' ')}`]));
    const { code, stdout, stderr } = await run(chatelaine, [...args, '--config', config, '--json'], { input, env: logsEverything });
    assert.equal(code, 0, `chatelaine ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
    assert.deepEqual(findValues(stdout, this.typed), [], `chatelaine ${args.join(' ')} prints what was typed`);
    assert.deepEqual(findSecrets(stderr, this.typed), [], `chatelaine ${args.join(' ')} logs secrets`);
    return stdout.trim() === '' ? undefined : JSON.parse(stdout);
  }

  async addUser(email, password, ...more) {
    return this.commandWith(password, 'user', 'add', email, '--password-stdin', ...more);
  }

  async addHostUser(email, password, ...more) {
    return this.hostCommandWith(password, 'user', 'add', email, '--password-stdin', ...more);
  }

  /** Adds a client, installs the plugin on the host, registers its callback, and puts the verification token into the manifest. */
  async installPlugin() {
    const client = await this.command('client', 'add', 'Test host', '--pkce', 'optional');
    const plugin = await this.hostCommandWith(
      client.client_secret, 'plugin', 'install', this.issuer.replace('http://', ''), '--client-id', client.client_id, '--client-secret-stdin');
    await this.command('client', 'update', client.client_id, '--redirect-uri', plugin.callback_url);
    await this.addVerificationToken('testhost', plugin.verification_token);
    return { ...client, ...plugin };
  }

  async addVerificationToken(host, token) {
    appendFileSync(this.config, `${host} = "${token}"\n`);
    this.provider.child.kill('SIGHUP');
    const deadline = Date.now() + 5000;
    for (;;) {
      const manifest = await (await fetch(`${this.issuer}/.well-known/ai-plugin.json`)).json();
      if (manifest.auth.verification_tokens?.[host] === token) return;
      assert.ok(Date.now() < deadline, 'the verification token was not served after SIGHUP');
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  /** THREATS N47: no secret that went by, or that was typed at a command, stands in a log, or in what the flight recorder keeps. */
  async checkLogs() {
    const secrets = new Map([...this.typed, ...secretsOf([...this.tap.everything, ...(this.apiTap?.everything ?? [])])]);
    for (const { log, output } of this.launched) assert.deepEqual(findSecrets(log + output, secrets), [], 'a log holds secrets');
    for (const config of [this.provider && this.config, this.host && this.hostConfig]) {
      if (!config) continue;
      const { code, stdout, stderr } = await run(chatelaine, ['trace', '--all', '--most', '1000000', '--json', '--config', config]);
      // A test may have left a file that is wrong on purpose.
      if (code !== 2) assert.equal(code, 0, stderr);
      assert.deepEqual(findSecrets(stdout, secrets), [], 'the flight recorder holds secrets');
    }
  }

  async stop() {
    try {
      if (this.host) await this.host.stop();
      if (this.provider) await this.provider.stop();
      await this.checkLogs();
    } finally {
      for (const program of this.programs) await program.kill();
      await this.tap.close();
      await this.apiTap?.close();
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}

function providerConfiguration(world, options) {
  const content = options.encoding ? `authorization_content_type = "${options.encoding}"\n` : '';
  return `issuer = "${world.issuer}"
listen = "${world.listen}"
storage = "sqlite:provider.db"
${options.top ?? ''}

[api]
${(options.hasUpstream ?? true) ? `upstream = "${world.upstream ?? world.api}"` : ''}
openapi = "${options.openapi ?? join(root, 'examples/todo/openapi.yaml')}"
public = ["/logo.svg"]
${options.api ?? ''}

[tokens]
${options.tokens ?? ''}

[keys]
${options.keys ?? ''}

[flows]
${options.flows ?? ''}

[limits]
${options.limits ?? ''}
[registration]
${options.registration ?? ''}

[admin]
${options.admin ?? ''}

[profiles]
${options.profiles ?? ''}

[fetch]
${options.fetch ?? ''}

[[scope]]
name = "todos.read"
description = "Read your to-do list"

[[scope]]
name = "todos.write"
description = "Add, change and delete to-dos"

${options.resources ?? ''}
${options.sources ?? ''}

[plugin]
name_for_human = "Todo"
name_for_model = "todo"
description_for_human = "Keeps your to-do list."
description_for_model = "Reads and changes the user's to-do list."
logo_url = "${world.issuer}/logo.svg"
contact_email = "todo@example.com"
legal_info_url = "https://example.com/legal"
scope = "todos.read todos.write"
${content}${options.plugin ?? ''}

[plugin.verification_tokens]
`;
}

export const readText = (path) => readFileSync(path, 'utf8');
