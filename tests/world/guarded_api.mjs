// An API that a proxy of somebody else's guards by asking at /oauth/check, and who calls it.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { obtainTokens as obtain } from './sign_in.mjs';
import { World } from './world.mjs';

export const person = { email: 'person@example.com', password: 'correct horse battery staple', redirect: 'https://assistant.example/callback' };
export const identity = ['chatelaine-subject', 'chatelaine-client', 'chatelaine-scope', 'chatelaine-grant', 'chatelaine-assertion'];

/** A world whose provider has no upstream: what reaches the API comes through somebody else's proxy, and stands in world.apiTap. */
export async function startWorld() {
  const world = await World.start({ withHost: false, tapApi: true, hasUpstream: false, top: 'trusted_proxies = ["127.0.0.1"]', api: 'check = true' });
  await world.addUser(person.email, person.password, '--subject', 'user-1');
  const client = await world.command('client', 'add', 'Assistant', '--pkce', 'optional', '--redirect-uri', person.redirect);
  const [reader, writer] = [await obtain(world, client, { ...person, scope: 'todos.read' }), await obtain(world, client, person)];
  return { world, client, reader: reader.access_token, writer: writer.access_token, refresh: writer.refresh_token };
}

/** An API that speaks through whatever it is asked to upgrade to, and says every byte again; `seen` has the headers of the calls. */
export async function startEcho() {
  const seen = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    response.end('no tunnel');
  });
  server.on('upgrade', (request, socket) => {
    seen.push(request.headers);
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.on('error', () => socket.destroy()).pipe(socket);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return { seen, authority: `127.0.0.1:${server.address().port}`, close };
}

/** What comes back for `bytes`, and for `after` them once an answer has begun, until `last` has come or the connection is closed. */
export function talk(port, bytes, after, last) {
  return new Promise((done, fail) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.once('data', () => socket.write(after));
    socket.on('data', (data) => {
      text += data;
      if (text.includes(last)) socket.destroy();
    });
    socket.on('error', fail).on('close', () => done(text));
  });
}

export const authorityOf = (url) => url.replace('http://', '');
export const revoke = async (world, client, token) => {
  const answer = await fetch(`${world.issuer}/oauth/revoke`, { method: 'POST', body: new URLSearchParams({ token, client_id: client.client_id, client_secret: client.client_secret }) });
  assert.equal(answer.status, 200);
};
