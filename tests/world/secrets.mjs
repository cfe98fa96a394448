// What must stand in no log (THREATS N47): every value that went by on a tap under a name, or in a header, that carries secrets.

/** Parameters, and members of JSON, whose values are secrets. */
const names = new Set([
  'password', 'current_password', 'new_password', 'form_token', 'link', 'ticket', 'client_secret', 'client_assertion', 'code', 'code_verifier', 'refresh_token', 'access_token', 'token', 'device_code', 'user_code',
  'id_token', 'id_token_hint', 'request_uri', 'registration_access_token', 'initial_access_token',
]);
/** Parameters whose value is an address or a query of ours with parameters of its own. */
const wrappers = new Set(['return_to', 'request', 'verification_uri_complete']);
/** What is shorter is a test's `x`, and stands in many a word. */
const shortest = 8;

/** Texts of the form of our own secrets, and JWTs. */
export function secretsIn(text) {
  return [...text.matchAll(/ctl_(?:at|rt|ac|cs|dc|it|pr|ra|se|ol|st|ct)_[A-Za-z0-9_-]{20,}|eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+/g)].map(([secret]) => secret);
}

/** The secrets in what a tap saw: each with its kinds, the names under which it went by. */
export function secretsOf(entries) {
  const found = new Map();
  const add = (kind, value) => typeof value === 'string' && value.length >= shortest && found.set(value, (found.get(value) ?? new Set()).add(kind));
  const addParameters = (text) => {
    for (const [name, value] of new URLSearchParams(text)) addNamed(name, value);
  };
  const addUrl = (url) => url.includes('?') && addParameters(url.slice(url.indexOf('?') + 1).split('#')[0]);
  const addNamed = (name, value) => {
    if (names.has(name)) add(name, value);
    if (wrappers.has(name)) value.includes('?') ? addUrl(value) : addParameters(value);
  };
  const addMembers = (value) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, member] of Object.entries(value)) typeof member === 'string' ? addNamed(name, member) : addMembers(member);
  };
  const addBody = (text, isForm) => {
    try {
      if (/^\s*[[{]/.test(text)) addMembers(JSON.parse(text));
      else if (isForm) addParameters(text);
    } catch {
      // A body that breaks off: what it had begun to say is looked for by its form.
    }
  };
  const addCredentials = (header) => {
    const [scheme, value] = header.split(/\s+(.*)/);
    add(scheme, value);
    if (/^basic$/i.test(scheme)) add(scheme, decodeURIComponent(Buffer.from(value ?? '', 'base64').toString().replace(/^[^:]*:/, '').replace(/%(?![0-9a-f]{2})/gi, '%25')));
  };
  const addCookie = (pair) => {
    const [name, value] = pair.split(/=(.*)/);
    add(name.trim(), value?.trim());
  };
  for (const { url, headers, body, answer, answerHeaders = {} } of entries) {
    addUrl(url);
    addBody(body, true);
    addBody(answer, false);
    addUrl(answerHeaders.location ?? '');
    if (headers.authorization) addCredentials(headers.authorization);
    add('chatelaine-assertion', headers['chatelaine-assertion']);
    (headers.cookie ?? '').split(';').forEach(addCookie);
    (answerHeaders['set-cookie'] ?? []).map((line) => line.split(';')[0]).forEach(addCookie);
  }
  return found;
}

/** How a secret could be written: as it is, in a query, in a form, without what a reader may leave out; of a JWT the signature is enough. */
function spellings(secret, kinds) {
  const all = [secret, encodeURIComponent(secret), new URLSearchParams({ '': secret }).toString().slice(1)];
  if (kinds.has('user_code')) all.push(secret.replaceAll('-', ''), secret.replaceAll('-', '').toUpperCase());
  if (/^eyJ.*\..*\./.test(secret)) all.push(secret.split('.')[2]);
  return all.filter((text) => text.length >= shortest);
}

const lineOf = (log, text) => log.slice(log.lastIndexOf('\n', log.indexOf(text)) + 1).split('\n')[0];

/** Where these secrets stand in a text: `kinds: line`. Others may: a command prints what it has made. */
export function findValues(text, secrets) {
  return [...secrets].flatMap(([secret, kinds]) => spellings(secret, kinds).filter((value) => text.includes(value)).map((value) => `${[...kinds]}: ${lineOf(text, value)}`));
}

/** Where secrets stand in a log, these or any of our form: `kinds: line`. */
export function findSecrets(log, secrets) {
  const byForm = secretsIn(log).map((secret) => `by its form: ${lineOf(log, secret)}`);
  return [...new Set([...byForm, ...findValues(log, secrets)])];
}
