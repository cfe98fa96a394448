// The modules of the OpenID Foundation's conformance suite (plans Basic OP, Form Post OP, Config OP, RP-Initiated Logout OP), each as a test of our own under
// the module's name. docs/conformance.md says what each module asserts and where we differ on purpose.
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { byPost, RelyingParty } from '../world/relying_party.mjs';
import { Visitor } from '../world/visitor.mjs';
import { chatelaine, run, World } from '../world/world.mjs';

const jose = await import('jose');

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const redirect = 'https://rp.example/callback';
const afterLogout = 'https://rp.example/bye';
/** Long enough for another auth_time. */
const aSecond = () => new Promise((done) => setTimeout(done, 1100));
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const unsigned = (claims) => `${encode({ alg: 'none' })}.${encode(claims)}.`;

let world;
let first;
let second;
let metadata;

before(async () => {
  // A spent code is known as long as it would have been good, so that this is longer than the file can take.
  world = await World.start({ withHost: false, tokens: 'code_lifetime = "10m"' });
  await world.addUser(person.email, person.password, '--name', 'Some Person', '--subject', 'user-1');
  const options = ['--redirect-uri', redirect, '--post-logout-redirect-uri', afterLogout, '--pkce', 'optional'];
  first = await world.command('client', 'add', 'Suite', ...options);
  second = await world.command('client', 'add', 'Suite 2', ...options);
  metadata = await (await fetch(`${world.issuer}/.well-known/openid-configuration`)).json();
});
after(() => world?.stop());

/** A page of ours that tells the person what is wrong, and leads nowhere. */
const checkErrorPage = ({ status, location, words }, sentence) => {
  assert.deepEqual([status, location], [400, undefined]);
  assert.match(words, sentence);
};

// Codes that were spent when the file began: what comes of them half a minute later is the last test's.
const spent = [];

for (const responseMode of [undefined, 'form_post']) {
  describe(responseMode ? 'Form Post OP (basic)' : 'Basic OP', () => {
    let party;
    let other;

    before(async () => {
      party = new RelyingParty(world, first, { person, redirect, responseMode });
      other = new RelyingParty(world, second, { person, redirect, responseMode });
      spent.push({ party, at: Date.now(), ...(await party.signIn()) });
    });

    test('oidcc-server: a code becomes tokens and a sound ID token, and the access token opens UserInfo', async () => {
      const { tokens, claims } = await party.signIn();
      const userinfo = await party.askUserInfo(tokens.access_token);
      assert.deepEqual(userinfo, { status: 200, claims: { sub: claims.sub } });
    });

    test('oidcc-response-type-missing: invalid_request goes back to the client', async () => {
      party.checkError(await party.authorize({ response_type: undefined }), 'invalid_request');
    });

    // OpenID Connect Core §10.1: the key is named where there are several.
    test('oidcc-idtoken-signature: an asymmetric signature under a key of the JWK Set that kid names', async () => {
      const { tokens } = await party.signIn();
      const { alg, kid } = jose.decodeProtectedHeader(tokens.id_token);
      const { keys } = await (await fetch(metadata.jwks_uri)).json();
      assert.deepEqual([alg, keys.find((key) => key.kid === kid).kty], ['ES256', 'EC']);
    });

    test('oidcc-idtoken-unsigned: none is neither offered nor registered', async () => {
      assert.ok(!metadata.id_token_signing_alg_values_supported.includes('none'));
      const { code } = await run(chatelaine, ['client', 'add', 'Unsigned', '--id-token-alg', 'none', '--redirect-uri', redirect, '--config', world.config]);
      assert.equal(code, 2);
    });

    for (const [name, how] of [
      ['oidcc-userinfo-get: the token in the header of a GET', 'get'],
      ['oidcc-userinfo-post-header: the token in the header of a POST', 'post_header'],
      ['oidcc-userinfo-post-body: the token in the form of a POST', 'post_body'],
    ]) {
      test(name, async () => {
        const { tokens, claims } = await party.signIn();
        assert.deepEqual(await party.askUserInfo(tokens.access_token, how), { status: 200, claims: { sub: claims.sub } });
      });
    }

    test('oidcc-ensure-request-without-nonce-succeeds-for-code-flow: the ID token then has no nonce', async () => {
      const { claims } = await party.signIn({ nonce: undefined });
      assert.ok(!('nonce' in claims));
    });

    for (const [name, scope, expected] of [
      ['oidcc-scope-profile: UserInfo has the name', 'openid profile', { name: 'Some Person' }],
      ['oidcc-scope-email: UserInfo has the e-mail address', 'openid email', { email: person.email }],
      ['oidcc-ensure-other-scope-order-succeeds: openid may stand last', 'email openid', { email: person.email }],
    ]) {
      test(name, async () => {
        const { tokens, claims } = await party.signIn({ scope });
        assert.deepEqual((await party.askUserInfo(tokens.access_token)).claims, { sub: 'user-1', ...expected });
        // §5.4: with an access token the claims are UserInfo's alone.
        assert.deepEqual([claims.name, claims.email], [undefined, undefined]);
      });
    }

    for (const [name, scope, known] of [
      ['oidcc-scope-address: address is not offered, and ignored', 'openid address', { sub: 'user-1' }],
      ['oidcc-scope-phone: phone is not offered, and ignored', 'openid phone', { sub: 'user-1' }],
      ['oidcc-scope-all: of them all, those that are offered', 'openid profile email address phone', { sub: 'user-1', name: 'Some Person', email: person.email }],
    ]) {
      test(name, async () => {
        const offered = scope.split(' ').filter((word) => metadata.scopes_supported.includes(word));
        const { tokens } = await party.signIn({ scope });
        assert.deepEqual(tokens.scope.split(' ').sort(), offered.sort());
        assert.ok(!offered.includes('address') && !offered.includes('phone'));
        assert.deepEqual((await party.askUserInfo(tokens.access_token)).claims, known);
      });
    }

    test('oidcc-alternate-happy-flow: the parameters may come in any order', async () => {
      const { tokens } = await party.signIn({ scope: 'email openid' }, { arrange: (pairs) => pairs.reverse() });
      assert.equal((await party.askUserInfo(tokens.access_token)).claims.email, person.email);
    });

    for (const [name, parameters] of [
      ['oidcc-display-page: display=page is no error', { display: 'page' }],
      ['oidcc-display-popup: display=popup is no error', { display: 'popup' }],
      ['oidcc-ensure-request-with-unknown-parameter-succeeds: what nobody knows is ignored', { extra: 'foobar' }],
      ['oidcc-ui-locales: a language that we do not have is no error', { ui_locales: 'se' }],
      ['oidcc-claims-locales: nor for claims', { claims_locales: 'se' }],
    ]) {
      test(name, async () => {
        await party.signIn(parameters);
      });
    }

    test('oidcc-prompt-login: whoever is signed in signs in again, which auth_time tells', async () => {
      const before = await party.signIn();
      await aSecond();
      const again = await party.signIn({ prompt: 'login' }, before);
      assert.deepEqual([again.asked.includes('sign_in'), again.claims.sub], [true, before.claims.sub]);
      assert.ok(again.claims.auth_time > before.claims.auth_time);
    });

    test('oidcc-prompt-none-not-logged-in: login_required and no page', async () => {
      const sent = await party.authorize({ prompt: 'none' });
      party.checkError(sent, 'login_required');
      assert.deepEqual(sent.asked, []);
    });

    test('oidcc-prompt-none-logged-in: no page, and the same sign-in', async () => {
      const before = await party.signIn();
      const silent = await party.signIn({ prompt: 'none' }, before);
      assert.deepEqual([silent.asked, silent.claims.sub, silent.claims.auth_time], [[], before.claims.sub, before.claims.auth_time]);
    });

    test('oidcc-max-age-1: an older sign-in does not do', async () => {
      const before = await party.signIn();
      await aSecond();
      const again = await party.signIn({ max_age: '1' }, before);
      assert.ok(again.asked.includes('sign_in'));
      assert.ok(again.claims.auth_time > before.claims.auth_time);
    });

    test('oidcc-max-age-10000: a younger sign-in does', async () => {
      const before = await party.signIn({ max_age: '10000' });
      const again = await party.signIn({ max_age: '10000' }, before);
      assert.deepEqual([again.asked, again.claims.sub, again.claims.auth_time], [[], before.claims.sub, before.claims.auth_time]);
    });

    test('oidcc-id-token-hint: with prompt=none, the person whom the hint names', async () => {
      const before = await party.signIn();
      const silent = await party.signIn({ prompt: 'none', id_token_hint: before.tokens.id_token }, before);
      assert.deepEqual([silent.asked, silent.claims.sub], [[], before.claims.sub]);
    });

    test('oidcc-login-hint: the sign-in page begins with it', async () => {
      const login_hint = 'buffy@example.com';
      await party.signIn({ login_hint });
      const visitor = new Visitor();
      const page = await visitor.follow(await visitor.get(`${metadata.authorization_endpoint}?${new URLSearchParams(party.makeRequest({ login_hint }))}`));
      assert.equal(page.forms.find(({ fields }) => 'password' in fields).fields.email, login_hint);
    });

    // OpenID Connect Core §15.1, §5.5: what is not followed is no error.
    test('oidcc-ensure-request-with-acr-values-succeeds: acr is one of those that were wished for', async () => {
      const { claims } = await party.signIn({ acr_values: '1 2' });
      assert.ok(['1', '2'].includes(claims.acr) && metadata.acr_values_supported.includes(claims.acr));
    });

    test('oidcc-codereuse: a code serves once', async () => {
      const { code } = await party.signIn();
      const again = await party.askForTokens({ grant_type: 'authorization_code', code, redirect_uri: redirect });
      assert.deepEqual([again.status, again.body.error], [400, 'invalid_grant']);
    });

    test('oidcc-ensure-registered-redirect-uri: another address leads to a page of ours', async () => {
      const { page, answer } = await party.authorize({ redirect_uri: `${redirect}/other` });
      assert.equal(answer, undefined);
      checkErrorPage(page, /redirect/i);
    });

    test('oidcc-ensure-post-request-succeeds: the request in a form', async () => {
      await party.signIn({}, { method: 'POST' });
    });

    test('oidcc-server-client-secret-post: the secret in the form', async () => {
      const { claims } = await new RelyingParty(world, first, { person, redirect, responseMode, authenticate: byPost }).signIn();
      assert.equal(claims.sub, 'user-1');
    });

    test('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported: request_uri_not_supported', async () => {
      assert.equal(metadata.request_uri_parameter_supported, false);
      party.checkError(await party.authorize({ request_uri: 'https://rp.example/request.jwt' }), 'request_uri_not_supported');
    });

    test('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported: request_not_supported', async () => {
      assert.equal(metadata.request_parameter_supported, false);
      party.checkError(await party.authorize({ request: unsigned(party.makeRequest({})) }), 'request_not_supported');
    });

    test('oidcc-claims-essential: a claim that is essential to the client is no error', async () => {
      assert.equal(metadata.claims_parameter_supported, false);
      const { tokens, claims } = await party.signIn({ claims: JSON.stringify({ userinfo: { name: { essential: true } } }) });
      assert.deepEqual((await party.askUserInfo(tokens.access_token)).claims, { sub: claims.sub });
    });

    test('oidcc-ensure-request-object-with-redirect-uri: what a request object says does not lead anywhere', async () => {
      const { page, answer } = await party.authorize({ redirect_uri: `${redirect}/other`, request: unsigned(party.makeRequest({})) });
      assert.equal(answer, undefined);
      checkErrorPage(page, /redirect/i);
    });

    test('oidcc-refresh-token: new tokens of the same sign-in, for the client that has it alone', async () => {
      const scope = { scope: 'openid offline_access', prompt: 'consent' };
      const before = await party.signIn(scope);
      assert.ok(before.asked.includes('consent'));
      assert.match(before.tokens.refresh_token, /^[ -~]+$/);
      const { status, body } = await party.refresh(before.tokens.refresh_token);
      assert.equal(status, 200);
      const claims = await party.checkIdToken(body, { nonce: undefined });
      assert.deepEqual([claims.sub, claims.auth_time], [before.claims.sub, before.claims.auth_time]);
      assert.notEqual(body.access_token, before.tokens.access_token);
      assert.equal((await party.askUserInfo(body.access_token)).status, 200);

      const theirs = await other.signIn(scope);
      const stolen = await party.refresh(theirs.tokens.refresh_token);
      assert.deepEqual([stolen.status, stolen.body.error], [400, 'invalid_grant']);
    });

    test('oidcc-ensure-request-with-valid-pkce-succeeds: code_challenge, and the verifier that fits', async () => {
      const code_verifier = randomBytes(32).toString('base64url');
      const code_challenge = createHash('sha256').update(code_verifier).digest('base64url');
      await party.signIn({ code_challenge, code_challenge_method: 'S256' }, { fields: { code_verifier } });
    });
  });
}

describe('Config OP', () => {
  // OpenID Connect Discovery §3, §4.2, §4.3: every member that must be there, and the issuer as it was asked.
  test('oidcc-discovery-endpoint-verification: the document says what is needed, and its addresses answer', async () => {
    const answer = await fetch(`${world.issuer}/.well-known/openid-configuration`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type'), /^application\/json\b/);
    assert.equal(metadata.issuer, world.issuer);
    for (const [name, url] of Object.entries(metadata).filter(([name]) => name.endsWith('_endpoint') || name === 'jwks_uri')) {
      assert.ok(url.startsWith(`${world.issuer}/`), name);
      assert.notEqual((await fetch(url, { redirect: 'manual' })).status, 404, name);
    }
    for (const [name, words] of Object.entries({
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      response_types_supported: ['code'],
      response_modes_supported: ['query', 'fragment', 'form_post'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      claims_supported: ['sub', 'iss', 'auth_time', 'acr', 'name', 'email'],
    })) {
      for (const word of words) assert.ok(metadata[name].includes(word), `${name}: ${word}`);
    }
  });

  test('oidcc-discovery-endpoint-verification: the keys are public, told apart, and there is one for each algorithm', async () => {
    const { keys } = await (await fetch(metadata.jwks_uri)).json();
    assert.equal(new Set(keys.map(({ kid }) => kid)).size, keys.length);
    for (const key of keys) {
      assert.ok(key.kid);
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) assert.ok(!(secret in key), secret);
      for (const number of ['n', 'e', 'x', 'y'].filter((name) => name in key)) assert.match(key[number], /^[A-Za-z0-9_-]+$/);
      await jose.importJWK(key, key.alg);
    }
    const algorithms = new Set(keys.map(({ alg }) => alg));
    for (const algorithm of metadata.id_token_signing_alg_values_supported) assert.ok(algorithms.has(algorithm), algorithm);
  });
});

describe('RP-Initiated Logout OP', () => {
  let party;

  before(() => {
    party = new RelyingParty(world, first, { person, redirect });
  });

  /** Signs somebody in and sends the browser to the end_session_endpoint: the page there. */
  async function logOut(makeParameters) {
    const { visitor, tokens } = await party.signIn();
    const page = await visitor.get(`${metadata.end_session_endpoint}?${new URLSearchParams(makeParameters(tokens.id_token))}`);
    return { visitor, page };
  }

  async function checkRefused({ visitor, page }) {
    checkErrorPage(page, /cannot be signed out this way/);
    assert.ok(await party.isSignedIn(visitor));
  }

  async function checkAsked({ visitor, page }) {
    assert.deepEqual([page.status, page.location], [200, undefined]);
    assert.ok(await party.isSignedIn(visitor), 'nobody has answered yet');
    const end = await visitor.submit(page.form(/Sign out/), {}, /^Sign out$/);
    assert.deepEqual([end.status, end.location], [200, undefined]);
    assert.match(end.words, /You are signed out/);
    assert.ok(!(await party.isSignedIn(visitor)));
  }

  async function checkSentBack({ visitor, page }, location) {
    assert.deepEqual([page.status, page.location], [303, location]);
    assert.ok(!(await party.isSignedIn(visitor)));
  }

  // RP-Initiated Logout §2.1: the member that names the endpoint.
  test('oidcc-rp-initiated-logout-discovery-endpoint-verification: the metadata name an end_session_endpoint', () => {
    assert.ok(metadata.end_session_endpoint.startsWith(`${world.issuer}/`));
  });

  test('oidcc-rp-initiated-logout: back to the client with state, and nobody is signed in', async () => {
    await checkSentBack(
      await logOut((id_token_hint) => ({ id_token_hint, post_logout_redirect_uri: afterLogout, state: 'later' })), `${afterLogout}?state=later`);
  });

  test('oidcc-rp-initiated-logout-bad-post-logout-redirect-uri: an address that is not registered', async () => {
    await checkRefused(await logOut((id_token_hint) => ({ id_token_hint, post_logout_redirect_uri: 'https://rp.example/other', state: 's' })));
  });

  test('oidcc-rp-initiated-logout-modified-id-token-hint: an ID token without its signature', async () => {
    await checkRefused(await logOut((token) => ({ id_token_hint: unsigned(jose.decodeJwt(token)), post_logout_redirect_uri: afterLogout, state: 's' })));
  });

  test('oidcc-rp-initiated-logout-no-id-token-hint: an address and nobody whose it is', async () => {
    await checkRefused(await logOut(() => ({ post_logout_redirect_uri: afterLogout, state: 's' })));
  });

  test('oidcc-rp-initiated-logout-no-params: the person is asked, and signed out here', async () => {
    await checkAsked(await logOut(() => ({})));
  });

  test('oidcc-rp-initiated-logout-no-post-logout-redirect-uri: signed out, on a page of ours', async () => {
    const { visitor, page } = await logOut((id_token_hint) => ({ id_token_hint, state: 's' }));
    assert.deepEqual([page.status, page.location], [200, undefined]);
    assert.match(page.words, /You are signed out/);
    assert.ok(!(await party.isSignedIn(visitor)));
  });

  test('oidcc-rp-initiated-logout-no-state: back to the client without one', async () => {
    await checkSentBack(await logOut((id_token_hint) => ({ id_token_hint, post_logout_redirect_uri: afterLogout })), afterLogout);
  });

  test('oidcc-rp-initiated-logout-only-state: the person is asked, and signed out here', async () => {
    await checkAsked(await logOut(() => ({ state: 's' })));
  });

  test('oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri: another address is another address', async () => {
    await checkRefused(await logOut((id_token_hint) => ({ id_token_hint, post_logout_redirect_uri: `${afterLogout}?foo=bar`, state: 's' })));
  });

  test('oidcc-rp-initiated-logout-bad-id-token-hint: an ID token that somebody else has signed', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { visitor, tokens } = await party.signIn();
    const header = jose.decodeProtectedHeader(tokens.id_token);
    const id_token_hint = await new jose.SignJWT(jose.decodeJwt(tokens.id_token)).setProtectedHeader(header).sign(privateKey);
    const query = new URLSearchParams({ id_token_hint, post_logout_redirect_uri: afterLogout, state: 's' });
    await checkRefused({ visitor, page: await visitor.get(`${metadata.end_session_endpoint}?${query}`) });
  });
});

// Last, so that the half minute is over when it begins.
test('oidcc-codereuse-30seconds: a code that comes again later ends what its first use gave', async () => {
  assert.equal(spent.length, 2);
  for (const { party, code, tokens, at } of spent) {
    await new Promise((done) => setTimeout(done, Math.max(0, at + 30_000 - Date.now())));
    assert.equal((await party.askUserInfo(tokens.access_token)).status, 200);
    const again = await party.askForTokens({ grant_type: 'authorization_code', code, redirect_uri: redirect });
    assert.deepEqual([again.status, again.body.error], [400, 'invalid_grant']);
    assert.equal((await party.askUserInfo(tokens.access_token)).status, 401);
    assert.equal((await party.refresh(tokens.refresh_token)).body.error, 'invalid_grant');
  }
});
