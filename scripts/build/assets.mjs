// Prepares .cache/assets: every file that ships inside Hearthdesk, ready to be read or embedded.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { filesUnder, projectRoot, removeOthers, writeIfChanged } from './files.mjs';
import { openMemory } from './memory.mjs';
import { bundleForNode } from './node-bundle.mjs';
import { addonFiles, insistOnNode24 } from './platform.mjs';
import { buildStatic, staticSources } from './static.mjs';

const copies = { views: 'views', migrations: 'migrations', locales: 'server/i18n/locales' };

/**
 * Brings `<root>/.cache/assets` up to date and answers with its folder and the names in it. Throws what was wrong with
 * the sources after everything else is done: a part with a mistake then has no files at all, so that nothing old is
 * taken for new, and work on the others can go on.
 */
export async function buildAssets({ root = projectRoot } = {}) {
  const cache = join(root, '.cache');
  const place = { root, out: join(cache, 'assets'), workshop: join(cache, 'unfinished') };
  const memory = openMemory({ ...place, file: join(cache, 'assets.json'), outputFolder: place.out });
  const copied = Object.entries(copies).flatMap(([asset, source]) => copyFolder(place, asset, source));

  const workers = workerEntries(root).map((entry) =>
    memory.remake(entry.asset, entry.source, () => buildWorker(place, entry)),
  );
  const browserFiles = memory.remake('static', staticSources(root), () => buildStatic(place));
  const parts = await Promise.allSettled([browserFiles, ...workers]);

  const names = [...copied, ...copyAddons(place), ...parts.flatMap(({ value = [] }) => value)].sort();
  memory.save();
  removeOthers(place.out, names);
  const mistakes = parts.filter(({ status }) => status === 'rejected').map(({ reason }) => reason.message);
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  return { folder: place.out, names };
}

function copyFolder({ root, out, workshop }, asset, source) {
  return filesUnder(join(root, source)).map((name) => {
    writeIfChanged(join(out, asset, name), readFileSync(join(root, source, name)), workshop);
    return join(asset, name);
  });
}

function copyAddons({ out, workshop }) {
  return Object.entries(addonFiles()).map(([name, file]) => {
    writeIfChanged(join(out, name), readFileSync(file), workshop);
    return name;
  });
}

/** `server/mail/parse-worker.ts` becomes `workers/parse.js`. */
function workerEntries(root) {
  const sources = filesUnder(join(root, 'server')).filter((name) => name.endsWith('-worker.ts'));
  const entries = sources.map((name) => ({
    source: join('server', name),
    asset: `workers/${basename(name, '-worker.ts')}.js`,
  }));
  const twice = entries.find(
    ({ asset }, index) => entries.findIndex((other) => other.asset === asset) !== index,
  );
  if (twice) throw new Error(`Two workers would both be ${twice.asset}; one is ${twice.source}.`);
  return entries;
}

async function buildWorker({ root, out, workshop }, { source, asset }) {
  const { code, inputs } = await bundleForNode({ root, entry: join(root, source) });
  writeIfChanged(join(out, asset), code, workshop);
  return { inputs, outputs: [asset] };
}

// Not import.meta.main: older Nodes, which are to be refused in words, do not have it.
if (process.argv[1] === import.meta.filename) {
  insistOnNode24();
  const { values } = parseArgs({ options: { root: { type: 'string' } } });
  if (values.root && !existsSync(values.root)) throw new Error(`There is no folder ${values.root}.`);
  await buildAssets(values).catch((mistake) => {
    console.error(mistake.message);
    process.exitCode = 1;
  });
}
