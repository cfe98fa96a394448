// The benchmark: see bench/run.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { obtainTokens } from '../tests/world/sign_in.mjs';
import { Visitor } from '../tests/world/visitor.mjs';
import { Program, World, chatelaine, freePort, root } from '../tests/world/world.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const turns = Number(process.argv[2] ?? 5);
const connections = 64;
const email = 'person@example.com';
const password = 'correct horse battery staple';
const redirect = 'https://assistant.example/callback';
// On the disk that the tree is on: where /tmp lies in memory, a durable write would cost nothing.
process.env.TMPDIR = join(root, 'build/bench');
mkdirSync(process.env.TMPDIR, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'chatelaine-bench-'));

/** CPU seconds that a process (all its threads) has used, to the nanosecond. */
function cpuSeconds(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]), 0) / 1e9;
}

// With two cores, servers that are measured have one, and what loads them or answers them the other: neither takes turns with the other. A load that waits
// for signatures shares the server's core, whose time alone is counted: it sleeps most of the time, and waking another core, if only once for the answers
// that leave together, costs the server a quarter of its time where that core is a virtual machine's.
const kMeasured = 0;
const kOthers = 1;
const onCore = (core, ...command) => (cpus().length > 1 ? ['taskset', '-c', String(core), ...command] : command);

/** Puts a load on `url` and gives successful answers a CPU second of `pid`. */
async function measure(name, pid, url, script, environment = {}, core = kOthers) {
  const before = cpuSeconds(pid);
  const [command, ...args] = onCore(core, 'wrk', '-t', '1', '-c', String(connections), '-d', '1s', '-s', join(here, script), url);
  const { stdout } = await promisify(execFile)(command, args, { env: { ...process.env, ...environment } });
  const used = cpuSeconds(pid) - before;
  const [, succeeded, failed] = stdout.match(/^result (\d+) (\d+)$/m) ?? assert.fail(stdout);
  assert.ok(Number(failed) <= Number(succeeded) * 0.001, `${name}: ${failed} of ${Number(succeeded) + Number(failed)} answers were wrong\n${stdout}`);
  return Number(succeeded) / used;
}

async function signaturesASecond() {
  const [command, ...args] = onCore(kMeasured, 'openssl', 'speed', '-seconds', '1', 'ecdsap256');
  const { stdout } = await promisify(execFile)(command, args);
  return Number(stdout.match(/\(nistp256\).*?([\d.]+)\s+[\d.]+\s*$/m)[1]);
}

const masters = [];
async function startNginx(conf, core) {
  const prefix = mkdtempSync(join(folder, 'nginx-'));
  writeFileSync(join(prefix, 'nginx.conf'), `daemon off;\nworker_processes 1;\npid ${prefix}/pid;\nerror_log ${prefix}/error.log;\nevents { worker_connections 1024; }
http { access_log off; keepalive_requests 1000000; client_body_temp_path ${prefix}; proxy_temp_path ${prefix}; fastcgi_temp_path ${prefix}; uwsgi_temp_path ${prefix}; scgi_temp_path ${prefix};\n${conf}\n}`);
  const [command, ...args] = onCore(core, 'nginx', '-e', join(prefix, 'error.log'), '-p', prefix, '-c', join(prefix, 'nginx.conf'));
  const master = spawn(command, args, { stdio: 'ignore' });
  masters.push(master);
  await new Promise((done) => setTimeout(done, 500));
  return Number(readFileSync(`/proc/${master.pid}/task/${master.pid}/children`, 'utf8').trim().split(' ')[0]);
}

/** Runs `work` `count` times, some at a time. */
async function repeat(count, work) {
  let begun = 0;
  await Promise.all(Array.from({ length: 16 }, async () => {
    while (begun++ < count) await work();
  }));
}

const median = (figures) => [...figures].sort((a, b) => a - b)[figures.length >> 1];
/** By name: the figures of all its turns, what it is compared with, and the ratio to reach. */
const measured = new Map();
function keep(name, figure, more = {}) {
  if (!measured.has(name)) measured.set(name, { figures: [], ...more });
  measured.get(name).figures.push(figure);
}

/** Measures one beside the other in turns of a second, since a machine is not as fast at every moment. `prepare` makes what each turn uses up. */
async function compare(beside, limit, name, load, { target, prepare } = {}) {
  for (let turn = 0; turn < turns; ++turn) {
    await prepare?.();
    keep(beside, await limit());
    keep(name, await load(), { beside, target });
  }
}

/** A line for each: the median of its turns, and its ratio to the median of what it is compared with. */
function describe([name, { figures, beside, target }]) {
  const figure = median(figures);
  const ratio = beside ? (figure / median(measured.get(beside).figures)).toFixed(2) : '';
  return { name, 'a CPU second': Math.round(figure).toLocaleString('en'), beside: beside ?? '', ratio, 'to reach': target?.toFixed(2) ?? '' };
}

let world;
try {
  const upstreamPort = await freePort();
  await startNginx(`server { listen 127.0.0.1:${upstreamPort}; location / { default_type text/plain; return 200 "hello"; } }`, kOthers);
  const barePort = await freePort();
  const bare = await startNginx(`server { listen 127.0.0.1:${barePort}; location / { default_type text/plain; return 200 "hello"; } }`, kMeasured);
  const proxyPort = await freePort();
  const proxy = await startNginx(`upstream api { server 127.0.0.1:${upstreamPort}; keepalive 64; keepalive_requests 1000000; }
server { listen 127.0.0.1:${proxyPort}; location / { proxy_pass http://api; proxy_http_version 1.1; proxy_set_header Connection ""; } }`, kMeasured);

  world = await World.start({ withHost: false, tokens: 'access_lifetime = "1h"\ncode_lifetime = "10m"', limits: 'calls_per_grant = "off"' });
  writeFileSync(world.config, readFileSync(world.config, 'utf8').replace(/^upstream = .*$/m, `upstream = "http://127.0.0.1:${upstreamPort}"`));
  await world.provider.stop();
  const [command, ...args] = onCore(kMeasured, chatelaine, 'serve', '--config', world.config);
  world.provider = new Program(command, args);
  await world.provider.ready;
  const { pid } = world.provider.child;
  const rssAtStart = Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;

  await world.addUser(email, password);
  const client = await world.command('client', 'add', 'Assistant', '--pkce', 'optional', '--redirect-uri', redirect, '--grant', 'authorization_code,refresh_token,client_credentials');
  const visitor = new Visitor();
  const sign = () => obtainTokens(world, client, { email, password, redirect, visitor });
  const { access_token } = await sign();
  const credentials = { CLIENT_ID: client.client_id, CLIENT_SECRET: client.client_secret, TOKEN: access_token };
  const base = `http://${world.listen}`;
  const token = `${base}/oauth/token`;

  const plain = () => measure('nginx return 200', bare, `http://127.0.0.1:${barePort}/todos`, 'get.lua', credentials);
  await compare('nginx: return 200', plain, 'introspection', () => measure('introspection', pid, `${base}/oauth/introspect`, 'introspect.lua', credentials), { target: 0.7 });
  const proxied = () => measure('nginx proxy_pass', proxy, `http://127.0.0.1:${proxyPort}/todos`, 'get.lua', credentials);
  await compare('nginx: proxy_pass', proxied, 'gateway call', () => measure('gateway', pid, `${base}/todos`, 'get.lua', credentials), { target: 0.8 });

  const speed = 'openssl speed: ES256 signatures';
  await compare(speed, signaturesASecond, 'client_credentials (ES256)', () => measure('client_credentials', pid, token, 'client_credentials.lua', credentials, kMeasured), { target: 0.4 });

  const seeds = join(folder, 'seeds');
  const refresh = () => measure('refresh', pid, token, 'refresh.lua', { ...credentials, SEEDS: seeds }, kMeasured);
  const grant = async () => {
    const tokens = [];
    await repeat(connections * 2, async () => tokens.push((await sign()).refresh_token));
    writeFileSync(seeds, tokens.join('\n'));
  };
  await compare(speed, signaturesASecond, 'durable refresh', refresh, { target: 0.25, prepare: grant });

  const url = `${base}/oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope: '' })}`;
  const exchange = () => measure('code exchange', pid, token, 'code.lua', { ...credentials, SEEDS: seeds, REDIRECT_URI: redirect }, kMeasured);
  const authorize = async () => {
    const codes = [];
    await repeat(6000, async () => codes.push(new URL((await visitor.get(url)).location).searchParams.get('code')));
    writeFileSync(seeds, codes.join('\n'));
  };
  await compare(speed, signaturesASecond, 'durable code exchange', exchange, { prepare: authorize });

  console.log(`${cpus().length} cores, ${connections} connections, ${turns} turns of a second each, one client thread; the server on one core, the rest on the other, but for loads that wait for signatures. Requests a CPU second of the server process:\n`);
  const rows = [...measured].map(describe);
  const columns = Object.keys(rows[0]);
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => row[column].length)));
  const line = (cells) => cells.map((cell, i) => (i === 0 || i === 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ').trimEnd();
  console.log(line(columns));
  for (const row of rows) console.log(line(columns.map((column) => row[column])));

  const starts = [];
  for (let i = 0; i < 10; ++i) {
    await world.provider.stop();
    const begin = process.hrtime.bigint();
    world.provider = new Program(chatelaine, ['serve', '--config', world.config]);
    for (;;) {
      const answered = await fetch(`${base}/healthz`).then(({ ok }) => ok, () => false);
      if (answered) break;
      await new Promise((done) => setTimeout(done, 1));
    }
    starts.push(Number(process.hrtime.bigint() - begin) / 1e6);
    await world.provider.ready;
  }
  starts.sort((a, b) => a - b);
  console.log(`\nidle memory ${rssAtStart.toFixed(1)} MB (to reach: 20); start to first answer ${starts[5].toFixed(0)} ms, the median of ten (to reach: 50)`);
} finally {
  for (const master of masters) master.kill('SIGTERM');
  await world?.stop();
  rmSync(folder, { recursive: true, force: true });
}
