#!/usr/bin/env node
// A to-do list API, as somebody might have it before any assistant came along: plain HTTP on loopback, each person's lists apart.
//
// It knows nothing of OAuth. Chatelaine stands in front of it and hands it, with each call, a short-lived JWT that says for whom the call is
// (`Chatelaine-Assertion`). Checking that signature is all an API must do; the lines that do it are in `identify`.
//
//   node server.mjs --listen 127.0.0.1:5003 --issuer http://127.0.0.1:8080
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    listen: { type: 'string', default: '127.0.0.1:5003' },
    issuer: { type: 'string', default: 'http://127.0.0.1:8080' },
    resource: { type: 'string' },
  },
});
const issuer = options.issuer;
const audience = options.resource ?? issuer;
const mostBytes = 64 * 1024;

// --- Who is calling -------------------------------------------------------------------------------------------------

let keys = new Map();

async function findKey(kid) {
  if (!keys.has(kid)) {
    const answer = await fetch(`${issuer}/oauth/jwks`);
    const { keys: published } = await answer.json();
    keys = new Map(published.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]));
  }
  return keys.get(kid);
}

const decode = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());

/** The claims of a valid assertion, or nothing. */
async function identify(request) {
  const parts = (request.headers['chatelaine-assertion'] ?? '').split('.');
  if (parts.length !== 3) return undefined;
  try {
    const header = decode(parts[0]);
    const claims = decode(parts[1]);
    const key = header.alg === 'ES256' ? await findKey(header.kid) : undefined;
    const signed = Buffer.from(`${parts[0]}.${parts[1]}`);
    const signature = Buffer.from(parts[2], 'base64url');
    const genuine = key && verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
    const meant = claims.iss === issuer && claims.aud === audience && claims.exp > Date.now() / 1000;
    return genuine && meant ? claims : undefined;
  } catch {
    return undefined;
  }
}

// --- The lists ------------------------------------------------------------------------------------------------------

/** subject → { next, todos: Map(id → {id, text, done}), listeners: Set(response) } */
const people = new Map();

function listOf(subject) {
  if (!people.has(subject)) people.set(subject, { next: 1, todos: new Map(), listeners: new Set() });
  return people.get(subject);
}

function tell(list, event, todo) {
  for (const listener of list.listeners) listener.write(`event: ${event}\ndata: ${JSON.stringify(todo)}\n\n`);
}

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function readTodo(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > mostBytes) throw new Refused(413, `The body is larger than ${mostBytes} bytes.`);
    chunks.push(chunk);
  }
  let body;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new Refused(400, 'The body must be JSON, such as {"text": "Buy milk"}.');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refused(400, 'The body must be a JSON object.');
  if ('text' in body && (typeof body.text !== 'string' || body.text.trim() === '')) throw new Refused(400, '"text" must be a non-empty string.');
  if ('done' in body && typeof body.done !== 'boolean') throw new Refused(400, '"done" must be true or false.');
  return body;
}

function findTodo(list, id) {
  const todo = list.todos.get(Number(id));
  if (!todo) throw new Refused(404, `There is no to-do ${id}.`);
  return todo;
}

const operations = {
  async 'GET /todos'({ list, url }) {
    const todos = [...list.todos.values()];
    const done = url.searchParams.get('done');
    return [200, { todos: done === null ? todos : todos.filter((todo) => String(todo.done) === done) }];
  },
  async 'POST /todos'({ list, request }) {
    const { text, done = false } = await readTodo(request);
    if (text === undefined) throw new Refused(400, '"text" is missing.');
    const todo = { id: list.next++, text, done };
    list.todos.set(todo.id, todo);
    tell(list, 'added', todo);
    return [201, todo];
  },
  async 'GET /todos/{id}'({ list, id }) {
    return [200, findTodo(list, id)];
  },
  async 'PATCH /todos/{id}'({ list, id, request }) {
    const todo = findTodo(list, id);
    const { text = todo.text, done = todo.done } = await readTodo(request);
    Object.assign(todo, { text, done });
    tell(list, 'changed', todo);
    return [200, todo];
  },
  async 'DELETE /todos/{id}'({ list, id }) {
    const todo = findTodo(list, id);
    list.todos.delete(todo.id);
    tell(list, 'deleted', todo);
    return [200, todo];
  },
};

// --- HTTP -----------------------------------------------------------------------------------------------------------

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

function stream(response, list) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(`event: hello\ndata: {"todos":${list.todos.size}}\n\n`);
  list.listeners.add(response);
  response.on('close', () => list.listeners.delete(response));
}

async function answer(request, response) {
  const url = new URL(request.url, 'http://api.invalid');
  if (request.method === 'GET' && url.pathname === '/logo.svg') {
    response.writeHead(200, { 'content-type': 'image/svg+xml' });
    return response.end(readFileSync(new URL('logo.svg', import.meta.url)));
  }
  if (request.method === 'GET' && url.pathname === '/legal') {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
    return response.end('An example. It keeps to-dos in memory until it stops, and promises nothing.\n');
  }
  const claims = await identify(request);
  if (!claims) return send(response, 401, { error: 'This API is called through Chatelaine: the Chatelaine-Assertion header is missing or not valid.' });
  const list = listOf(claims.sub);
  if (request.method === 'GET' && url.pathname === '/todos/events') return stream(response, list);

  const [, id] = url.pathname.match(/^\/todos\/(\d+)$/) ?? [];
  const operation = operations[`${request.method} ${id ? '/todos/{id}' : url.pathname}`];
  if (!operation) return send(response, 404, { error: `There is no ${request.method} ${url.pathname}; openapi.yaml lists what there is.` });
  const [status, body] = await operation({ list, id, url, request });
  return send(response, status, body);
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    if (!(error instanceof Refused)) console.error(error);
    if (!response.headersSent) send(response, error.status ?? 500, { error: error.status ? error.message : 'Something broke here.' });
  });
});

const [host, port] = options.listen.split(/:(?=\d+$)/);
server.listen(Number(port), host, () => console.log(`ready http://${host}:${server.address().port}`));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
