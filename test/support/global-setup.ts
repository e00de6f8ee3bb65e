// Runs once before all tests: brings the assets up to date, in a process of its own because the build is no TypeScript.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * A mistake in one part, say a style sheet, is shown and leaves that part without files, so the tests that need it
 * fail; the others can go on. scripts/test builds beforehand and counts it.
 */
export default function prepareAssets(): void {
  if (!process.versions.node.startsWith('24.')) {
    throw new Error(
      `This is Node ${process.versions.node}; the tests need the packaged Node 24: run them as "npm test".`,
    );
  }
  const script = join(__dirname, '../../scripts/build/assets.mjs');
  spawnSync(process.execPath, [script], { stdio: ['ignore', 'inherit', 'inherit'] });
}
