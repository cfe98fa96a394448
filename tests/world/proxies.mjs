// Proxies that we did not write, each run on one of examples/forward-auth as it stands there, but for its addresses.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, root } from './world.mjs';

/** An example with each text of `changes` exchanged; one that it does not hold is a mistake. */
function readExample(name, changes) {
  let text = readFileSync(join(root, 'examples/forward-auth', name), 'utf8');
  for (const [from, to] of changes) {
    assert.ok(text.includes(from), `${name} has no ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

class Proxy {
  constructor(folder, port) {
    Object.assign(this, { folder, port, log: '' });
  }

  async run(command, args, env = {}) {
    this.child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', (data) => (this.log += data));
    this.ended = new Promise((done) => this.child.on('close', done));
    for (let i = 0; ; ++i) {
      const answers = await new Promise((done) => {
        const socket = connect(this.port, '127.0.0.1', () => done(true)).on('error', () => done(false));
        socket.on('connect', () => socket.destroy());
      });
      if (answers) return this;
      assert.ok(i < 100 && this.child.exitCode === null, `${command} does not answer:\n${this.log}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  async stop() {
    this.child.kill('SIGTERM');
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** nginx on examples/forward-auth/nginx.conf: `chatelaine` and `api` are addresses with ports. */
export async function startNginx({ chatelaine, api }) {
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-nginx-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const site = readExample('nginx.conf', [['127.0.0.1:8080', chatelaine], ['127.0.0.1:3000', api], ['listen      80;', `listen 127.0.0.1:${port};`]]);
  writeFileSync(join(folder, 'site.conf'), site);
  writeFileSync(join(folder, 'nginx.conf'), `
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log stderr;
${process.getuid() === 0 ? 'user root;' : ''}
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder};`).join('\n  ')}
  include site.conf;
}
`);
  return new Proxy(folder, port).run('/usr/sbin/nginx', ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')]);
}

/** Caddy on examples/forward-auth/Caddyfile. */
export async function startCaddy({ chatelaine, api }) {
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-caddy-'));
  const port = await freePort();
  const sites = readExample('Caddyfile', [
    ['127.0.0.1:8080', chatelaine], ['127.0.0.1:3000', api], ['\nauth.example.com {', `\nhttp://auth.example.com:${port} {`], ['\napi.example.com {', `\nhttp://api.example.com:${port} {`]]);
  writeFileSync(join(folder, 'Caddyfile'), `{\n\tadmin off\n\tauto_https off\n}\n${sites}`);
  const env = { HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
  return new Proxy(folder, port).run('/usr/bin/caddy', ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], env);
}

/** What a proxy answers to bytes: { status, headers (lower case, a list each), body }. */
export function exchange(port, bytes, localAddress) {
  return new Promise((done, fail) => {
    const chunks = [];
    const socket = connect({ port, host: '127.0.0.1', localAddress }, () => socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk)).on('error', fail);
    socket.on('close', () => {
      const [head, ...rest] = Buffer.concat(chunks).toString().split('\r\n\r\n');
      const [first, ...lines] = head.split('\r\n');
      const headers = {};
      for (const line of lines) (headers[line.slice(0, line.indexOf(':')).toLowerCase()] ??= []).push(line.slice(line.indexOf(':') + 1).trim());
      done({ status: Number(first.split(' ')[1]), headers, body: rest.join('\r\n\r\n') });
    });
  });
}

/** One request on a connection of its own, with the headers as they stand here, and answered as `exchange` says. */
export function ask(port, line, headers, { body = '', from } = {}) {
  const lines = [`${line} HTTP/1.1`, ...headers, 'Connection: close', ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`])];
  return exchange(port, `${lines.join('\r\n')}\r\n\r\n${body}`, from);
}
