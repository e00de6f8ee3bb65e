// What ships inside Hearthdesk, as the server sees it and as the build makes it.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { findAsset, listAssets, projectFolder, readAsset } from '../../server/lib/assets';

describe('reading assets', () => {
  test('the migrations are there, in order', () => {
    const names = listAssets('migrations/');

    expect(names).toContain('migrations/0001-start.sql');
    expect(names).toEqual([...names].sort());
    expect(readAsset('migrations/0001-start.sql')).toEqual(
      readFileSync(join(projectFolder(), 'migrations/0001-start.sql')),
    );
  });

  test('a missing asset is undefined when looked for and an error with its name when needed', () => {
    expect(findAsset('views/nowhere.ejs')).toBeUndefined();
    expect(() => readAsset('views/nowhere.ejs')).toThrow('There is no asset "views/nowhere.ejs"');
  });

  test('a name cannot climb out of the assets', () => {
    expect(existsSync(join(projectFolder(), '.cache/assets/../assets.json'))).toBe(true);
    expect(findAsset('../assets.json')).toBeUndefined();
    expect(findAsset('static/../../assets.json')).toBeUndefined();
  });
});

describe('building assets', () => {
  let project: string;

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'hearthdesk-assets-'));
    symlinkSync(join(projectFolder(), 'node_modules'), join(project, 'node_modules'));
    cpSync(join(projectFolder(), 'package-lock.json'), join(project, 'package-lock.json'));
  });
  afterEach(() => rmSync(project, { recursive: true, force: true }));

  test('views, migrations and locales arrive unchanged, and leave with their source', () => {
    put('views/tickets/show.ejs', '<h1>Ticket</h1>');
    put('migrations/0001-start.sql', 'SELECT 1;');
    put('server/i18n/locales/lv/tickets.json', '{"reply":"Atbildēt"}');
    build();
    expect(asset('views/tickets/show.ejs')).toBe('<h1>Ticket</h1>');
    expect(asset('locales/lv/tickets.json')).toBe('{"reply":"Atbildēt"}');

    rmSync(join(project, 'views/tickets/show.ejs'));
    build();
    expect(existsSync(assetFile('views/tickets/show.ejs'))).toBe(false);
    expect(asset('migrations/0001-start.sql')).toBe('SELECT 1;');
  });

  test('styles and scripts are named by their content and come with compressed siblings', () => {
    put('static/css/desk.css', '@layer base; @import "./page.css" layer(base);');
    put('static/css/page.css', '.page { color: light-dark(#111, #eee) }');
    put('static/js/desk.ts', 'const greeting: string = "hello from the desk"; console.log(greeting);');
    build();

    const manifest = manifestOf();
    expect(Object.keys(manifest).sort()).toEqual(['css/desk.css', 'js/desk.js']);
    expect(manifest['css/desk.css']).toMatch(/^css\/desk-[A-Z0-9]{8}\.css$/);
    const script = readFileSync(assetFile(`static/${manifest['js/desk.js']}`));
    expect(script.toString()).toContain('hello from the desk');
    expect(brotliDecompressSync(readFileSync(assetFile(`static/${manifest['js/desk.js']}.br`)))).toEqual(
      script,
    );
    expect(gunzipSync(readFileSync(assetFile(`static/${manifest['js/desk.js']}.gz`)))).toEqual(script);

    put('static/css/page.css', '.page { color: light-dark(#222, #ddd) }');
    build();
    expect(manifestOf()['css/desk.css']).not.toBe(manifest['css/desk.css']);
    expect(manifestOf()['js/desk.js']).toBe(manifest['js/desk.js']);
    expect(existsSync(assetFile(`static/${manifest['css/desk.css']}`))).toBe(false);
  });

  test('nothing is written again when nothing changed', () => {
    put('static/js/desk.ts', 'console.log(1);');
    put('views/home.ejs', 'home');
    build();
    const before = ['static/manifest.json', 'views/home.ejs', 'native/argon2.node'].map(written);

    build();
    expect(['static/manifest.json', 'views/home.ejs', 'native/argon2.node'].map(written)).toEqual(before);
  });

  test('the font travels with the style that imports it, and stays as it is', () => {
    put('static/css/desk.css', '@import "@fontsource-variable/inter/wght.css";');
    build();

    for (const script of ['latin', 'latin-ext']) {
      const font = manifestOf()[`fonts/inter-${script}-wght-normal.woff2`];
      expect(
        readFileSync(assetFile(`static/${font}`))
          .subarray(0, 4)
          .toString(),
      ).toBe('wOF2');
      expect(asset(`static/${manifestOf()['css/desk.css']}`)).toContain(`url("../${font}")`);
      expect(existsSync(assetFile(`static/${font}.br`))).toBe(false);
    }
  });

  test('the icons of the list become one sprite', () => {
    put('static/icons/icons.txt', '# the rail\ninbox\nsettings\n\n');
    build();

    const sprite = asset(`static/${manifestOf()['icons.svg']}`);
    expect(sprite.match(/<symbol id="[^"]+"/g)).toEqual(['<symbol id="inbox"', '<symbol id="settings"']);
    expect(sprite).not.toContain('stroke=');
  });

  test('an icon that does not exist stops the build with its name', () => {
    put('static/icons/icons.txt', 'inbox\ninboks\n');

    expect(build).toThrow('static/icons/icons.txt names "inboks", which Lucide does not have.');
  });

  test('a worker becomes one file that needs no package beside it', () => {
    put(
      'server/mail/parse-worker.ts',
      'import { z } from "zod"; process.stdout.write(z.string().parse("parsed"));',
    );
    build();

    const alone = mkdtempSync(join(tmpdir(), 'hearthdesk-worker-'));
    cpSync(assetFile('workers/parse.js'), join(alone, 'parse.cjs'));
    expect(execFileSync(process.execPath, ['parse.cjs'], { cwd: alone, encoding: 'utf8' })).toBe('parsed');
    rmSync(alone, { recursive: true });
  });

  test('a mistake in one part stops the build but leaves the others whole, and nothing old in its own', () => {
    put('static/css/desk.css', '.page { color: red }');
    put('server/mail/parse-worker.ts', 'console.log("parsed");');
    build();
    put('static/css/desk.css', '@import "./gone.css";');
    put('server/mail/parse-worker.ts', 'console.log("parsed better");');

    expect(build).toThrow('Could not resolve "./gone.css"');
    expect(asset('workers/parse.js')).toContain('parsed better');
    expect(existsSync(assetFile('static/manifest.json'))).toBe(false);

    put('static/css/gone.css', '.page { color: green }');
    build();
    expect(asset(`static/${manifestOf()['css/desk.css']}`)).toContain('green');
  });

  test('two workers of one name stop the build', () => {
    put('server/mail/parse-worker.ts', '');
    put('server/chat/parse-worker.ts', '');

    expect(build).toThrow('Two workers would both be workers/parse.js');
  });

  function put(name: string, text: string): void {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }

  function build(): void {
    const script = join(projectFolder(), 'scripts/build/assets.mjs');
    execFileSync(process.execPath, [script, '--root', project], { stdio: 'pipe' });
  }

  const assetFile = (name: string): string => join(project, '.cache/assets', name);
  const asset = (name: string): string => readFileSync(assetFile(name), 'utf8');
  const written = (name: string): number => statSync(assetFile(name)).mtimeMs;
  const manifestOf = (): Record<string, string> =>
    JSON.parse(asset('static/manifest.json')) as Record<string, string>;
});
