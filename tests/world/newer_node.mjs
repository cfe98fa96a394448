// Some of the programs that the tests are for need a newer Node than Debian has; npm brings one.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './world.mjs';

const brought = join(root, 'tests/node_modules', `node-linux-${process.arch}`, 'bin/node');

/** Node 22 or later. */
export const newerNode = existsSync(brought) ? brought : process.execPath;
