// Builds dist/hearthdesk: one file that needs nothing beside it.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { buildAssets } from './build/assets.mjs';
import { makeExecutable } from './build/executable.mjs';
import { projectRoot } from './build/files.mjs';
import { bundleForNode } from './build/node-bundle.mjs';
import { insistOnNode24 } from './build/platform.mjs';

insistOnNode24();
await buildExecutable().catch((mistake) => {
  console.error(mistake.message);
  process.exitCode = 1;
});

async function buildExecutable() {
  const startedAt = Date.now();
  const target = join(projectRoot, 'dist', 'hearthdesk');
  const cache = join(projectRoot, '.cache');

  const { folder, names } = await buildAssets();
  const { code } = await bundleForNode({ root: projectRoot, entry: join(projectRoot, 'server', 'main.ts') });
  const assets = Object.fromEntries(names.map((name) => [name, join(folder, name)]));
  await makeExecutable({ code, assets, target, cache, say: console.log });

  const megabytes = (statSync(target).size / 1e6).toFixed(0);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`dist/hearthdesk, ${megabytes} MB, built in ${seconds} s.`);
}
