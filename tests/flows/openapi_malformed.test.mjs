// A description that is none, or that could not be called as it is: `chatelaine expose` names every fault with its line and its path, and writes nothing.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chatelaine, run } from '../world/world.mjs';

const broken = readFileSync(new URL('../fixtures/openapi/broken.yaml', import.meta.url), 'utf8');

describe('a malformed description', () => {
  let folder;

  before(() => (folder = mkdtempSync(join(tmpdir(), 'chatelaine-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** The faults that are told of a text: a line for each. */
  async function expose(text) {
    writeFileSync(join(folder, 'api'), text);
    const { code, stdout, stderr } = await run(chatelaine, ['expose', join(folder, 'api'), '--upstream', 'http://127.0.0.1:9', '--config', join(folder, 'chatelaine.toml')]);
    assert.deepEqual([code, stdout], [2, ''], stderr);
    assert.deepEqual(readdirSync(folder), ['api'], 'nothing is written');
    const [head, ...faults] = stderr.trimEnd().split('\n');
    assert.match(head, /\[api\] openapi: .*\/api is not an OpenAPI description that can be used:$/);
    return faults.map((fault) => fault.trim());
  }

  test('every fault is told, with the line and the path where it stands', async () => {
    const faults = await expose(broken);
    const told = faults.map((fault) => /^line (\d+), (\/\S*): .+ \(expected: .+\)$/.exec(fault) ?? assert.fail(fault));
    assert.deepEqual(told.map(([, line, path]) => [Number(line), path]), [
      [6, '/paths/todos'],
      [8, '/paths/~1half~1{id'],
      [13, '/paths/~1double~1{b}/get'],
      [15, '/paths/~1nothing'],
      [17, '/paths/~1list/get'],
      [18, '/paths/~1list/post'],
      [20, '/paths/~1parameters/parameters'],
      [24, '/paths/~1parameters/get/parameters/0'],
      [25, '/paths/~1parameters/get/parameters/1'],
      [26, '/paths/~1parameters/get/parameters/2'],
      [27, '/paths/~1parameters/get/parameters/3'],
      [28, '/paths/~1parameters/get/parameters/4'],
      [29, '/paths/~1parameters/get/parameters/5'],
      [36, '/paths/~1bodies~1{~0~1}/put/requestBody/content'],
      [33, '/paths/~1bodies~1{~0~1}/post/requestBody'],
      [38, '/paths/~1bodies~1{~0~1}/patch/requestBody'],
      [40, '/paths/~1security/get/security'],
      [41, '/paths/~1security/put/security'],
      [42, '/paths/~1security/post/security'],
      [43, '/paths/~1security/delete/security'],
      [44, '/paths/~1round'],
    ]);
    // The file itself marks them.
    const marked = broken.split('\n').flatMap((line, i) => (/ # /.test(line) ? [i + 1] : []));
    assert.deepEqual(told.map(([, line]) => Number(line)).sort((a, b) => a - b), marked);
  });

  const rows = [
    ['an empty file', '', 'line 1, column 1: the document is empty'],
    ['a page', '<!DOCTYPE html><html></html>', 'line 1, column 1: this is an HTML or XML page'],
    ['a text', 'hello', 'line 1: the document is no mapping'],
    ['bytes', Buffer.from([0x7b, 0x00, 0xff]), 'line 1, column 1: the document holds a zero byte'],
    ['Latin-1', Buffer.from('openapi: 3.0.0\npaths:\n  /a: {get: {summary: "zur\xfcck"}}\n', 'latin1'), 'line 3, column 27: this byte, 0xFC, is no UTF-8'],
    ['Latin-1 in the title of JSON', Buffer.from('{"info": {"title": "f\xfcr"},\n"paths": {"/a": {"get": {}}}}', 'latin1'), 'line 1, column 22: this byte, 0xFC, is no UTF-8'],
    ['JSON that breaks off', '{\n "openapi": "3.0.0",\n "paths": {', 'line 3, column 12: the text ends too early: a bracket or quote is not closed'],
    ['JSON with a member twice', '{"paths": {\n"/a": {},\n"/a": {}}}', 'line 3, column 4: the member "/a" appears twice in one object'],
    ['YAML with a member twice', 'paths:\n  /a: {}\n  /a: {}\n', 'line 3, column 3: the member "/a" appears twice in one mapping'],
    ['YAML that is indented with a tab', 'paths:\n\t/a: {}\n', /^line 2, column \d+: /],
    ['a bracket that is not closed', 'paths: {/a: {get: {}}\n', /^line 2, column 1: /],
    ['an alias of nothing', 'paths: *none\n', /^line 1, column \d+: /],
    ['a merge of nothing that has members', 'paths:\n  /a:\n    <<: text\n', 'line 3, column 9: what is merged here is no mapping'],
    ['two documents', 'paths: {/a: {get: {}}}\n---\npaths: {}\n', 'line 2, column 1: a second document follows the first'],
    ['Swagger 2.0', '# old\nswagger: "2.0"\npaths: {/a: {get: {}}}\n', 'line 2, /swagger: this is a Swagger 2.0 document'],
    ['OpenAPI to come', '{"info": {},\n"openapi": "4.0.0"}', 'line 2, /openapi: this is no version of OpenAPI that is understood'],
    ['no paths', 'openapi: 3.1.0\nwebhooks: {}\n', 'line 1, /paths: the document has no paths'],
    ['paths that are a list', 'openapi: 3.1.0\ninfo: {}\npaths: []\n', 'line 3, /paths: the document has no paths'],
    ['paths without methods', 'openapi: 3.1.0\npaths:\n  /a: {summary: x}\n', 'line 2, /paths: the document describes no operation'],
    ['security of all that is none', '{"paths":\n{"/a": {"get": {}}},\n"security": 7}', 'line 3, /security: these security requirements cannot be read'],
    ['a scope that no token can carry', 'paths:\n  /a:\n    get: {security: [{login: ["a b"]}]}\n', 'line 3, /paths/~1a/get/security/0/login/0: the scope "a b" is none that a token can carry'],
    ['a path with a tab', 'paths:\n  "/a\\tb": {get: {}}\n', 'line 2, /paths/~1a\\tb: this path has a character that no line can show'],
    ['a method in capitals', 'paths:\n  /a:\n    post: {}\n    GET: {}\n', 'line 4, /paths/~1a/GET: a method\'s name is in small letters here, or is not seen'],
    ['a schema in another file', 'paths:\n  /a:\n    get: {responses: {200: {content: {application/json: {\n      schema: {$ref: ./todo.yaml}}}}}}\n', 'line 4, /paths/~1a/get/responses/200/content/application~1json/schema: the $ref ./todo.yaml leads out of this file'],
    ['an answer that refers to nothing', 'paths:\n  /a:\n    get:\n      responses:\n        200: {$ref: "#/components/responses/ok"}\n', 'line 5, /paths/~1a/get/responses/200: the $ref #/components/responses/ok names nothing'],
    ['a schema that is a number', 'paths:\n  /a:\n    get:\n      parameters:\n        - {name: q, in: query, schema: 7}\n', 'line 5, /paths/~1a/get/parameters/0/schema: this schema is no mapping'],
    ['a body without content', 'paths:\n  /a:\n    post:\n      requestBody: {required: true}\n', 'line 4, /paths/~1a/post/requestBody: this body does not say what it holds'],
    ['components that are a list', 'paths: {/a: {get: {}}}\ncomponents: [schemas]\n', 'line 2, /components: these components are no mapping'],
    ['a server that is a number', 'paths: {/a: {get: {}}}\nservers:\n  - 7\n', 'line 3, /servers/0: this server has no url'],
    ['JSON, its faults among tabs and pairs of surrogates', '{"info": {"title": "\\ud83d\\ude00"},\n\t"paths": {\n\t\t"/\\u00fc": {\n\t\t\t"get": 1}}}', 'line 4, /paths/~1ü/get: this operation is no mapping'],
  ];
  for (const [what, text, fault] of rows) {
    test(what, async () => {
      const [first, ...more] = await expose(text);
      assert.deepEqual(more, []);
      if (typeof fault === 'string') assert.equal(first.split(' (expected: ')[0], fault);
      if (fault instanceof RegExp) assert.match(first, fault);
      assert.match(first, / \(expected: .+\)$/);
    });
  }

  async function refuse(file) {
    const { code, stdout, stderr } = await run(chatelaine, ['expose', file, '--upstream', 'http://127.0.0.1:9', '--config', join(folder, 'chatelaine.toml')]);
    assert.deepEqual([code, stdout], [2, ''], stderr);
    return stderr;
  }

  test('each scope that no token can carry is told', async () => {
    const faults = await expose('security: [{login: [a b, "c\\"d"]}]\npaths:\n  /a: {get: {}, put: {security: [{login: [e, f g]}]}}\n');
    assert.deepEqual(faults.map((fault) => fault.split(': ')[0]), ['line 1, /security/0/login/0', 'line 1, /security/0/login/1', 'line 3, /paths/~1a/put/security/0/login/1']);
  });

  test('a server whose variable has no default is told with its line', async () => {
    const file = join(folder, 'api');
    writeFileSync(file, 'paths: {/a: {get: {}}}\nservers:\n  - url: https://{host}/v1\n    variables: {host: {}}\n');
    assert.match(await refuse(file), /\/api: line 3, \/servers\/0\/url: the server https:\/\/\{host\}\/v1 cannot be read \(expected: .*default.*base_path/);
  });

  test('a folder is no description', async () => {
    assert.match(await refuse(folder), /\[api\] openapi: \S+ is a directory/);
  });
});
