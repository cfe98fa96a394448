// An https server under a certificate of its own, which the provider can be told to trust: what stands at an assistant's address. It answers as a test says,
// also in hostile ways, and keeps what it was asked.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './world.mjs';

export class Canary {
  static async start() {
    const canary = new Canary();
    canary.folder = mkdtempSync(join(tmpdir(), 'chatelaine-canary-'));
    canary.certificate = join(canary.folder, 'certificate.pem');
    const key = join(canary.folder, 'key.pem');
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=canary', '-addext',
      'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', canary.certificate], { stdio: 'ignore' });
    canary.port = await freePort();
    canary.origin = `https://localhost:${canary.port}`;
    canary.asked = [];
    canary.answers = new Map();
    canary.options = { key: readFileSync(key), cert: readFileSync(canary.certificate) };
    await canary.listen();
    return canary;
  }

  async listen() {
    this.server = createServer(this.options, (request, response) => {
      this.asked.push(request.url);
      const answer = this.answers.get(request.url);
      if (answer === undefined) response.writeHead(404).end();
      else if (typeof answer === 'function') answer(response, request);
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    await new Promise((done) => this.server.listen(this.port, '127.0.0.1', done));
  }

  /** From now on a path gives this JSON, or what a function does with the response. */
  serve(path, answer) {
    this.answers.set(path, answer);
    return `${this.origin}${path}`;
  }

  /** A client's metadata document, at a path of its own; its client_id. */
  serveClient(path, members = {}) {
    return this.serve(path, { client_id: `${this.origin}${path}`, client_name: 'Assistant', redirect_uris: ['https://assistant.example/callback'], token_endpoint_auth_method: 'none', ...members });
  }

  /** How often a path was asked for. */
  count(path) {
    return this.asked.filter((url) => url === path).length;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }

  async stop() {
    await this.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
