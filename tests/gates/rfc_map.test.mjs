// docs/rfc-map.md says which file obeys, and which test proves, each clause that the code cites. It is made from the citations themselves:
// CHATELAINE_UPDATE=1 rewrites it, and this gate fails where it has drifted or where a clause that code cites is proven by no test of the same specification.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const mapFile = join(root, 'docs/rfc-map.md');
const isTest = (file) => /_test\.cpp$|^tests\/|\/(conformance|testing)\//.test(file);

const specification = 'RFC \\d{4}|draft-ietf-oauth-[a-z0-9-]+-\\d\\d|OpenID Connect Core|OpenID Connect Discovery|OpenID Connect Dynamic Client Registration|RP-Initiated Logout|OAuth 2\\.0 Form Post Response Mode|OAuth 2\\.0 Multiple Response Type Encoding Practices';
const citation = new RegExp(`(${specification})(?:,? §(\\d+(?:\\.\\d+)*))?`, 'g');
/** A comment as one line, however it is broken. */
const unwrap = (text) => text.replace(/\n *\/\/\/? ?/g, ' ');

/** Specification → section → { code: Set(file), tests: Set(file) } */
function readCitations() {
  const map = new Map();
  const files = execFileSync('git', ['ls-files', 'src', 'tests/wire', 'tests/flows', 'tests/clients', 'tests/browser', 'tests/faults', 'tests/manifests'], { cwd: root, encoding: 'utf8' })
    .split('\n').filter((file) => /\.(cpp|hpp|mjs|http|json)$/.test(file));
  for (const file of files) {
    for (const [, name, section] of unwrap(readFileSync(join(root, file), 'utf8')).matchAll(citation)) {
      const sections = map.get(name) ?? map.set(name, new Map()).get(name);
      const entry = sections.get(section ?? '') ?? sections.set(section ?? '', { code: new Set(), tests: new Set() }).get(section ?? '');
      entry[isTest(file) ? 'tests' : 'code'].add(file);
    }
  }
  return map;
}

const bySection = (a, b) => a[0].localeCompare(b[0], 'en', { numeric: true });

function render(map) {
  const lines = [
    '# Which clause, which file, which test', '',
    'Made from the citations in the code (`CHATELAINE_UPDATE=1 node --test tests/gates/rfc_map.test.mjs`); a gate fails when it drifts.', '',
  ];
  for (const [name, sections] of [...map].sort()) {
    lines.push(`## ${name}`, '', '| clause | obeyed in | proven in |', '|---|---|---|');
    for (const [section, { code, tests }] of [...sections].sort(bySection)) {
      const cell = (files) => [...files].sort().map((file) => `\`${file}\``).join(' ') || '–';
      lines.push(`| ${section === '' ? 'as a whole' : `§${section}`} | ${cell(code)} | ${cell(tests)} |`);
    }
    lines.push('');
  }
  return lines.join('\n');
}

test('docs/rfc-map.md is what the citations say', () => {
  const made = render(readCitations());
  if (process.env.CHATELAINE_UPDATE) writeFileSync(mapFile, made);
  assert.equal(readFileSync(mapFile, 'utf8'), made, 'run with CHATELAINE_UPDATE=1 and review the difference');
});

test('every specification that the protocol obeys is cited by a test', () => {
  const unproven = [...readCitations()].filter(([, sections]) => {
    const entries = [...sections.values()];
    return entries.some(({ code }) => [...code].some((file) => /^src\/(oauth|provider|gateway|relying_party)\//.test(file))) && entries.every(({ tests }) => tests.size === 0);
  });
  assert.deepEqual(unproven.map(([name]) => name), []);
});
