// Makes one sprite of the Lucide icons that static/icons/icons.txt names, one name a line.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './files.mjs';

const list = 'static/icons/icons.txt';
const lucide = join(projectRoot, 'node_modules/lucide-static/icons');

/** The sprite, with `<symbol id="inbox">` for the line "inbox"; undefined when there is no list. */
export function iconSprite(root) {
  const file = join(root, list);
  if (!existsSync(file)) return undefined;
  const names = new Set(
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line && !line.startsWith('#')),
  );
  const symbols = [...names].sort().map(symbol);
  return { svg: `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`, inputs: [list] };
}

function symbol(name) {
  const file = join(lucide, `${name}.svg`);
  if (!existsSync(file)) throw new Error(`${list} names "${name}", which Lucide does not have.`);
  const [, shapes] = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(readFileSync(file, 'utf8'));
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s*\n\s*/g, '')}</symbol>`;
}
