// The words of the pages: the same in every language, all of them there, none of them idle.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { LOCALES, openCatalogues } from '../server/i18n';

const root = join(__dirname, '..');
const messagesOf = (locale: string) =>
  JSON.parse(readFileSync(join(root, 'server/i18n/locales', `${locale}.json`), 'utf8')) as Record<
    string,
    string
  >;

const english = messagesOf('en');
const keys = Object.keys(english);
/** `tickets`, `errors`, …: the first word of a key is its room. */
const rooms = [...new Set(keys.map((key) => key.slice(0, key.indexOf('.'))))];

/** What a message is filled with, by name and kind: `{n, plural, …}` is not `{n}`. */
function placeholders(message: string): string[] {
  const names = (elements: MessageFormatElement[]): string[] =>
    elements.flatMap((element) => {
      if (element.type === TYPE.literal || element.type === TYPE.pound) return [];
      if (element.type === TYPE.tag) return names(element.children);
      const inner =
        'options' in element ? Object.values(element.options).flatMap(({ value }) => names(value)) : [];
      return [`${element.value}${'options' in element ? ' plural' : ''}`, ...inner];
    });
  return [...new Set(names(parse(message, { ignoreTag: true })))].sort();
}

function filesUnder(path: string, endings: RegExp): string[] {
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

const sources = [...filesUnder('server', /\.ts$/), ...filesUnder('views', /\.ejs$/)].map((path) => ({
  path: path.slice(root.length + 1),
  text: readFileSync(path, 'utf8'),
}));

const KEY = `(?:${rooms.join('|')})\\.[A-Za-z0-9_.-]+`;
const LITERAL = new RegExp(`['"\`](${KEY})['"\`]`, 'g');
/** `tickets.status.${status}`: some key has to fit, and every key that fits counts as used. */
const TEMPLATE = new RegExp(`\`((?:${rooms.join('|')})\\.[^\`<>=]*\\$\\{[^\`]*)\``, 'g');

const patternOf = (template: string) =>
  new RegExp(
    `^${template
      .split(/\$\{(?:[^{}]|\{[^}]*\})*\}/)
      .map((part) => part.replaceAll('.', '\\.'))
      .join('[A-Za-z0-9_.-]+')}$`,
  );

const literals = sources.flatMap(({ path, text }) =>
  [...text.matchAll(LITERAL)].map(([, key]) => ({ path, key: key as string })),
);
const templates = sources.flatMap(({ path, text }) =>
  [...text.matchAll(TEMPLATE)].map(([, template]) => ({ path, template: template as string })),
);

describe.each(LOCALES.filter((locale) => locale !== 'en'))('%s', (locale) => {
  const messages = messagesOf(locale);

  test('has the keys of English, and no others', () => {
    expect(Object.keys(messagesOf(locale))).toEqual(keys);
  });

  test('fills each message with the same values', () => {
    const different = keys.filter(
      (key) =>
        messages[key] !== undefined &&
        placeholders(english[key] as string).join() !== placeholders(messages[key]).join(),
    );

    expect(different).toEqual([]);
  });

  test('says something everywhere', () => {
    expect(keys.filter((key) => messages[key]?.trim() === '')).toEqual([]);
  });
});

test('keys stand in order, once', () => {
  expect(keys).toEqual(keys.toSorted());
  expect(new Set(keys).size).toBe(keys.length);
});

test('every key that the code or a view names exists', () => {
  const isKey = ({ key }: { key: string }) => english[key] !== undefined;
  const asked = sources.flatMap(({ path, text }) =>
    [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key]) => ({ path, key: key as string })),
  );

  expect(asked.filter((one) => !isKey(one)).map(({ path, key }) => `${path}: ${key}`)).toEqual([]);
});

test('every key that is put together has at least one that fits', () => {
  const empty = templates.filter(({ template }) => !keys.some((key) => patternOf(template).test(key)));

  expect(empty.map(({ path, template }) => `${path}: ${template}`)).toEqual([]);
});

test('no key is idle', () => {
  const named = new Set(literals.map(({ key }) => key));
  const patterns = templates.map(({ template }) => patternOf(template));
  const idle = keys.filter((key) => !named.has(key) && !patterns.some((pattern) => pattern.test(key)));

  expect(idle).toEqual([]);
});

test('every message can be said with its values, in every language', () => {
  const catalogues = openCatalogues();
  for (const locale of LOCALES) {
    for (const [key, message] of Object.entries(messagesOf(locale))) {
      const values = Object.fromEntries(
        placeholders(message).map((name) => [name.replace(' plural', ''), name.endsWith('plural') ? 3 : 'x']),
      );
      expect(catalogues[locale](key, Object.keys(values).length > 0 ? values : undefined)).not.toMatch(
        /\{|\}/,
      );
    }
  }
});

test('a key that is missing is an error, not a hole in a page', () => {
  expect(() => openCatalogues().en('tickets.no.such.key')).toThrow('has no "tickets.no.such.key"');
});

test('LOOK: no exclamation marks', () => {
  for (const locale of LOCALES) {
    expect(
      Object.entries(messagesOf(locale))
        .filter(([, message]) => message.includes('!'))
        .map(([key]) => `${locale} ${key}`),
    ).toEqual([]);
  }
});
