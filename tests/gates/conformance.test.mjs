// docs/conformance.md has a row for each module of the conformance suite that a test of ours plays, and each such test has its row: by the test's whole name.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (file) => readFileSync(join(root, file), 'utf8');

/** File → names of tests, as the table has them: each under a line that names the file. */
function readTable() {
  const files = new Map();
  let names;
  for (const line of read('docs/conformance.md').split('\n')) {
    const file = line.match(/^Tests: `([^`]+)`/)?.[1];
    if (file) names = files.get(file) ?? files.set(file, []).get(file);
    const row = line.match(/^\| `(oidcc-[\w-]+)` \| [^|]+ \| ([^|]+) \| [^|]+ \|$/);
    if (row) names.push(`${row[1]}: ${row[2]}`);
    else assert.doesNotMatch(line, /^\| `oidcc/, 'a row has four cells');
  }
  return files;
}

const readTests = (file) => [...read(file).matchAll(/'(oidcc-[\w-]+: [^']+)'/g)].map(([, name]) => name);

test('docs/conformance.md and the tests of its modules name each other', () => {
  const table = readTable();
  assert.deepEqual([...table.keys()].sort(), ['tests/flows/openid_conformance.test.mjs', 'tests/flows/openid_conformance_dynamic.test.mjs']);
  for (const [file, names] of table) {
    assert.ok(names.length > 20, `only ${names.length} rows were found for ${file}`);
    assert.deepEqual([...names].sort(), readTests(file).sort(), file);
  }
});
