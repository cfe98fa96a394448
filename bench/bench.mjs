// The benchmark: see bench/run.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { obtainTokens } from '../tests/world/sign_in.mjs';
import { Visitor } from '../tests/world/visitor.mjs';
import { Program, World, chatelaine, freePort, root } from '../tests/world/world.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const seconds = Number(process.argv[2] ?? 5);
const connections = 64;
const ticks = Number(execFileSync('getconf', ['CLK_TCK']));
const email = 'person@example.com';
const password = 'correct horse battery staple';
const redirect = 'https://assistant.example/callback';
// On the disk that the tree is on: where /tmp lies in memory, a durable write would cost nothing.
process.env.TMPDIR = join(root, 'build/bench');
mkdirSync(process.env.TMPDIR, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'chatelaine-bench-'));

/** CPU seconds that a process (all its threads) has used. */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}

/** With two cores, servers that are measured have one, and what loads them or answers them the other: neither takes turns with the other. */
function pin(pid, core) {
  if (cpus().length > 1) execFileSync('taskset', ['-apc', String(core), String(pid)], { stdio: 'ignore' });
}
const kMeasured = 0;
const kOthers = 1;

/** Puts a load on `url` and gives successful answers a CPU second of `pid`. */
async function measure(name, pid, url, script, environment = {}) {
  const before = cpuSeconds(pid);
  const args = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '-s', join(here, script), url];
  const { stdout } = await promisify(execFile)(cpus().length > 1 ? 'taskset' : 'wrk', cpus().length > 1 ? ['-c', String(kOthers), 'wrk', ...args] : args, { env: { ...process.env, ...environment } });
  const used = cpuSeconds(pid) - before;
  const [, succeeded, failed] = stdout.match(/^result (\d+) (\d+)$/m) ?? assert.fail(stdout);
  assert.ok(Number(failed) <= Number(succeeded) * 0.001, `${name}: ${failed} of ${Number(succeeded) + Number(failed)} answers were wrong\n${stdout}`);
  return Number(succeeded) / used;
}

async function startNginx(conf, core) {
  const prefix = mkdtempSync(join(folder, 'nginx-'));
  writeFileSync(join(prefix, 'nginx.conf'), `daemon off;\nworker_processes 1;\npid ${prefix}/pid;\nerror_log ${prefix}/error.log;\nevents { worker_connections 1024; }
http { access_log off; keepalive_requests 1000000; client_body_temp_path ${prefix}; proxy_temp_path ${prefix}; fastcgi_temp_path ${prefix}; uwsgi_temp_path ${prefix}; scgi_temp_path ${prefix};\n${conf}\n}`);
  const master = spawn('nginx', ['-e', join(prefix, 'error.log'), '-p', prefix, '-c', join(prefix, 'nginx.conf')], { stdio: 'ignore' });
  await new Promise((done) => setTimeout(done, 500));
  const worker = Number(readFileSync(`/proc/${master.pid}/task/${master.pid}/children`, 'utf8').trim().split(' ')[0]);
  pin(worker, core);
  return { pid: worker, stop: () => master.kill('SIGTERM') };
}

/** Runs `work` `count` times, some at a time. */
async function repeat(count, work) {
  let begun = 0;
  await Promise.all(Array.from({ length: 16 }, async () => {
    while (begun++ < count) await work();
  }));
}

const rows = [];
const show = (name, figure, against, base, target) => {
  rows.push({
    name, 'a CPU second': Math.round(figure).toLocaleString('en'), beside: against ?? '', ratio: base ? (figure / base).toFixed(2) : '', 'to reach': target?.toFixed(2) ?? '',
  });
};

const upstreamPort = await freePort();
const upstream = await startNginx(`server { listen 127.0.0.1:${upstreamPort}; location / { default_type text/plain; return 200 "hello"; } }`, kOthers);
const barePort = await freePort();
const proxyPort = await freePort();
const proxy = await startNginx(`upstream api { server 127.0.0.1:${upstreamPort}; keepalive 64; keepalive_requests 1000000; }
server { listen 127.0.0.1:${proxyPort}; location / { proxy_pass http://api; proxy_http_version 1.1; proxy_set_header Connection ""; } }`, kMeasured);

const world = await World.start({ withHost: false, api: 'unlisted = "allow"', tokens: 'access_lifetime = "1h"\ncode_lifetime = "10m"' });
try {
  writeFileSync(world.config, readFileSync(world.config, 'utf8').replace(/^upstream = .*$/m, `upstream = "http://127.0.0.1:${upstreamPort}"`));
  await world.provider.stop();
  await world.startProvider();
  const { pid } = world.provider.child;
  pin(pid, kMeasured);
  const rssAtStart = Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;

  await world.addUser(email, password);
  const client = await world.command('client', 'add', 'Assistant', '--pkce', 'optional', '--redirect-uri', redirect, '--grant', 'authorization_code,refresh_token,client_credentials');
  const visitor = new Visitor();
  const sign = () => obtainTokens(world, client, { email, password, redirect, visitor });
  const { access_token } = await sign();
  const credentials = { CLIENT_ID: client.client_id, CLIENT_SECRET: client.client_secret, TOKEN: access_token };
  const base = `http://${world.listen}`;

  const signs = Number(execFileSync('openssl', ['speed', '-seconds', '3', 'ecdsap256'], { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' }).match(/\(nistp256\).*?([\d.]+)\s+[\d.]+\s*$/m)[1]);
  show('openssl speed: ES256 signatures', signs);
  const bare = await startNginx(`server { listen 127.0.0.1:${barePort}; location / { default_type text/plain; return 200 "hello"; } }`, kMeasured);
  const plain = await measure('nginx return 200', bare.pid, `http://127.0.0.1:${barePort}/`, 'get.lua', credentials);
  bare.stop();
  show('nginx: return 200', plain);
  const proxied = await measure('nginx proxy_pass', proxy.pid, `http://127.0.0.1:${proxyPort}/`, 'get.lua', credentials);
  show('nginx: proxy_pass', proxied);
  show('introspection', await measure('introspection', pid, `${base}/oauth/introspect`, 'introspect.lua', credentials), 'nginx: return 200', plain, 0.7);
  show('gateway call', await measure('gateway', pid, `${base}/hello`, 'get.lua', credentials), 'nginx: proxy_pass', proxied, 0.8);
  show('client_credentials (ES256)', await measure('client_credentials', pid, `${base}/oauth/token`, 'client_credentials.lua', credentials), 'openssl speed', signs, 0.4);

  const seeds = [];
  await repeat(connections * 2, async () => seeds.push((await sign()).refresh_token));
  writeFileSync(join(folder, 'refresh'), seeds.join('\n'));
  show('durable refresh', await measure('refresh', pid, `${base}/oauth/token`, 'refresh.lua', { ...credentials, SEEDS: join(folder, 'refresh') }), 'openssl speed', signs, 0.25);

  const codes = [];
  const url = `${base}/oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope: '' })}`;
  await repeat(seconds * 8000, async () => codes.push(new URL((await visitor.get(url)).location).searchParams.get('code')));
  writeFileSync(join(folder, 'codes'), codes.join('\n'));
  show('durable code exchange', await measure('code exchange', pid, `${base}/oauth/token`, 'code.lua', { ...credentials, SEEDS: join(folder, 'codes'), REDIRECT_URI: redirect }), 'openssl speed', signs);

  console.log(`${cpus().length} cores, ${connections} connections, ${seconds} s a load, one client thread; the server on one core, the rest on the other. Requests a CPU second of the server process:\n`);
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
  upstream.stop();
  proxy.stop();
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
}
