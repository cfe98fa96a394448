// Lets people in: what BrokenProvider refuses without, it answers with these routes, soundly, unless a manner says otherwise. One person, one tool, one API.
import { createHash, createPublicKey, randomUUID, verify } from 'node:crypto';

export const person = { user: 'person@example.com', password: 'correct horse battery staple' };
/** A client that was added by hand, at the redirect URIs that the profiles' examples show. */
export const client = { id: 'todo-client', secret: 'todo-client-secret-0123456789' };

const asJson = { 'content-type': 'application/json', 'cache-control': 'no-store', 'access-control-allow-origin': '*' };
const json = (status, value, headers = {}) => ({ status, headers: { ...asJson, ...headers }, body: JSON.stringify(value) });
const refuse = (status, error, error_description = '') => json(status, { error, ...error_description && { error_description } });
const page = (status, title, body) => ({ status, headers: { 'content-type': 'text/html', 'content-security-policy': "frame-ancestors 'none'" }, body: `<!doctype html><title>${title}</title>${body}` });
const goTo = (location, headers = {}) => ({ status: 303, headers: { location, ...headers }, body: '' });
const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const hide = (query) => [...query].map(([name, value]) => `<input type="hidden" name="${name}" value="${escape(value)}">`).join('');

/** What a server does well, each to be put in the place of by a fault. */
const goodManners = {
  state: (state) => state,
  iss: (issuer) => issuer,
  takesRedirectUri: () => true,
  needsPkce: false,
  needsScope: false,
  tokens: (answer) => answer,
  /** Whether a refresh token that was just used is answered with its successor; else all that came of it is revoked. */
  forgivesReplays: true,
  takesToken: true,
  endsTokens: true,
  revokes: true,
  voidError: ['invalid_grant', 400],
  needsRedirectUriAtExchange: false,
  tokenDelay: 0,
  lifetime: 3600,
  registers: true,
  /** What a DELETE of a client that registered itself is answered with (RFC 7592 §2.3); nothing: clients are not managed. */
  deletes: 204,
  tools: [{ name: 'list', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } }],
};

export function letIn(provider, manners = {}) {
  const { routes, url } = provider;
  const manner = { ...goodManners, ...manners };
  const codes = new Map();
  const refreshTokens = new Map();
  const accessTokens = new Map();
  const registered = new Map();
  const refusing = { authorize: routes.get('GET /oauth/authorize'), token: routes.get('POST /oauth/token'), register: routes.get('POST /oauth/register'), mcp: routes.get('POST /mcp') };

  const isKnown = (id) => id === client.id || registered.has(id) || /^https?:\/\//.test(id ?? '');
  const queryOf = (request) => new URL(request.url, url).searchParams;
  /** The page that keeps somebody from signing in, or nothing. */
  const findObstacle = (query) => {
    if (!isKnown(query.get('client_id')) || query.get('client_id').includes('unknown')) return refusing.authorize;
    const redirect = query.get('redirect_uri');
    if (!redirect || !manner.takesRedirectUri(redirect)) return page(400, 'Error', '<p>This redirect_uri is not registered.</p>');
    const back = (error, error_description) => goTo(`${redirect}?${new URLSearchParams({ error, error_description, state: query.get('state') ?? '', iss: url })}`);
    if (manner.needsPkce && !query.get('code_challenge')) return back('invalid_request', 'code_challenge is required');
    if (manner.needsScope && !query.get('scope')) return back('invalid_scope', 'no scope was asked for');
    return undefined;
  };
  const signIn = (query, alert = '') =>
    page(200, 'Sign in', `${alert && `<p role="alert">${alert}</p>`}<form method="post" action="/sign-in">${hide(query)}<input name="user_email"><input type="password" name="user_password"><button>Log in</button></form>`);

  routes.set('GET /oauth/authorize', (request) => findObstacle(queryOf(request)) ?? signIn(queryOf(request)));
  routes.set('POST /sign-in', (request, body) => {
    const query = new URLSearchParams(body);
    const [user, password] = [query.get('user_email'), query.get('user_password')];
    query.delete('user_email');
    query.delete('user_password');
    if (user !== person.user || password !== person.password) return signIn(query, 'That is not right.');
    return goTo(`/may?${query}`, { 'set-cookie': 'who=person; Path=/; HttpOnly' });
  });
  routes.set('GET /may', (request) => {
    if (!(request.headers.cookie ?? '').includes('who=person')) return goTo(`/oauth/authorize?${queryOf(request)}`);
    return page(200, 'May it?', `<form method="post" action="/may">${hide(queryOf(request))}<button name="answer" value="0">Cancel</button><button name="answer" value="1">Authorize access</button></form>`);
  });
  routes.set('POST /may', (request, body) => {
    const query = new URLSearchParams(body);
    const code = `code-${randomUUID()}`;
    if (query.get('answer') !== '1') return goTo(`${query.get('redirect_uri')}?error=access_denied`);
    codes.set(code, query);
    const answer = new URLSearchParams({ code });
    const state = query.has('state') ? manner.state(query.get('state')) : undefined;
    if (state !== undefined) answer.set('state', state);
    const iss = manner.iss(url);
    if (iss !== undefined) answer.set('iss', iss);
    return goTo(`${query.get('redirect_uri')}?${answer}`);
  });

  const issue = (grant) => {
    const [access, refresh] = [`access-${randomUUID()}`, `refresh-${randomUUID()}`];
    accessTokens.set(access, { grant, end: Date.now() + manner.lifetime * 1000 });
    refreshTokens.set(refresh, { grant });
    const answer = manner.tokens({ access_token: access, token_type: 'Bearer', expires_in: manner.lifetime, refresh_token: refresh });
    return answer;
  };
  const redeem = (fields) => {
    const query = codes.get(fields.get('code'));
    if (!query) return refuse(400, 'invalid_grant', 'unknown code');
    if (fields.get('redirect_uri') === null && manner.needsRedirectUriAtExchange) return refuse(400, 'invalid_grant', 'redirect_uri is missing');
    if (fields.get('redirect_uri') !== null && fields.get('redirect_uri') !== query.get('redirect_uri')) return refuse(400, 'invalid_grant', 'another redirect_uri');
    const challenge = query.get('code_challenge');
    const proof = createHash('sha256').update(fields.get('code_verifier') ?? '').digest('base64url');
    if (challenge && challenge !== proof) return refuse(400, 'invalid_grant', 'wrong code_verifier');
    codes.delete(fields.get('code'));
    return json(200, issue({ isRevoked: false }));
  };
  const rotate = (fields) => {
    const token = refreshTokens.get(fields.get('refresh_token'));
    if (!token || token.grant.isRevoked) return refuse(manner.voidError[1], manner.voidError[0]);
    if (token.successor && !manner.forgivesReplays) {
      token.grant.isRevoked = true;
      return refuse(400, 'invalid_grant', 'the refresh token was used before');
    }
    token.successor ??= issue(token.grant);
    return json(200, token.successor);
  };
  const credentialsOf = (request, fields) => {
    const basic = /^Basic (.*)$/.exec(request.headers.authorization ?? '');
    if (!basic) return [fields.get('client_id'), fields.get('client_secret') ?? undefined];
    return Buffer.from(basic[1], 'base64').toString().split(':').map(decodeURIComponent);
  };
  const usedProofs = new Set();
  /** RFC 7523 §3: signed by the key that the client registered, for this server, for a while, and never seen before. */
  const isProven = (assertion, id) => {
    const [head, claims, signature] = assertion.split('.');
    const said = JSON.parse(Buffer.from(claims, 'base64url').toString());
    const key = createPublicKey({ key: registered.get(id).jwks.keys[0], format: 'jwk' });
    const isSigned = verify('sha256', Buffer.from(`${head}.${claims}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
    const isFresh = !usedProofs.has(said.jti) && said.exp * 1000 > Date.now();
    usedProofs.add(said.jti);
    return isSigned && isFresh && said.aud === url && said.iss === id && said.sub === id;
  };
  routes.set('POST /oauth/token', (request, body) => {
    const isJson = (request.headers['content-type'] ?? '').startsWith('application/json');
    const fields = isJson ? new URLSearchParams(JSON.parse(body || '{}')) : new URLSearchParams(body);
    const grantType = fields.get('grant_type');
    if (grantType !== 'authorization_code' && grantType !== 'refresh_token') return refusing.token(request, body);
    const [id, secret] = credentialsOf(request, fields);
    const expected = id === client.id ? client.secret : registered.get(id)?.client_secret;
    const hasKey = registered.get(id)?.token_endpoint_auth_method === 'private_key_jwt';
    if (hasKey && !isProven(fields.get('client_assertion') ?? '..', id)) return refuse(401, 'invalid_client', `the assertion of ${id} is wrong`);
    if (!isKnown(id) || secret !== expected) return refuse(401, 'invalid_client', `the secret of ${id} is wrong`);
    return grantType === 'refresh_token' ? rotate(fields) : redeem(fields);
  });
  routes.set('POST /oauth/revoke', (request, body) => {
    const fields = new URLSearchParams(body);
    if (!fields.get('token')) return refuse(400, 'invalid_request');
    const token = refreshTokens.get(fields.get('token'));
    if (token && manner.revokes) token.grant.isRevoked = true;
    return json(200, {});
  });
  routes.set('POST /oauth/register', (request, body) => {
    const wanted = body.trim().startsWith('{') ? JSON.parse(body) : undefined;
    if (!wanted || !manner.registers) return refusing.register;
    const made = { ...wanted, client_id: `made-${randomUUID()}` };
    registered.set(made.client_id, made);
    if (!manner.deletes) return json(201, made);
    const token = `registration-${randomUUID()}`;
    const path = `/oauth/register/${made.client_id}`;
    routes.set(`DELETE ${path}`, (deletion) => {
      if (deletion.headers.authorization !== `Bearer ${token}`) return json(401, { error: 'invalid_token' });
      if (manner.deletes !== 204) return json(manner.deletes, { error: 'access_denied', error_description: 'clients are here to stay' });
      registered.delete(made.client_id);
      return { status: 204, headers: {}, body: '' };
    });
    return json(201, { ...made, registration_client_uri: `${url}${path}`, registration_access_token: token });
  });

  const isGood = (request) => {
    const token = accessTokens.get(/^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1]);
    if (!token || !manner.takesToken) return false;
    return !manner.endsTokens || (!token.grant.isRevoked && token.end > Date.now());
  };
  const challenge = { 'www-authenticate': 'Bearer error="invalid_token", error_description="audience is wrong"' };
  routes.set('GET /todos', (request) => (isGood(request) ? json(200, []) : json(401, { error: 'invalid_token' }, challenge)));
  const answerMessage = (request, body) => {
    if (!request.headers.authorization) return refusing.mcp;
    if (!isGood(request)) return json(401, { error: 'invalid_token' }, { ...refusing.mcp.headers, ...challenge });
    const message = JSON.parse(body);
    if (message.id === undefined) return { status: 202, headers: {}, body: '' };
    const results = {
      initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'todo', version: '1' } },
      'tools/list': { tools: manner.tools },
      'tools/call': { content: [] },
    };
    const answer = JSON.stringify({ jsonrpc: '2.0', id: message.id, result: results[message.method] });
    return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: `event: message\ndata: ${answer}\n\n` };
  };
  // A fault may take headers of the refusal away.
  answerMessage.headers = refusing.mcp.headers;
  routes.set('POST /mcp', answerMessage);
}
