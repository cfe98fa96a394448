// Clients that are slow on purpose (THREATS L13): connections whose header, whose body or whose everything never comes, while honest requests
// are all answered in time. Some hundreds for a few seconds by default; CHATELAINE_FAULTS=long keeps thousands for two minutes and checks
// that they are shed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { World } from '../world/world.mjs';

const isLong = process.env.CHATELAINE_FAULTS === 'long';
const each = isLong ? 2_000 : 150;
const lasts = isLong ? 120_000 : 4_000;
const kinds = {
  header: { begin: 'GET /healthz HTTP/1.1\r\nHost: x\r\nX: ', drip: 'a', shedWithin: 30_000 },
  body: { begin: 'POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n', drip: 'a', shedWithin: 65_000 },
  idle: { begin: '', drip: '', shedWithin: 30_000 },
};

const megabytes = (pid) => Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;

describe(`${each} slow connections of each kind, ${lasts / 1000} s`, () => {
  let world;

  before(async () => (world = await World.start({ withHost: false })));
  after(() => world?.stop());

  test('keep no honest request from its answer', async () => {
    const [host, port] = world.listen.split(':');
    const before = megabytes(world.provider.child.pid);
    const slow = [];
    for (const [kind, { begin, drip }] of Object.entries(kinds)) {
      for (let i = 0; i < each; ++i) {
        const entry = { kind, drip, begun: Date.now(), socket: connect(Number(port), host) };
        entry.socket.on('connect', () => entry.socket.write(begin));
        entry.socket.on('error', () => {});
        entry.socket.on('data', () => {});
        entry.socket.on('close', () => (entry.lived = Date.now() - entry.begun));
        slow.push(entry);
      }
      await sleep(50);
    }
    const dripping = setInterval(() => {
      for (const { socket, drip } of slow) if (drip && socket.writable) socket.write(drip);
    }, 1_000);

    const times = [];
    for (const end = Date.now() + lasts; Date.now() < end; await sleep(20)) {
      const begun = performance.now();
      const answer = await fetch(`http://${world.listen}/healthz`, { headers: { connection: 'close' } });
      assert.equal(answer.status, 200);
      await answer.arrayBuffer();
      times.push(performance.now() - begun);
    }
    const grown = megabytes(world.provider.child.pid) - before;
    clearInterval(dripping);
    times.sort((a, b) => a - b);
    const p99 = times[Math.floor(times.length * 0.99)];
    assert.ok(times.length > lasts / 200 && p99 < 1_000, `${times.length} answers, the slowest ${p99} ms`);
    if (isLong) {
      for (const [kind, { shedWithin }] of Object.entries(kinds)) {
        const ours = slow.filter((entry) => entry.kind === kind);
        assert.ok(ours.every(({ lived }) => lived <= shedWithin), `${kind}: ${ours.filter(({ lived }) => !(lived <= shedWithin)).length} were not shed within ${shedWithin} ms`);
      }
      // Sanitizers keep what was freed; without them the promise is 50 MB.
      if (process.env.CHATELAINE_PRESET === 'release') assert.ok(grown <= 50, `${grown} MB`);
    }
    for (const { socket } of slow) socket.destroy();
  });
});
