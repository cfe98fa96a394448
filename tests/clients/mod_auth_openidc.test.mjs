// The provider as Apache sees it: mod_auth_openidc in a real httpd guards a page, signs people in through ours, refreshes, and signs out.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Visitor } from '../world/visitor.mjs';
import { freePort, World } from '../world/world.mjs';

const person = { email: 'person@example.com', password: 'correct horse battery staple' };
const modules = '/usr/lib/apache2/modules';
const load = (...names) => names.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n');

/** httpd with one page behind mod_auth_openidc. */
class Apache {
  static async start(issuer, port, client, more = '') {
    const folder = mkdtempSync(join(tmpdir(), 'chatelaine-apache-'));
    mkdirSync(join(folder, 'site/private'), { recursive: true });
    writeFileSync(join(folder, 'site/private/index.html'), 'the private page\n');
    writeFileSync(join(folder, 'httpd.conf'), `
ServerRoot ${folder}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${folder}/httpd.pid
ErrorLog ${folder}/error.log
${process.getuid() === 0 ? 'User www-data\nGroup www-data' : ''}
${load('mpm_event', 'authn_core', 'authz_core', 'authz_user', 'dir', 'headers', 'auth_openidc')}
DocumentRoot ${folder}/site
DirectoryIndex index.html
OIDCProviderMetadataURL ${issuer}/.well-known/openid-configuration
OIDCSSLValidateServer Off
OIDCClientID ${client.client_id}
OIDCClientSecret ${client.client_secret}
OIDCRedirectURI http://127.0.0.1:${port}/private/callback
OIDCCryptoPassphrase only-for-this-test
OIDCScope "openid email"
OIDCPKCEMethod S256
OIDCCookieSameSite On
${more}
<Location /private>
  AuthType openid-connect
  Require valid-user
  # Node's fetch says of itself that it is a script, which would be answered 401 and not sent to sign in.
  OIDCUnAuthAction auth "%{REQUEST_URI} =~ /private/"
  Header set X-Subject "expr=%{reqenv:OIDC_CLAIM_sub}"
  Header set X-Email "expr=%{reqenv:OIDC_CLAIM_email}"
  Header set X-Access-Token "expr=%{reqenv:OIDC_access_token}"
</Location>
`);
    for (const name of ['', 'site', 'site/private']) chmodSync(join(folder, name), 0o755);
    const apache = new Apache();
    Object.assign(apache, { folder, origin: `http://127.0.0.1:${port}`, child: spawn('/usr/sbin/apache2', ['-DFOREGROUND', '-f', join(folder, 'httpd.conf')], { stdio: ['ignore', 'pipe', 'pipe'] }) });
    for (let i = 0; ; ++i) {
      const answers = await fetch(apache.origin, { redirect: 'manual' }).then(() => true, () => false);
      if (answers) return apache;
      assert.ok(i < 100, `httpd does not answer:\n${apache.log}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  get log() {
    try {
      return readFileSync(join(this.folder, 'error.log'), 'utf8');
    } catch {
      return '(no log)';
    }
  }

  async stop() {
    const ended = new Promise((done) => this.child.on('exit', done));
    this.child.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

describe('mod_auth_openidc', () => {
  let world;
  let apache;

  before(async () => {
    world = await World.start({ withHost: false });
    await world.addUser(person.email, person.password, '--subject', 'user-1');
    const port = await freePort();
    const client = await world.command('client', 'add', 'Apache', '--redirect-uri', `http://127.0.0.1:${port}/private/callback`,
      '--post-logout-redirect-uri', `http://127.0.0.1:${port}/`);
    apache = await Apache.start(world.issuer, port, client);
  });
  after(async () => {
    await apache?.stop();
    await world?.stop();
  });

  /** Opens the private page; signs in and allows where asked. The page that it ends at. */
  async function open(visitor) {
    let page = await redirected(visitor, await visitor.get(`${apache.origin}/private/`));
    if (page.forms.some(({ fields }) => 'password' in fields)) page = await redirected(visitor, await visitor.signIn(page, person.email, person.password));
    if (page.forms.some(({ buttons }) => buttons.some(({ label }) => label === 'Allow'))) {
      page = await redirected(visitor, await visitor.submit(page.form(/Allow/), {}, /allow/i));
    }
    return page;
  }
  async function redirected(visitor, page) {
    for (let i = 0; i < 12 && page.location !== undefined; ++i) page = await visitor.get(page.location);
    return page;
  }

  test('signs a person in through our pages and knows who it is', async () => {
    const page = await open(new Visitor());
    assert.equal(page.status, 200, `${page.words}\n${apache.log}`);
    assert.equal(page.text, 'the private page\n');
    assert.deepEqual([page.headers.get('x-subject'), page.headers.get('x-email')], ['user-1', person.email]);
  });

  test('refreshes', async () => {
    const visitor = new Visitor();
    const before = (await open(visitor)).headers.get('x-access-token');
    const answer = await visitor.get(`${apache.origin}/private/callback?${new URLSearchParams({ refresh: `${apache.origin}/private/`, access_token: before })}`);
    const page = await redirected(visitor, answer);
    assert.equal(page.status, 200, apache.log);
    assert.notEqual(page.headers.get('x-access-token'), before);
    const call = await fetch(`${world.issuer}/oauth/userinfo`, { headers: { authorization: `Bearer ${page.headers.get('x-access-token')}` } });
    assert.equal(call.status, 200);
  });

  test('RP-Initiated Logout: signs out here and there', async () => {
    const visitor = new Visitor();
    await open(visitor);
    const page = await redirected(visitor, await visitor.get(`${apache.origin}/private/callback?logout=${encodeURIComponent(`${apache.origin}/`)}`));
    assert.equal(new URL(page.url).origin, apache.origin, page.words);
    const again = await redirected(visitor, await visitor.get(`${apache.origin}/private/`));
    assert.match(again.words, /Sign in/);
    assert.match(again.url, /\/sign-in/);
  });

  test('is refused once the operator has removed the client', async () => {
    const [client] = (await world.command('client', 'list')).filter(({ name }) => name === 'Apache');
    const visitor = new Visitor();
    await open(visitor);
    await world.command('client', 'remove', client.client_id);
    await new Promise((done) => setTimeout(done, 1100));
    const page = await redirected(new Visitor(), await new Visitor().get(`${apache.origin}/private/`));
    assert.equal(page.status, 400);
    assert.match(page.words, /client ID is not registered here/);
  });
});
