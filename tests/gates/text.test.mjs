// What every file must keep: clang-format 19, no generated lines in the lock file that name a registry, no room that grew past its size.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const tracked = (...patterns) => execFileSync('git', ['ls-files', ...patterns], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);

test('C++ is formatted as .clang-format says', () => {
  const files = tracked('src/*.cpp', 'src/*.hpp', 'tests/*.cpp', 'tests/*.hpp', 'bench/*.cpp', 'fuzz/*.cpp');
  const { status, stderr } = spawnSync('clang-format-19', ['--dry-run', '-Werror', ...files], { cwd: root, encoding: 'utf8' });
  assert.equal(status, 0, stderr.slice(0, 4000));
});

test('the lock file names no registry', () => {
  for (const [name, { resolved, funding, ...rest }] of Object.entries(JSON.parse(readFileSync(join(root, 'tests/package-lock.json'), 'utf8')).packages)) {
    assert.equal(resolved, undefined, name);
    assert.doesNotMatch(JSON.stringify(rest), /https?:\/\//, name);
  }
});

test('a file of src is at most 400 lines, or says on its first lines why not', () => {
  const grown = tracked('src/*.cpp', 'src/*.hpp').filter((file) => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    return lines.length > 401 && !lines.slice(0, 12).some((line) => /longer than 400 lines/.test(line));
  });
  assert.deepEqual(grown, []);
});

test('nothing in src hides a missing part', () => {
  const hits = tracked('src/*', 'web/*', 'tests/*.cpp', 'tests/*.mjs').filter((file) => !file.endsWith('text.test.mjs') && /\b(TODO|FIXME|XXX|HACK)\b/.test(readFileSync(join(root, file), 'utf8')));
  assert.deepEqual(hits, []);
});

/** The conditions of `if`, `while` and `switch` in a text, each with its line. */
function* conditions(text) {
  for (const match of text.matchAll(/\b(?:if|while|switch)\s*(?:constexpr\s*)?\(/g)) {
    let end = match.index + match[0].length;
    for (let depth = 1; depth > 0 && end < text.length; ++end) depth += { '(': 1, ')': -1 }[text[end]] ?? 0;
    yield { line: text.slice(0, match.index).split('\n').length, condition: text.slice(match.index, end) };
  }
}

test('no condition waits: g++ 12 miscompiles some that do, so that a result gets a name first', () => {
  const hits = [];
  for (const file of tracked('src/*.cpp', 'src/*.hpp', 'tests/*.cpp', 'fuzz/*.cpp')) {
    for (const { line, condition } of conditions(readFileSync(join(root, file), 'utf8'))) {
      if (/\bco_await\b/.test(condition)) hits.push(`${file}:${line}`);
    }
  }
  assert.deepEqual(hits, []);
});

test('src/base and its neighbours are rooms, not drawers', () => {
  const drawers = tracked('src/*').filter((file) => /(^|[/_.])(utils?|helpers?|common|managers?|impl|misc)([/_.]|$)/.test(file));
  assert.deepEqual(drawers, []);
});

test('docs/threats.md names every threat that is cited, and tests that exist', () => {
  const text = readFileSync(join(root, 'docs/threats.md'), 'utf8');
  const named = new Set([...text.matchAll(/^\| ([NL]\d+) \|/gm)].map(([, id]) => id));
  const cited = tracked('src/*', 'tests/*', 'fuzz/*').filter((file) => /\.(cpp|hpp|mjs)$/.test(file))
    .flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/THREATS ([NL]\d+)/g)].map(([, id]) => id));
  assert.ok(cited.length > 10, 'the citations were not found');
  assert.deepEqual([...new Set(cited)].filter((id) => !named.has(id)), []);
  const files = [...text.matchAll(/`((?:src|tests|fuzz)\/[^`]*)`/g)].map(([, file]) => file);
  assert.deepEqual(files.filter((file) => tracked(file).length === 0), []);
});
