// Turns one bundle and the assets into one executable: Node itself, carrying them.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { inject } from 'postject';
import { shippedNode } from './platform.mjs';

// Node looks for its cargo behind this mark (https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html).
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/**
 * Writes `target`. `code` is the CommonJS bundle, `assets` maps names to files. The file appears whole, so that one
 * which is running stays what it is.
 */
export async function makeExecutable({ code, assets, target, cache, say }) {
  mkdirSync(cache, { recursive: true });
  mkdirSync(dirname(target), { recursive: true });
  const work = mkdtempSync(join(cache, 'executable-'));
  const unfinished = join(work, 'hearthdesk');
  const node = shippedNode();

  const blob = makeBlob({ node, work, code, assets });
  copyFileSync(node, unfinished);
  chmodSync(unfinished, 0o755);
  // Strip, then inject: the other order gives a file that crashes.
  strip(unfinished, say);
  await withoutChatter(() => inject(unfinished, 'NODE_SEA_BLOB', blob, { sentinelFuse: fuse }));
  putInPlace(unfinished, target);
  rmSync(work, { recursive: true });
}

/** Made by the same Node that carries it, or its code cache would be refused. */
function makeBlob({ node, work, code, assets }) {
  writeFileSync(join(work, 'main.cjs'), code);
  const settings = {
    // Relative: this name is carried along and stands in stack traces.
    main: 'main.cjs',
    output: 'blob',
    assets,
    useCodeCache: true,
    useSnapshot: false,
    disableExperimentalSEAWarning: true,
    // The executable takes Hearthdesk's options only: Node's own stay shut.
    execArgvExtension: 'none',
    // Young objects get 2 MB instead of 16: fourteen megabytes less at rest.
    execArgv: ['--max-semi-space-size=2'],
  };
  writeFileSync(join(work, 'sea.json'), JSON.stringify(settings));
  execFileSync(node, ['--experimental-sea-config', 'sea.json'], {
    cwd: work,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return readFileSync(join(work, 'blob'));
}

function strip(file, say) {
  try {
    execFileSync('strip', [file], { stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (cause) {
    if (cause.code !== 'ENOENT') throw cause;
    say(
      'There is no "strip" here (Debian: binutils), so the executable is some megabytes larger than it need be.',
    );
  }
}

/**
 * Copied, then renamed. The copy is for memory: postject writes the file in one piece, which the kernel keeps in large
 * units and maps whole, so that a process started from it would seem 17 MB larger.
 */
function putInPlace(file, target) {
  copyFileSync(file, `${target}.new`);
  renameSync(`${target}.new`, target);
}

/** postject reports each step on the console. */
async function withoutChatter(work) {
  const { log, warn } = console;
  Object.assign(console, { log: () => {}, warn: () => {} });
  try {
    return await work();
  } finally {
    Object.assign(console, { log, warn });
  }
}
