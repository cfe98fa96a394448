// THREATS N53, N54. What a command takes away from a running server is gone within a second, whichever door it is tried at (DESIGN §4: additions count at
// once, removals within a second). Each row says what a command ends, and what it leaves alone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { closesWithinASecond } from '../world/closing.mjs';
import { Visitor } from '../world/visitor.mjs';
import { allow, answerDevice } from '../world/sign_in.mjs';
import { World } from '../world/world.mjs';

const password = 'correct horse battery staple';
const redirect = 'https://assistant.example/callback';
const newPassword = 'another horse entirely';
const withTokens = ['api', 'userinfo', 'introspection', 'refreshIntrospection', 'refresh'];
const ofTheClient = [...withTokens, 'code', 'device'];
const everything = [...ofTheClient, 'session', 'elsewhere', 'link', 'signIn'];

const rows = [
  { name: 'user disable', command: (has) => ['user', 'disable', has.email], ends: everything },
  { name: 'user remove', command: (has) => ['user', 'remove', has.email], ends: everything },
  { name: 'user set-password', command: (has) => ['user', 'set-password', has.email, '--password-stdin'], input: newPassword, ends: everything },
  {
    name: "a person's change of password",
    act: async ({ visitor }, { issuer }) => {
      const page = await visitor.get(`${issuer}/account`);
      const fields = { current_password: password, new_password: newPassword };
      assert.equal((await visitor.submit(page.forms.find(({ fields }) => 'new_password' in fields), fields)).status, 303);
    },
    // The person goes on where the password was changed, and nowhere else.
    ends: everything.filter((door) => door !== 'session'),
  },
  {
    // In a browser of its own: who has the link need not be where the person is signed in.
    name: 'a new password by a one-time link',
    act: async ({ link }) => {
      const visitor = new Visitor();
      const page = await visitor.get(link);
      assert.equal((await visitor.submit(page.forms.find(({ fields }) => 'new_password' in fields), { new_password: newPassword })).status, 303);
    },
    ends: everything,
  },
  {
    // Of what this client has; the person's sign-ins are another matter.
    name: "a person's withdrawal",
    act: async ({ visitor, client }, { issuer }) => {
      const page = await visitor.get(`${issuer}/account`);
      assert.equal((await visitor.submit(page.forms.find(({ fields }) => fields.client_id === client.client_id))).status, 303);
    },
    ends: ofTheClient,
  },
  { name: 'client remove', command: (has) => ['client', 'remove', has.client.client_id], ends: ofTheClient },
  {
    // No new token by what it lost; an access token that it has goes on until it expires, which is what its short life is for.
    name: 'client update to another grant type',
    command: (has) => ['client', 'update', has.client.client_id, '--grant', 'client_credentials'],
    ends: ['refresh', 'code', 'device'],
  },
  // One authorization ends; the codes of other ones, and the person's own session, go on.
  { name: 'grant revoke', command: (has) => ['grant', 'revoke', has.grant], ends: withTokens },
];

const notes = 'https://notes.example/mcp';
/** Tokens of each format, for the API alone and for it and another resource, as the server's configuration has it and as the client's own has it. */
const kinds = [
  { name: 'jwt access tokens', format: 'jwt', tokens: 'access_format = "jwt"' },
  { name: 'opaque access tokens', format: 'opaque', tokens: 'access_format = "opaque"' },
  { name: 'jwt access tokens for two resources, as the client wants them', format: 'jwt', tokens: 'access_format = "opaque"', client: ['--access-token-format', 'jwt'], second: notes },
  { name: 'opaque access tokens for two resources, as the client wants them', format: 'opaque', tokens: 'access_format = "jwt"', client: ['--access-token-format', 'opaque'], second: notes },
];

for (const { name: kind, format, tokens, client: clientOptions = [], second } of kinds) {
  describe(`what a command removes while a server issues ${kind}`, () => {
    let world;
    let number = 0;

    before(async () => {
      world = await World.start({ withHost: false, tokens, resources: `[[resource]]\nidentifier = "${notes}"` });
    });
    after(() => world?.stop());

    /** A person who is signed in, with a client that holds tokens, and a code and a device code that it has not used yet. */
    async function furnish() {
      const email = `person${++number}@example.com`;
      await world.addUser(email, password);
      const client = await world.command('client', 'add', `Assistant ${number}`, '--pkce', 'optional', '--redirect-uri', redirect,
        '--grant', 'authorization_code,refresh_token,device_code', ...clientOptions);
      const has = { email, client, visitor: new Visitor(), elsewhere: new Visitor() };
      const answer = await exchange(has, await obtainCode(has));
      assert.equal(answer.status, 200);
      has.tokens = await answer.json();
      assert.equal(has.tokens.access_token.startsWith('ctl_at_'), format === 'opaque');
      [{ id: has.grant }] = await world.command('grant', 'list', '--user', email);
      has.code = await obtainCode(has);
      assert.equal((await signIn(has.elsewhere, email)).status, 303);
      has.link = (await world.command('user', 'reset', email)).reset_url;
      has.device = await (await post('/oauth/device_authorization', client, {})).json();
      await answerDevice(has.device.verification_uri_complete, { email, password, visitor: has.visitor }, /Allow/);
      return has;
    }

    async function obtainCode({ email, client, visitor }) {
      const query = new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope: 'openid todos.read' });
      for (const resource of second ? [world.issuer, second] : []) query.append('resource', resource);
      return new URL(await allow(`${world.issuer}/oauth/authorize?${query}`, { email, password, visitor })).searchParams.get('code');
    }

    const post = (path, { client_id, client_secret }, fields) =>
      fetch(`${world.issuer}${path}`, { method: 'POST', body: new URLSearchParams({ client_id, client_secret, ...fields }) });
    const exchange = ({ client }, code) => post('/oauth/token', client, { grant_type: 'authorization_code', code, redirect_uri: redirect });

    const signIn = async (visitor, email) => visitor.signIn(await visitor.get(`${world.issuer}/sign-in`), email, password);

    const isActive = async (client, token) => {
      const answer = await post('/oauth/introspect', client, { token });
      return answer.status === 200 && (await answer.json()).active;
    };

    /** The doors: whether each still opens. Asking some changes nothing, so that they are asked until they close. */
    const doors = {
      api: async ({ tokens }) => (await fetch(`${world.issuer}/todos`, { headers: { authorization: `Bearer ${tokens.access_token}` } })).status === 200,
      userinfo: async ({ tokens }) => (await fetch(`${world.issuer}/oauth/userinfo`, { headers: { authorization: `Bearer ${tokens.access_token}` } })).status === 200,
      introspection: ({ client, tokens }) => isActive(client, tokens.access_token),
      refreshIntrospection: ({ client, tokens }) => isActive(client, tokens.refresh_token),
      session: async ({ visitor }) => (await visitor.get(`${world.issuer}/account`)).status === 200,
      elsewhere: async ({ elsewhere }) => (await elsewhere.get(`${world.issuer}/account`)).status === 200,
      link: async ({ link }) => (await new Visitor().get(link)).status === 200,
      signIn: async ({ email }) => (await signIn(new Visitor(), email)).status === 303,
      refresh: async ({ client, tokens }) => (await post('/oauth/token', client, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token })).status === 200,
      code: async (has) => (await exchange(has, has.code)).status === 200,
      device: async ({ client, device }) =>
        (await post('/oauth/token', client, { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: device.device_code })).status === 200,
    };
    const askedAgain = ['api', 'userinfo', 'introspection', 'refreshIntrospection', 'session', 'elsewhere', 'link'];

    const closes = (door, has, since) => closesWithinASecond(door, () => doors[door](has), since);

    for (const { name, command, input = '', act = (has) => world.commandWith(input, ...command(has)), ends } of rows) {
      test(`${name} ends ${ends.join(', ')}`, async () => {
        const has = await furnish();
        for (const door of askedAgain) assert.ok(await doors[door](has), `${door} is open before`);
        await act(has, world);
        const since = Date.now();
        await Promise.all(askedAgain.filter((door) => ends.includes(door)).map((door) => closes(door, has, since)));
        await new Promise((done) => setTimeout(done, Math.max(0, since + 1000 - Date.now())));
        for (const door of Object.keys(doors)) assert.equal(await doors[door](has), !ends.includes(door), `${door} a second later`);
      });
    }

    // Last, since it takes every token of that key. A key signs JWTs; opaque tokens stand on their row.
    test('key retire ends what the key signed, and refreshing gives tokens of the next key', async () => {
      const has = await furnish();
      assert.ok(await doors.api(has));
      const [{ kid }] = (await world.command('key', 'list')).filter(({ algorithm, state }) => algorithm === 'ES256' && state === 'in use');
      await world.command('key', 'rotate', '--now');
      assert.ok(await doors.api(has), 'the older key goes on verifying');
      await world.command('key', 'retire', kid);
      const since = Date.now();
      if (format === 'jwt') {
        await closes('api', has, since);
        await closes('introspection', has, since);
      }
      await new Promise((done) => setTimeout(done, Math.max(0, since + 1000 - Date.now())));
      assert.equal(await doors.api(has), format === 'opaque');
      const refreshed = await post('/oauth/token', has.client, { grant_type: 'refresh_token', refresh_token: has.tokens.refresh_token });
      assert.equal(refreshed.status, 200);
      has.tokens = await refreshed.json();
      assert.ok(await doors.api(has));
      assert.ok(await doors.code(has) && (await doors.session(has)));
    });
  });
}
