// A network of a test's own: public names lead to this process's loopback interface, at their own ports, under certificates that nothing else trusts. It lives in
// namespaces of the kernel (user_namespaces(7), network_namespaces(7), mount_namespaces(7)): nothing of it leaves the machine, and nothing of the machine changes.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What all names resolve to. It stands on `lo`, but is no loopback address: what is installed from a public name must not lead to one, and the host holds to that
 * here as it does elsewhere.
 */
const address = '11.0.0.1';

/** $1: the file of hosts; the rest: the command. */
const setUp = `set -e
ip link set lo up
ip address add ${address}/32 dev lo
mount --bind "$1" /etc/hosts
shift
exec "$@"`;

/** In a chroot whose root is no mount point, mounts can be made private only from the root of the mount namespace. */
const setUpInChroot = `nsenter --mount=/proc/self/ns/mnt mount --make-rprivate /
${setUp}`;

/** The ways in, the plainest first: who is root needs no user namespace, and in a chroot gets none. */
const waysIn = [
  ...(process.getuid() === 0 ? [['--mount', '--net', 'sh', '-c', setUp]] : []),
  ['--user', '--map-root-user', '--mount', '--net', 'sh', '-c', setUp],
  ...(process.getuid() === 0 ? [['--mount', '--propagation', 'unchanged', '--net', 'sh', '-c', `set -e\n${setUpInChroot}`]] : []),
];

function findWayIn(hosts) {
  const refusals = [];
  for (const way of waysIn) {
    const { status, stderr, error } = spawnSync('unshare', [...way, 'sh', hosts, 'true'], { encoding: 'utf8' });
    if (status === 0) return way;
    refusals.push((error?.message ?? stderr).trim());
  }
  throw new Error(
    'This test needs a network of its own, and the kernel gives it none. Allow user namespaces (sysctl kernel.unprivileged_userns_clone=1; in a container: the ' +
      `capability SYS_ADMIN, or a seccomp profile that allows unshare), and install iproute2 and mount. It said: ${refusals.join(' / ')}`,
  );
}

/** An authority of the test's own, and a certificate by it that holds for all names. */
function makeCertificates(folder, names) {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=authority of a test', '-keyout', 'authority.key', '-out', 'authority.pem');
  openssl('req', ...newKey, '-subj', '/CN=names of a test', '-keyout', 'names.key', '-out', 'names.csr');
  writeFileSync(join(folder, 'names.cnf'), `basicConstraints = CA:FALSE\nsubjectAltName = ${names.map((name) => `DNS:${name}`).join(', ')}\n`);
  openssl('x509', '-req', '-in', 'names.csr', '-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial', '-days', '2', '-extfile', 'names.cnf', '-out', 'names.pem');
}

/** Runs this program again inside, its reports on the same stdout; resolves to its exit code. */
function runInside(folder, hosts) {
  const env = { ...process.env, CHATELAINE_PRIVATE_NETWORK: folder, NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem') };
  const child = spawn('unshare', [...findWayIn(hosts), 'sh', hosts, process.execPath, ...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((done) => child.on('close', (code) => done(code ?? 1)));
}

/**
 * Goes on inside such a network, where every one of `names` leads to `address`: outside, the running program is started again inside and ends with it; inside,
 * there are { address, authority, certificate, key }, the last three files of PEM. Node's own `fetch` trusts the authority.
 */
export async function enterPrivateNetwork(names) {
  const inside = process.env.CHATELAINE_PRIVATE_NETWORK;
  if (inside) return { address, authority: join(inside, 'authority.pem'), certificate: join(inside, 'names.pem'), key: join(inside, 'names.key') };
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-network-'));
  try {
    makeCertificates(folder, names);
    const hosts = join(folder, 'hosts');
    writeFileSync(hosts, `127.0.0.1 localhost\n${names.map((name) => `${address} ${name}\n`).join('')}`);
    process.exitCode = await runInside(folder, hosts);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit();
}
