// What differs from platform to platform: the Node that is shipped, and the compiled addons.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './files.mjs';

const platform = `${process.platform}-${process.arch}`;
const packages = join(projectRoot, 'node_modules');

/** Ends the program with one sentence under any Node but 24: the addons crash on others. */
export function insistOnNode24() {
  if (process.versions.node.startsWith('24.')) return;
  console.error(
    `This is Node ${process.versions.node}, but Hearthdesk is built with the Node 24 of its own packages: start it as "npm run ...".`,
  );
  process.exit(1);
}

/** The Node that becomes the executable. It has to be the one that runs now: another could not read its code cache. */
export function shippedNode() {
  const file = join(packages, `node-${platform}`, 'bin', 'node');
  if (!existsSync(file))
    throw new Error(`The package node-${platform}, which is the Node to ship, is not installed.`);
  return file;
}

/** Asset name of each compiled addon, and its file. */
export function addonFiles() {
  const files = {
    'native/better_sqlite3.node': `better-sqlite3/prebuilds/${platform}.node`,
    'native/argon2.node': `argon2/prebuilds/${platform}/argon2.glibc.node`,
  };
  for (const file of Object.values(files)) {
    if (!existsSync(join(packages, file)))
      throw new Error(`node_modules/${file} is missing: there is no addon for ${platform}.`);
  }
  return Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(packages, file)]));
}
