// An API whose description knows nothing of scopes, put behind the gateway by `chatelaine expose` alone.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatelaine, freePort, Program, run } from './world.mjs';

export const description = `openapi: 3.0.3
info: { title: Todo lists, version: "1" }
servers: [{ url: "http://localhost:9/{version}", variables: { version: { default: v1 } } }]
paths:
  /lists:
    get: { operationId: readLists, tags: [Todo lists], summary: Read your todo lists }
    post: { operationId: addList, tags: [Todo lists], summary: Add a todo list }
  /lists/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    delete: { tags: [Todo lists], summary: Delete a todo list }
`;

const answerWhere = (request, response) => response.end(JSON.stringify({ path: request.url, scope: request.headers['chatelaine-scope'] }));

export class Exposed {
  /** `text`: the description; `api`: what answers behind the gateway. */
  static async start({ text = description, api = answerWhere } = {}) {
    const world = new Exposed();
    world.folder = mkdtempSync(join(tmpdir(), 'chatelaine-'));
    world.config = join(world.folder, 'chatelaine.toml');
    world.api = createServer(api);
    const [apiPort, port] = [await freePort(), await freePort()];
    await new Promise((done) => world.api.listen(apiPort, '127.0.0.1', done));
    world.issuer = `http://127.0.0.1:${port}`;
    world.describe(text);
    world.exposed = await world.expose('--upstream', `http://127.0.0.1:${apiPort}`, '--issuer', world.issuer);
    await world.serve();
    return world;
  }

  describe(text) {
    writeFileSync(join(this.folder, 'api.yaml'), text);
  }

  expose(...args) {
    return this.command('expose', join(this.folder, 'api.yaml'), ...args);
  }

  async serve() {
    this.provider = new Program(chatelaine, ['serve', '--config', this.config]);
    await this.provider.ready;
  }

  async commandWith(input, ...args) {
    const { code, stdout, stderr } = await run(chatelaine, [...args, '--config', this.config, '--json'], { input });
    assert.equal(code, 0, `chatelaine ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
    return JSON.parse(stdout);
  }

  command(...args) {
    return this.commandWith('', ...args);
  }

  addUser(email, password, ...more) {
    return this.commandWith(password, 'user', 'add', email, '--password-stdin', ...more);
  }

  /** Makes the server read its files again, and waits until `counts` holds. */
  async reload(counts) {
    this.provider.child.kill('SIGHUP');
    const deadline = Date.now() + 5000;
    while (!(await counts())) {
      assert.ok(Date.now() < deadline, `the change does not count after SIGHUP:\n${this.provider.log}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  async stop() {
    try {
      await this.provider?.stop();
    } finally {
      this.api.closeAllConnections();
      await new Promise((done) => this.api.close(done));
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}
