// Builds what browsers load: bundled, minified, with a hash of the content in the name, compressed beforehand.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, extname, join, relative } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { filesUnder, writeIfChanged } from './files.mjs';
import { iconSprite } from './icons.mjs';
import { fileInputs } from './node-bundle.mjs';

// Agents have browsers of today (light-dark() and nesting reached all of them in 2024); a visitor may not.
const groups = [
  {
    entries: ['css/desk.css', 'css/mail.css', 'js/desk.ts'],
    target: ['chrome123', 'edge123', 'firefox128', 'safari17.5'],
  },
  {
    entries: [
      'css/widget.css',
      'widget/loader.ts',
      'widget/recall.ts',
      'widget/frame.ts',
      'widget/plain.css',
    ],
    target: ['chrome100', 'edge100', 'firefox100', 'safari15.4'],
  },
];
const compressible = new Set(['.css', '.js', '.svg']);

/** What has to be built again when it changes, besides the files that were read. */
export function staticSources(root) {
  const present = groups
    .flatMap(({ entries }) => entries)
    .filter((entry) => existsSync(join(root, 'static', entry)));
  return [...present, ...pictures(root), existsSync(join(root, 'static/icons/icons.txt'))];
}

/**
 * Writes `static/**` into `out`, with `static/manifest.json` from plain names to those with a hash:
 * "css/desk.css", "js/desk.js", "widget/loader.js", "icons.svg", "fonts/….woff2", "images/…".
 */
export async function buildStatic({ root, out, workshop }) {
  const manifest = {};
  const inputs = [];
  const files = new Map();

  for (const group of groups) {
    const bundle = await bundleForBrowsers(root, group);
    Object.assign(manifest, bundle.manifest);
    inputs.push(...bundle.inputs);
    for (const [name, bytes] of bundle.files) files.set(name, bytes);
  }
  const add = (plain, bytes) => {
    const extension = extname(plain);
    const hash = createHash('sha256')
      .update(bytes)
      .digest('base64url')
      .replace(/[-_]/g, '')
      .slice(0, 8)
      .toUpperCase();
    manifest[plain] = `${plain.slice(0, -extension.length)}-${hash}${extension}`;
    files.set(manifest[plain], bytes);
  };
  for (const picture of pictures(root)) {
    add(picture, readFileSync(join(root, 'static', picture)));
    inputs.push(join('static', picture));
  }
  const sprite = iconSprite(root);
  if (sprite) add('icons.svg', sprite.svg);
  inputs.push(...(sprite?.inputs ?? []));

  const outputs = [...files].flatMap(([name, bytes]) => writeCompressed({ out, workshop, name, bytes }));
  writeIfChanged(join(out, 'static/manifest.json'), JSON.stringify(manifest, null, 2), workshop);
  return { inputs, outputs: [...outputs, 'static/manifest.json'] };
}

async function bundleForBrowsers(root, { entries, target }) {
  const present = entries
    .map((entry) => join('static', entry))
    .filter((entry) => existsSync(join(root, entry)));
  if (present.length === 0) return { manifest: {}, inputs: [], files: [] };
  const result = await build({
    absWorkingDir: root,
    entryPoints: present,
    outbase: 'static',
    outdir: join(root, 'out'),
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    format: 'iife',
    target,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
    entryNames: '[dir]/[name]-[hash]',
    assetNames: 'fonts/[name]-[hash]',
    loader: { '.woff2': 'file' },
  });
  const manifest = {};
  for (const [output, { entryPoint, inputs }] of Object.entries(result.metafile.outputs)) {
    const name = relative('out', output);
    const source = entryPoint
      ? relative('static', entryPoint).replace(/\.ts$/, '.js')
      : join('fonts', basename(Object.keys(inputs)[0]));
    manifest[source] = name;
  }
  const files = result.outputFiles.map((file) => [relative(join(root, 'out'), file.path), file.contents]);
  return { manifest, inputs: fileInputs(result.metafile), files };
}

/** The file and, where it pays, its two compressed siblings; a name with a hash is never written twice. */
function writeCompressed({ out, workshop, name, bytes }) {
  const asset = join('static', name);
  const siblings = compressible.has(extname(name)) ? [`${asset}.br`, `${asset}.gz`] : [];
  const done = [asset, ...siblings].every((file) => existsSync(join(out, file)));
  if (!done) {
    for (const sibling of siblings) {
      const packed = sibling.endsWith('.br') ? brotliCompressSync(bytes) : gzipSync(bytes, { level: 9 });
      writeIfChanged(join(out, sibling), packed, workshop);
    }
    writeIfChanged(join(out, asset), bytes, workshop);
  }
  return [asset, ...siblings];
}

function pictures(root) {
  return filesUnder(join(root, 'static/images')).map((name) => join('images', name));
}
