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

// THREATS N52: every decision gets its moment from a Clock, and what waits uses one that nobody sets.
test('the wall clock is read by SystemClock, and for the header Date alone beside it', () => {
  const readers = (pattern) => tracked('src/*.cpp', 'src/*.hpp').filter((file) => pattern.test(readFileSync(join(root, file), 'utf8')));
  assert.deepEqual(readers(/\bsystem_clock\b|\bCLOCK_REALTIME\b|\bgettimeofday\(/), ['src/base/time.cpp']);
  assert.deepEqual(readers(/\bstd::time\(/), ['src/net/loop.cpp']);
  assert.ok(readers(/\bsteady_clock::now\(/).includes('src/net/sleep.cpp'));
});

test('src/base and its neighbours are rooms, not drawers', () => {
  const drawers = tracked('src/*').filter((file) => /(^|[/_.])(utils?|helpers?|common|managers?|impl|misc)([/_.]|$)/.test(file));
  assert.deepEqual(drawers, []);
});

/** The rows of the tables of docs/threats.md, each with the number by which it is cited (a rule of advisories: §1) and the paths that it names. */
const threats = (() => {
  const rows = [];
  let section = '';
  for (const line of readFileSync(join(root, 'docs/threats.md'), 'utf8').split('\n')) {
    if (line.startsWith('## ')) section = line.slice(3);
    if (!line.startsWith('| ') || line.endsWith('| shown by |')) continue;
    const first = line.slice(2).split(' | ')[0];
    const id = section.startsWith('Rules') ? '§1' : first;
    rows.push({ id, name: `${section}: ${first}`, isApplicable: !/\| not applicable[^|]*\|$/.test(line), paths: [...line.matchAll(/`((?:src|tests|fuzz)\/[^`]*)`/g)].map(([, path]) => path) });
  }
  return rows;
})();
const isTest = (file) => /_(test|cases)\.cpp$|\.test\.mjs$|^tests\//.test(file);

/** The threats that a text cites: `THREATS N40, N41`, also where a comment goes on in the next line. */
function citedIn(text) {
  return [...text.replace(/\n *(?:\/\/\/?|\*) ?/g, ' ').matchAll(/THREATS ((?:§1|[NL]\d+)(?:(?:,| and) (?:§1|[NL]\d+))*)/g)].flatMap(([, list]) => list.split(/,? (?:and )?/));
}

/** Every citation of the tree, as [file, id]; this file's are examples. */
const citations = tracked('src/*', 'tests/*', 'fuzz/*').filter((file) => /\.(cpp|hpp|mjs)$/.test(file) && file !== 'tests/gates/text.test.mjs')
  .flatMap((file) => [...new Set(citedIn(readFileSync(join(root, file), 'utf8')))].map((id) => [file, id]));

test('docs/threats.md has a row for every threat that is cited', () => {
  assert.ok(citations.length > 100, 'the citations were not found');
  assert.deepEqual(citedIn('/// THREATS N40, N41 and L1: x. THREATS\n  /// §1, N53'), ['N40', 'N41', 'L1', '§1', 'N53']);
  const named = new Set(threats.map(({ id }) => id));
  assert.deepEqual(citations.filter(([, id]) => !named.has(id)).map(([file, id]) => `${id}: ${file}`), []);
});

test('every row of docs/threats.md names a test, or says that it is not applicable; what it names exists', () => {
  assert.ok(threats.length > 60, 'the rows were not found');
  assert.deepEqual(threats.filter(({ paths, isApplicable }) => isApplicable !== paths.some(isTest)).map(({ name }) => name), []);
  const isThere = new Map([...new Set(threats.flatMap(({ paths }) => paths))].map((path) => [path, tracked(path).length > 0]));
  assert.deepEqual(threats.flatMap(({ name, paths }) => paths.filter((path) => !isThere.get(path)).map((path) => `${name}: ${path}`)), []);
});

test('every test that cites a threat stands in that threat\'s row of docs/threats.md', () => {
  const missing = citations.filter(([file, id]) => isTest(file) && !threats.some((row) => row.id === id && row.paths.includes(file)));
  assert.deepEqual(missing.map(([file, id]) => `${id}: ${file}`), []);
});
