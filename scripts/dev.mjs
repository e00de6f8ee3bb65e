// Development: serves ./data-dev from the sources, and builds and starts again whenever one of them changes.
//   npm run dev -- [--demo] [options of "hearthdesk serve"]
// --demo sets up a new ./data-dev with a company, tickets and a sign-in, and prints the sign-in.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { context } from 'esbuild';
import { buildAssets } from './build/assets.mjs';
import { projectRoot } from './build/files.mjs';
import { nodeBundle } from './build/node-bundle.mjs';
import { insistOnNode24 } from './build/platform.mjs';

insistOnNode24();
const bundle = join(projectRoot, '.cache', 'dev', 'main.cjs');
const data = join(projectRoot, 'data-dev');
const owner = { email: 'owner@example.com', password: 'a long enough password' };
const wantsDemo = process.argv.includes('--demo');
const options = process.argv.slice(2).filter((option) => option !== '--demo');

const server = { process: undefined };
const entry = join(projectRoot, 'server', 'main.ts');
const readable = { minifyWhitespace: false, minifySyntax: false, sourcemap: true };
const bundler = await context({ ...nodeBundle({ root: projectRoot, entry, outfile: bundle }), ...readable });

if ((await built()) && wantsDemo && !existsSync(data)) fillWithDemoData();
if (wantsDemo) console.log(`Sign in as ${owner.email} with the password "${owner.password}".`);
await restart();
watchSources(async () => {
  if (await built()) await restart();
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    await stop();
    process.exit(0);
  });
}

/** A mistake in a source is shown, and the server of before goes on until it is mended. */
async function built() {
  const startedAt = Date.now();
  try {
    await Promise.all([buildAssets(), bundler.rebuild()]);
  } catch (mistake) {
    console.error(mistake.message);
    return false;
  }
  console.log(`Built in ${Date.now() - startedAt} ms.`);
  return true;
}

async function restart() {
  await stop();
  if (!existsSync(bundle)) return;
  const started = [
    '--enable-source-maps',
    bundle,
    'serve',
    '--data',
    data,
    '--host',
    '127.0.0.1',
    '--port',
    '3000',
    ...options,
  ];
  server.process = spawn(process.execPath, started, { stdio: 'inherit' });
}

async function stop() {
  const running = server.process;
  server.process = undefined;
  if (!running || running.exitCode !== null || running.signalCode !== null) return;
  await new Promise((ended) => {
    running.once('exit', ended);
    running.kill('SIGTERM');
  });
}

/** An editor writes a file in several steps, so the work waits for a moment of quiet, and never runs twice at once. */
function watchSources(work) {
  let quiet;
  let busy = Promise.resolve();
  const changed = () => {
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      busy = busy.then(work);
    }, 60);
  };
  for (const folder of ['server', 'views', 'static', 'migrations']) {
    if (existsSync(join(projectRoot, folder))) watch(join(projectRoot, folder), { recursive: true }, changed);
  }
}

function fillWithDemoData() {
  const work = mkdtempSync(join(tmpdir(), 'hearthdesk-dev-'));
  const passwordFile = join(work, 'password');
  writeFileSync(passwordFile, owner.password, { mode: 0o600 });
  run(
    'setup',
    '--company',
    'Demo',
    '--owner-name',
    'Olivia Owner',
    '--owner-email',
    owner.email,
    '--owner-password-file',
    passwordFile,
  );
  run('demo', '--tickets', '300');
  rmSync(work, { recursive: true });
}

function run(command, ...given) {
  const { status } = spawnSync(process.execPath, [bundle, command, '--data', data, ...given], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
