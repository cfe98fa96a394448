// docs/rfc-map.md says which file obeys, and which test proves, each clause of what the code cites. It is made from the citations themselves (CHATELAINE_UPDATE=1 rewrites it).
// Of the specifications in duties.tsv it has a row for each duty of a server, and a duty that lost its code, its test or its DEVIATION comment fails here, however the map is written.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const mapFile = join(root, 'docs/rfc-map.md');

const isProof = (file) => /_test\.cpp$|^tests\/|\/conformance\//.test(file);
/** What tests are made of: it neither obeys nor proves anything. */
const isTestHelper = (file) => /\/testing\/|(_for_tests?|testing)\.[ch]pp$/.test(file);
/** Where a server's duty is obeyed: not by the command line's texts, nor by those who are served. */
const isServer = (file) => /^src\/(oauth|provider|gateway|tokens|crypto|accounts|pages|net|storage|base)\//.test(file);
/** What is shown of the other side shows nothing of the server's. */
const isOfServer = (test) => !/^src\/(host|relying_party|inspection|rehearsal|user_sources)\//.test(test);
/** Where one can be differed from: also by what an operator may configure. */
const mayDiffer = (file) => isServer(file) || file.startsWith('src/app/');

const specification = 'RFC \\d{4}|draft-ietf-oauth-[a-z0-9-]+-\\d\\d|OpenID Connect Core|OpenID Connect Discovery|OpenID Connect Dynamic Client Registration|RP-Initiated Logout|OAuth 2\\.0 Form Post Response Mode|OAuth 2\\.0 Multiple Response Type Encoding Practices';
const clause = '§(?:[A-Z](?:\\.\\d+)*|\\d+(?:\\.\\d+)*)';
/** A specification and its clauses, of which a list is read whole: "RFC 8628 §3.1, §3.2 and §3.5". */
const citation = new RegExp(`(${specification})(?:,? (${clause}(?:(?:, | and )${clause})*))?`, 'g');
/** What a comment deviates from stands before its first colon. */
const deviation = /DEVIATION ([^:]*):/g;
/** A comment as one line, however it is broken. */
const unwrap = (text) => text.replace(/\n *\/\/\/? ?/g, ' ');

const listCited = (text) => [...text.matchAll(citation)].flatMap(([, name, clauses]) => (clauses?.match(new RegExp(clause, 'g')) ?? ['']).map((one) => [name, one]));

/** Specification → clause → { code: Set(file), tests: Set(file), deviations: [file], one for each comment, pinned: Set(file): tests of a deviation } */
function readCitations() {
  const map = new Map();
  const find = (name, section) => {
    const sections = map.get(name) ?? map.set(name, new Map()).get(name);
    return sections.get(section) ?? sections.set(section, { code: new Set(), tests: new Set(), deviations: [], pinned: new Set() }).get(section);
  };
  const files = execFileSync('git', ['ls-files', 'src', 'tests/wire', 'tests/flows', 'tests/clients', 'tests/browser', 'tests/faults', 'tests/manifests'], { cwd: root, encoding: 'utf8' })
    .split('\n').filter((file) => /\.(cpp|hpp|mjs|http|json)$/.test(file) && !isTestHelper(file));
  for (const file of files) {
    const obeying = unwrap(readFileSync(join(root, file), 'utf8')).replaceAll(deviation, (_, head) => {
      for (const [name, section] of listCited(head)) {
        const { deviations, pinned } = find(name, section);
        if (isProof(file)) pinned.add(file);
        else deviations.push(file);
      }
      return '';
    });
    for (const [name, section] of listCited(obeying)) find(name, section)[isProof(file) ? 'tests' : 'code'].add(file);
  }
  return map;
}

/** Specification → [{ clause, level, sentence, isObeyed }], in the list's order. */
function readDuties() {
  const [head, ...lines] = readFileSync(join(root, 'tests/gates/duties.tsv'), 'utf8').trimEnd().split('\n');
  assert.equal(head, 'specification\tclause\tlevel\tduty\tobeyed or differs');
  const duties = new Map();
  for (const line of lines) {
    const [name, section, level, sentence, stance, ...more] = line.split('\t');
    assert.match(name, new RegExp(`^(${specification})$`), line);
    assert.match(section, new RegExp(`^${clause}$`), line);
    assert.match(level, /^(MUST|SHOULD|MAY)$/, line);
    assert.match(sentence, /^[^|]+\.$/, line);
    assert.match(stance, /^(obeyed|differs)$/, line);
    assert.deepEqual(more, [], line);
    (duties.get(name) ?? duties.set(name, []).get(name)).push({ clause: section, level, sentence, isObeyed: stance === 'obeyed' });
  }
  return duties;
}

/** What stands for each duty: the server's files alone. Where a clause is obeyed in part, a test of the rest says DEVIATION as the code does. */
function findSides(map, duties) {
  const nothing = { code: [], tests: [], deviations: [], pinned: [] };
  return [...duties].flatMap(([name, list]) => list.map((duty) => {
    const { code, tests, deviations, pinned } = map.get(name)?.get(duty.clause) ?? nothing;
    const isWhole = duty.isObeyed || !list.some(({ clause: other, isObeyed }) => other === duty.clause && isObeyed);
    return {
      ...duty, name, key: `${name} ${duty.clause}`, code: [...code].filter(isServer), deviations: deviations.filter(mayDiffer),
      tests: [...duty.isObeyed ? [] : pinned, ...isWhole ? tests : []].filter(isOfServer),
    };
  }));
}

const bySection = (a, b) => a[0].localeCompare(b[0], 'en', { numeric: true });
const cell = (files) => [...new Set(files)].sort().map((file) => `\`${file}\``).join(' ') || '–';

function renderDuties(list) {
  return ['| clause | level | duty | obeyed in | proven in |', '|---|---|---|---|---|', ...list.map(({ clause: section, level, sentence, isObeyed, code, deviations, tests }) =>
    `| ${section} | ${level} | ${sentence} | ${isObeyed ? cell(code) : `differs: ${cell(deviations)}`} | ${cell(tests)} |`)];
}

function renderClauses(sections) {
  return ['| clause | obeyed in | proven in |', '|---|---|---|', ...[...sections].sort(bySection).map(([section, { code, tests, deviations }]) => {
    const obeyed = [...code].length || !deviations.length ? [cell(code)] : [];
    if (deviations.length) obeyed.push(`differs: ${cell(deviations)}`);
    return `| ${section || 'as a whole'} | ${obeyed.join('; ')} | ${cell(tests)} |`;
  })];
}

function render(map, sided) {
  const lines = [
    '# Which clause, which file, which test', '',
    'Made from the citations in the code and, where a server has duties, from `tests/gates/duties.tsv` (`CHATELAINE_UPDATE=1 node --test tests/gates/rfc_map.test.mjs`); a gate fails when it drifts,',
    'and where a duty has no code or no test that cites its clause. "differs" names the file whose comment `DEVIATION …` says what is done instead, and why. MAY is what is left to a server.', '',
  ];
  for (const name of [...map.keys()].sort()) {
    const list = sided.filter((duty) => duty.name === name);
    const rows = list.length ? renderDuties(list) : renderClauses(map.get(name));
    lines.push(`## ${name}`, '', ...rows, '');
  }
  return lines.join('\n');
}

const map = readCitations();
const duties = readDuties();
const sided = findSides(map, duties);
/** Those of duties.tsv, with what the code has of each clause. */
const eachClause = [...duties.keys()].flatMap((name) => [...map.get(name) ?? []].filter(([section]) => section)
  .map(([section, { code, deviations }]) => ({ key: `${name} ${section}`, code: [...code].filter(isServer), deviations: deviations.filter(mayDiffer) })));

test('a duty that is obeyed is cited by code', () => {
  assert.deepEqual(sided.filter(({ isObeyed, code }) => isObeyed && !code.length).map(({ key, sentence }) => `${key}: ${sentence}`), []);
});

test('a duty that we differ from has a comment that says so', () => {
  const differing = sided.filter(({ isObeyed }) => !isObeyed);
  const silent = differing.filter(({ key, deviations }) => deviations.length < differing.filter((other) => other.key === key).length);
  assert.deepEqual(silent.map(({ key, sentence }) => `DEVIATION ${key}: … is missing where this is not done: ${sentence}`), []);
});

test('a duty is cited by a test', () => {
  assert.deepEqual(sided.filter(({ tests }) => !tests.length).map(({ key, isObeyed, sentence }) => `${isObeyed ? '' : 'DEVIATION '}${key}: ${sentence}`), []);
});

test('a clause that the server cites or differs from is a duty, where its specification has duties', () => {
  const isListed = (key, isObeyed) => sided.some((duty) => duty.key === key && duty.isObeyed === isObeyed);
  assert.deepEqual(eachClause.filter(({ key, code }) => code.length && !isListed(key, true)).map(({ key, code }) => `${key}: ${code.join(' ')}`), []);
  assert.deepEqual(eachClause.filter(({ key, deviations }) => deviations.length && !isListed(key, false)).map(({ key, deviations }) => `DEVIATION ${key}: ${deviations.join(' ')}`), []);
});

test('docs/rfc-map.md is what the citations say', () => {
  const made = render(map, sided);
  if (process.env.CHATELAINE_UPDATE) writeFileSync(mapFile, made);
  assert.equal(readFileSync(mapFile, 'utf8'), made, 'run with CHATELAINE_UPDATE=1 and review the difference');
});

test('every specification that the protocol obeys is cited by a test', () => {
  const unproven = [...map].filter(([, sections]) => {
    const entries = [...sections.values()];
    return entries.some(({ code }) => [...code].some((file) => /^src\/(oauth|provider|gateway|relying_party)\//.test(file))) && entries.every(({ tests }) => tests.size === 0);
  });
  assert.deepEqual(unproven.map(([name]) => name), []);
});
