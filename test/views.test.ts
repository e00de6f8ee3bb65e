// Views: all compile, let nothing raw through but what was made safe, and speak through the catalogue only.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTemplates } from '../server/web';

const folder = join(__dirname, '../views');
const views = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ejs'))
  .sort()
  .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

const list = (found: { name: string }[]) => found.map(({ name }) => name);
/** What stands between the tags of EJS and of HTML: the words that a reader would see, but names of keys. */
const wordsOf = (text: string) =>
  text
    .replace(/<%[\s\S]*?%>/g, '\u0001')
    .replace(/<kbd\b[\s\S]*?<\/kbd>/g, '')
    .replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/<(?:[^<>"']|"[^"]*"|'[^']*')*>/g, '\u0001')
    .replace(/&[a-z]+;|&#\d+;/g, '');

test('all templates compile', () => {
  const include = openTemplates((name) => `/static/${name}`);

  expect(views.length).toBeGreaterThan(40);
  expect(() => include('no/such/view', {})).toThrow('there is no view called no/such/view');
});

test('every view says in its first line what it is', () => {
  expect(list(views.filter(({ name, text }) => !text.startsWith(`<%# views/${name}  `)))).toEqual([]);
});

test('AC-06: raw output is another view, or HTML whose name says that it was made safe', () => {
  const raw = views.flatMap(({ name, text }) =>
    [...text.matchAll(/<%-([\s\S]*?)-?%>/g)].map(([, code]) => ({ name, code: (code ?? '').trim() })),
  );
  const safe = /^include\('[a-z/_-]+', [\s\S]*\)$|^[\w.]+Html$|^page\.\w+Html$/;

  expect(raw.length).toBeGreaterThan(50);
  expect(raw.filter(({ code }) => !safe.test(code)).map(({ name, code }) => `${name}: ${code}`)).toEqual([]);
});

test('every view that is included exists', () => {
  const names = new Set(views.map(({ name }) => name.replace('.ejs', '')));
  const included = views.flatMap(({ name, text }) =>
    [...text.matchAll(/include\('([^']+)'/g)].map(([, other]) => ({ name, other: other ?? '' })),
  );

  expect(
    included.filter(({ other }) => !names.has(other)).map(({ name, other }) => `${name}: ${other}`),
  ).toEqual([]);
});

test('no view is idle', () => {
  const code = readdirSync(join(__dirname, '../server'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(__dirname, '../server', file), 'utf8'));
  const all = [...code, ...views.map(({ text }) => text)].join('\n');
  const idle = views.filter(
    ({ name }) => !all.includes(`'${name.replace('.ejs', '')}'`) && !name.startsWith('layouts/'),
  );

  expect(list(idle)).toEqual([]);
});

test('no words stand in a view: they come from the catalogue', () => {
  const spoken = views.flatMap(({ name, text }) =>
    wordsOf(text)
      .split('\u0001')
      .map((words) => words.trim())
      .filter((words) => /\p{L}{2}/u.test(words) && words !== 'Hearthdesk')
      .map((words) => `${name}: ${words}`),
  );

  expect(spoken).toEqual([]);
});

test('nor in the attributes that are read out or shown', () => {
  const attribute = /\b(?:title|aria-label|placeholder|alt)="([^"]*)"/g;
  const spoken = views.flatMap(({ name, text }) =>
    [...text.replace(/<%[\s\S]*?%>/g, '').matchAll(attribute)]
      .filter(([, words]) => /\p{L}{2}/u.test(words ?? ''))
      .map(([whole]) => `${name}: ${whole}`),
  );

  expect(spoken).toEqual([]);
});

test('CSP: no inline script, style or handler', () => {
  const inline = /<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle="|\son[a-z]+="|javascript:/i;

  expect(list(views.filter(({ text }) => inline.test(text.replace(/<%[\s\S]*?%>/g, ''))))).toEqual([]);
});

test('AC-10: no view is rendered with what a request brought, and Express looks for none', () => {
  const server = join(__dirname, '../server');
  const fromRequest = readdirSync(server, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((name) => ({ name, text: readFileSync(join(server, name), 'utf8') }))
    .filter(({ text }) =>
      /\bres\.render\(|\b(page|fragment|renderFragment)\([^;]*?,\s*req\.(body|query|params)\s*[,)]/.test(
        text,
      ),
    );
  expect(list(fromRequest)).toEqual([]);
});
