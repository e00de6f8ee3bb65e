// Bundles server code into one CommonJS file that needs nothing beside it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from './files.mjs';

const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));

/** esbuild options for code that runs in Node; `entry` and `outfile` are absolute. */
export function nodeBundle({ root, entry, outfile }) {
  return {
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // Names stay, for stack traces. What goes is comments and space: 2 MB of source text.
    charset: 'ascii',
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    logLevel: 'silent',
    metafile: true,
    // ws asks for these two and does well without them.
    external: ['bufferutil', 'utf-8-validate'],
    define: {
      HEARTHDESK_VERSION: JSON.stringify(version),
      // Without it Express, started with an empty environment, would show strangers its stack traces.
      'process.env.NODE_ENV': '"production"',
      // Packages that are ES modules only ask where they are; in the bundle that is the bundle.
      'import.meta.url': 'whereThisIs',
    },
    banner: { js: "const whereThisIs = require('node:url').pathToFileURL(__filename).href;" },
    plugins: [ourAddonLoader, oneLanguageOfZod],
  };
}

/** The bundle's text and the files it was made from, relative to `root`. */
export async function bundleForNode({ root, entry }) {
  const outfile = join(root, 'bundle.js');
  const result = await build({ ...nodeBundle({ root, entry, outfile }), write: false });
  return { code: inAscii(result.outputFiles[0].text), inputs: fileInputs(result.metafile) };
}

/**
 * V8 keeps source text for good: one byte a character when all is ASCII, else two, which here is 5 MB. esbuild leaves
 * other characters in comments and regular expressions, and in both an escape means the same.
 */
function inAscii(code) {
  return code.replace(
    /[^\0-\x7f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The real files among what a bundle was made from. */
export function fileInputs(metafile) {
  return Object.keys(metafile.inputs).filter((input) => !/^[a-z-]+:/.test(input));
}

/**
 * Both addons' packages look for their compiled half on the disk; in a bundle it comes from server/lib/native.ts.
 * argon2 asks when it is imported, so it gets a function that loads on the first password.
 */
const ourAddonLoader = {
  name: 'our addon loader',
  setup(bundler) {
    const loader = (exported) => ({
      contents: `const { loadNative } = require('./server/lib/native'); ${exported}`,
      resolveDir: projectRoot,
    });
    bundler.onResolve({ filter: /^node-gyp-build$/ }, ({ path }) => ({ path, namespace: 'our-addon' }));
    bundler.onLoad({ filter: /./, namespace: 'our-addon' }, () =>
      loader("module.exports = () => ({ hash: (...input) => loadNative('argon2').hash(...input) });"),
    );
    bundler.onLoad({ filter: /better-sqlite3[/\\]lib[/\\]binding\.js$/ }, () =>
      loader("exports.getBinding = () => loadNative('better_sqlite3');"),
    );
  },
};

/** zod carries its own messages in forty languages; ours are keys of the catalogue, so one is enough (half a megabyte). */
const oneLanguageOfZod = {
  name: 'one language of zod',
  setup(bundler) {
    bundler.onLoad({ filter: /zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      resolveDir: join(projectRoot, 'node_modules/zod/v4/locales'),
    }));
  },
};
