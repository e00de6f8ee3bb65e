// Remembers what each part of the build was made from, so that it is made again only when that has changed.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, projectRoot, writeIfChanged } from './files.mjs';

/**
 * `remake(part, question, make)` answers with the names of the part's files. `make` runs when the question (anything
 * that turns into JSON), one of the files it read last time, or the build itself is not what it was; it returns
 * `{ inputs, outputs }`: files relative to `root`, and names relative to `outputFolder`.
 */
export function openMemory({ root, file, outputFolder, workshop }) {
  const parts = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const buildItself = buildStamp(root);

  async function remake(part, question, make) {
    const asked = JSON.stringify([question, buildItself]);
    if (isFresh(parts[part], asked)) return parts[part].outputs;
    const startedAt = Date.now();
    const { inputs, outputs } = await make();
    const stamps = Object.fromEntries(inputs.map((input) => [input, stamp(join(root, input), startedAt)]));
    parts[part] = { asked, inputs: stamps, outputs };
    return outputs;
  }

  function isFresh(known, asked) {
    return (
      known?.asked === asked &&
      Object.entries(known.inputs).every(
        ([input, was]) => was !== null && was === stamp(join(root, input)),
      ) &&
      known.outputs.every((output) => existsSync(join(outputFolder, output)))
    );
  }

  return { remake, save: () => writeIfChanged(file, JSON.stringify(parts), workshop) };
}

/** What a file looks like from outside; null when it is gone, or was touched while the build was reading it. */
function stamp(file, startedAt = Number.POSITIVE_INFINITY) {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && found.mtimeMs < startedAt ? `${found.mtimeMs} ${found.size}` : null;
}

function buildStamp(root) {
  const own = filesUnder(import.meta.dirname).map((name) => join(import.meta.dirname, name));
  return [...own, join(root, 'package-lock.json'), join(projectRoot, 'package.json')].map((file) =>
    stamp(file),
  );
}
