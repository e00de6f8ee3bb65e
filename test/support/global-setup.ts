// Runs once before all tests: brings the assets up to date, in a process of its own because the build is no TypeScript.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export default function prepareAssets(): void {
  if (!process.versions.node.startsWith('24.')) {
    throw new Error(
      `This is Node ${process.versions.node}; the tests need the packaged Node 24: run them as "npm test".`,
    );
  }
  const script = join(__dirname, '../../scripts/build/assets.mjs');
  execFileSync(process.execPath, [script], { stdio: ['ignore', 'inherit', 'inherit'] });
}
