// The house's rule, checked on what the compiler really read (`ninja -t deps`): a layer includes only the layers that its CMakeLists.txt
// names, directly or through them, and always through their include roots. And src/oauth, which only decides, reads no clock,
// random device, file or socket: checked on its objects' undefined symbols.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const build = join(root, 'build/dev');

/** layer → the layers it DEPENDS on, as its CMakeLists.txt says. */
function readHouse() {
  const house = new Map();
  for (const name of readdirSync(join(root, 'src'))) {
    const file = join(root, 'src', name, 'CMakeLists.txt');
    const declared = existsSync(file) && readFileSync(file, 'utf8').match(new RegExp(`chatelaine_layer\\(\\s*${name}\\b([^)]*)\\)`));
    if (!declared) continue;
    const words = declared[1].replace(/#.*/g, '').split(/\s+/).filter(Boolean);
    const depends = [];
    let taking = false;
    for (const word of words) {
      if (/^[A-Z_]+$/.test(word)) taking = word === 'DEPENDS';
      else if (taking) depends.push(word);
    }
    house.set(name, depends);
  }
  return house;
}

function closure(house, layer, seen = new Set()) {
  if (seen.has(layer)) return seen;
  seen.add(layer);
  for (const lower of house.get(layer) ?? []) closure(house, lower, seen);
  return seen;
}

/** The faults of one object file's list of read files. */
export function findViolations(layer, allowed, files) {
  const faults = [];
  for (const file of files) {
    const seen = relative(root, resolve(build, file));
    const throughRoot = seen.match(/^build\/dev\/include\/([a-z_]+)\/\1\//);
    const direct = seen.match(/^src\/([a-z_]+)\/.*\.(hpp|h|ipp)$/);
    if (throughRoot && !allowed.has(throughRoot[1])) faults.push(`${layer} reads ${throughRoot[1]} (${seen})`);
    if (direct) faults.push(`${layer} reads ${seen} past the include root`);
  }
  return faults;
}

const forbiddenToOAuth = /^(boost\/asio|boost\/beast|curl\/|sqlite3\.h|sys\/socket\.h|netdb\.h|fstream|filesystem|thread|random)$/;
const impureSymbol =
  /\b(clock_gettime|gettimeofday|time|getrandom|getentropy|randombytes_\w+|RAND_\w*bytes|fopen|fopen64|open|open64|socket|connect|getenv|secure_getenv)$|random_device|system_clock::now|steady_clock::now|basic_[io]?fstream|std::filesystem::\w+\(|chatelaine::System(Clock|Randomness)|SigningKey::generate|generate_master_key|crypto::hash_password/;

function readDeps() {
  const out = execFileSync('ninja', ['-C', build, '-t', 'deps'], { encoding: 'utf8', maxBuffer: 1 << 30 });
  const objects = new Map();
  let current;
  for (const line of out.split('\n')) {
    const head = line.match(/^(\S+): #deps/);
    if (head) objects.set(head[1], (current = []));
    else if (line.startsWith('    ')) current.push(line.trim());
  }
  return objects;
}

test('the layers are those of ARCHITECTURE and every one is built', () => {
  const house = readHouse();
  for (const layer of ['base', 'crypto', 'limits', 'oauth', 'openapi', 'storage', 'flights', 'tokens', 'net', 'pages', 'accounts', 'admin', 'relying_party', 'inspection', 'rehearsal', 'user_sources', 'provider', 'gateway', 'host']) {
    assert.ok(house.has(layer), `src/${layer} declares no layer`);
  }
  const wings = ['provider', 'gateway', 'host'];
  for (const wing of wings) for (const other of wings) assert.ok(wing === other || !closure(house, wing).has(other), `${wing} must not see ${other}`);
  assert.deepEqual([...closure(house, 'oauth')].sort(), ['base', 'crypto', 'oauth']);
});

test('no layer reads a layer that it does not depend on', () => {
  const house = readHouse();
  const faults = [];
  let checked = 0;
  for (const [object, files] of readDeps()) {
    const layer = object.match(/^src\/([a-z_]+)\//)?.[1];
    if (!house.has(layer)) continue;
    ++checked;
    faults.push(...findViolations(layer, closure(house, layer), files));
  }
  assert.ok(checked > 50, `only ${checked} objects were looked at`);
  assert.deepEqual([...new Set(faults)], []);
});

test('a forbidden include is found (the check can fail)', () => {
  const allowed = new Set(['base']);
  assert.equal(findViolations('base', allowed, ['include/net/net/router.hpp']).length, 1);
  assert.equal(findViolations('base', allowed, [join(root, 'src/net/router.hpp')]).length, 1);
  assert.equal(findViolations('base', allowed, ['include/base/base/time.hpp', '/usr/include/c++/12/string']).length, 0);
});

test('src/oauth includes no clock, socket, file or thread header of its own accord', () => {
  const faults = [];
  for (const file of execFileSync('git', ['ls-files', 'src/oauth'], { cwd: root, encoding: 'utf8' }).split('\n').filter((name) => /\.(cpp|hpp)$/.test(name))) {
    for (const [, header] of readFileSync(join(root, file), 'utf8').matchAll(/^#include <([^>]+)>/gm)) {
      if (forbiddenToOAuth.test(header)) faults.push(`${file}: <${header}>`);
    }
  }
  assert.deepEqual(faults, []);
});

test('src/oauth calls no clock, random device, file or socket', () => {
  const symbols = execFileSync('nm', ['-C', '--undefined-only', join(build, 'src/oauth/libchatelaine_oauth.a')], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const names = symbols.split('\n').map((line) => line.trim().replace(/^U /, ''));
  assert.ok(names.length > 100, 'nm found nothing');
  assert.deepEqual(names.filter((name) => impureSymbol.test(name)), []);
  assert.ok(impureSymbol.test('clock_gettime') && impureSymbol.test('std::random_device::_M_getval()'), 'the pattern must match what it forbids');
  for (const ours of ['chatelaine::SystemClock::now() const', 'vtable for chatelaine::SystemRandomness', 'chatelaine::crypto::SigningKey::generate(chatelaine::crypto::SignatureAlgorithm)']) assert.match(ours, impureSymbol);
});
