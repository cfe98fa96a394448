// Each file of tests/compile_fail must be refused by the compiler, for the reason on its first line (`// expect: PATTERN`), and must compile once
// the line that ends in `// wrong` is taken away, so that it fails for nothing else.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const include = join(root, 'build/dev/include');

function compile(source, layers) {
  const roots = layers.map((layer) => `-I${join(include, layer)}`);
  return spawnSync('g++', ['-std=c++23', '-fsyntax-only', '-x', 'c++', ...roots, '-'], { input: source, encoding: 'utf8' });
}

for (const file of readdirSync(join(root, 'tests/compile_fail')).filter((name) => name.endsWith('.cpp'))) {
  const source = readFileSync(join(root, 'tests/compile_fail', file), 'utf8');
  const expected = source.match(/^\/\/ expect: (.*)$/m)?.[1];
  const layers = source.match(/^\/\/ layers: (.*)$/m)?.[1].split(' ');
  test(`${file.replace('.cpp', '').replaceAll('_', ' ')} does not compile`, () => {
    assert.ok(expected && layers, 'the file needs an "// expect:" and a "// layers:" line');
    assert.match(source, /\/\/ wrong$/m);
    const wrong = compile(source, layers);
    assert.notEqual(wrong.status, 0, 'it compiled');
    assert.match(wrong.stderr, new RegExp(expected));
    const mended = compile(source.replace(/^.*\/\/ wrong$/gm, ''), layers);
    assert.equal(mended.status, 0, mended.stderr);
  });
}
