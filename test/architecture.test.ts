// The rules of the house (DESIGN 1, 7, 8): who may import whom and what, and what a file looks like.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { DOMAINS, PLATFORM } from './support/rooms';

interface Import {
  from: string;
  /** As it is written. */
  what: string;
  typeOnly: boolean;
}

interface Source {
  path: string;
  text: string;
  imports: Import[];
}

const root = join(__dirname, '..');
const everything = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => /\.(ts|mjs|ejs|css|sql)$/.test(path));

const IMPORT = /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;

function read(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8');
  const imports = [...text.matchAll(IMPORT)].map(([statement, type, name, dynamic]) => ({
    from: path,
    what: (name ?? dynamic) as string,
    typeOnly: type !== undefined || onlyTypes(statement),
  }));
  return { path, text, imports };
}

/** `import { type A, type B } from …` vanishes as well. */
function onlyTypes(statement: string): boolean {
  const names = /\{([^}]*)\}/.exec(statement)?.[1];
  const list =
    names
      ?.split(',')
      .map((name) => name.trim())
      .filter(Boolean) ?? [];
  return (
    list.length > 0 && list.every((name) => name.startsWith('type ')) && !/^\w+\s+\w+\s*,/.test(statement)
  );
}

const sources = everything.filter((path) => path.startsWith('server/') && path.endsWith('.ts')).map(read);
const imports = sources.flatMap((source) => source.imports);

const isDomain = (room: string) => DOMAINS.includes(room);
const isPlatform = (room: string) => PLATFORM.includes(room);

/** The room a path under server/ stands in; '' for the files of the hall: app, boot, cli… */
const roomOf = (path: string) => /^server\/([^/]+)\//.exec(path)?.[1] ?? '';
/** What a relative import points at, from the project's folder, without its ending. */
const targetOf = ({ from, what }: Import) => normalize(join(dirname(from), what));
/** The room that an import leads into; '' for the hall. */
function roomBehind(one: Import): string {
  const [, room = ''] = targetOf(one).split('/');
  return isDomain(room) || isPlatform(room) ? room : '';
}
const inside = imports.filter(({ what }) => what.startsWith('.'));
const outside = imports.filter(({ what }) => !what.startsWith('.') && !what.startsWith('node:'));
const show = ({ from, what }: Import) => `${from} imports ${what}`;

test('every room of the server is on the plan', () => {
  const rooms = new Set(sources.map(({ path }) => roomOf(path)).filter(Boolean));

  expect([...rooms].filter((room) => !isDomain(room) && !isPlatform(room))).toEqual([]);
});

describe('the ladder', () => {
  test('the platform knows nothing of domains', () => {
    const wrong = inside.filter((one) => isPlatform(roomOf(one.from)) && isDomain(roomBehind(one)));

    expect(wrong.map(show)).toEqual([]);
  });

  test('a domain imports only domains to its left', () => {
    const wrong = inside.filter((one) => {
      const [from, to] = [roomOf(one.from), roomBehind(one)];
      return isDomain(from) && isDomain(to) && DOMAINS.indexOf(to) > DOMAINS.indexOf(from);
    });

    expect(wrong.map(show)).toEqual([]);
  });

  test('a domain is entered through its index only', () => {
    const wrong = inside.filter((one) => {
      const [from, to] = [roomOf(one.from), roomBehind(one)];
      return isDomain(to) && from !== to && targetOf(one) !== `server/${to}`;
    });

    expect(wrong.map(show)).toEqual([]);
  });

  test('rooms take from the hall what was laid out for them, and nothing else', () => {
    const laidOut = ['server/app', 'server/config', 'server/data-folder', 'server/version'];
    const wrong = inside.filter((one) => {
      const target = targetOf(one);
      return roomOf(one.from) !== '' && roomBehind(one) === '' && !laidOut.includes(target);
    });

    expect(wrong.map(show)).toEqual([]);
  });

  test('what belongs to everybody is a type: nobody imports a built part of the house', () => {
    const wrong = inside.filter(
      (one) => roomOf(one.from) !== '' && targetOf(one) === 'server/app' && !one.typeOnly,
    );

    expect(wrong.map(show)).toEqual([]);
  });
});

describe('libraries', () => {
  const only = (
    names: string[],
    allowed: (path: string) => boolean,
    options: { typesAnywhere?: boolean } = {},
  ) =>
    outside
      .filter(
        ({ what, typeOnly }) =>
          names.some((name) => what === name || what.startsWith(`${name}/`)) &&
          !(options.typesAnywhere && typeOnly),
      )
      .filter(({ from }) => !allowed(from))
      .map(show);

  test('express only in web/ and in routes', () => {
    expect(
      only(['express', 'multer', 'helmet'], (path) => /^server\/web\/|routes\.ts$/.test(path), {
        typesAnywhere: true,
      }),
    ).toEqual([]);
  });

  test('socket.io only in realtime/ and in sockets', () => {
    expect(
      only(['socket.io'], (path) => /^server\/realtime\/|sockets\.ts$/.test(path), { typesAnywhere: true }),
    ).toEqual([]);
  });

  test('better-sqlite3 only in db/', () => {
    expect(only(['better-sqlite3'], (path) => path.startsWith('server/db/'))).toEqual([]);
  });

  test('mail libraries only in mail/', () => {
    expect(
      only(['imapflow', 'nodemailer', 'mailauth', 'iconv-lite'], (path) => path.startsWith('server/mail/')),
    ).toEqual([]);
  });

  test('what only tests and builds need is not in the server', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const names = Object.keys(devDependencies).filter((name) => !name.startsWith('@types/'));

    expect(only(names, () => false, { typesAnywhere: true })).toEqual([]);
  });

  test('the environment and the command line are read in config.ts, cli.ts and main.ts only', () => {
    const wrong = sources.filter(
      ({ path, text }) => /process\.(env|argv)\b/.test(text) && !/^server\/(config|cli|main)\.ts$/.test(path),
    );
    const env = sources.filter(
      ({ path, text }) => /process\.env\b/.test(text) && path !== 'server/config.ts',
    );

    expect(wrong.map(({ path }) => path)).toEqual([]);
    expect(env.map(({ path }) => path)).toEqual([]);
  });

  test('routes and sockets hold no SQL', () => {
    const wrong = sources.filter(
      ({ path, text }) =>
        /(routes|sockets)\.ts$/.test(path) &&
        /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b .*\b(FROM|SET|VALUES|WHERE)\b/.test(text),
    );

    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});

describe('files', () => {
  const written = everything.filter(
    (path) => /^(server|static|test|views|scripts)\//.test(path) && !path.includes('/fixtures/'),
  );
  const code = written.filter((path) => /\.(ts|mjs)$/.test(path) && !path.endsWith('.d.ts')).map(read);

  test('none is longer than 300 lines', () => {
    const long = written
      .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > 300);

    expect(long.map(({ path, lines }) => `${path} ${lines}`)).toEqual([]);
  });

  test('each begins with a line that says what it is for', () => {
    expect(code.filter(({ text }) => !/^(#!.*\n)?(\/\/ \S|\/\*)/.test(text)).map(({ path }) => path)).toEqual(
      [],
    );
  });

  test('names are plain words', () => {
    const vague = /(^|[-/.])(utils?|helpers?|common|misc|managers?|services?|handlers?|handle)([-/.]|$)/;
    const inCode =
      /\b(?:const|let|function|class|interface|type)\s+(\w*(?:Utils?|Helpers?|Manager|Service)|handle[A-Z]\w*)\b/;

    expect(written.filter((path) => vague.test(path) && path !== 'server/realtime/event-handler.ts')).toEqual(
      [],
    );
    expect(
      code.flatMap(({ path, text }) => (inCode.exec(text) ? [`${path}: ${inCode.exec(text)?.[1]}`] : [])),
    ).toEqual([]);
  });

  test('file names are kebab-case', () => {
    expect(written.filter((path) => !/^[a-z0-9_./-]+$/.test(path))).toEqual([]);
  });

  test('nothing is left undone, and no check is switched off without a word', () => {
    const left = new RegExp(
      `\\b(${['TO', 'FIX'].map((word) => `${word}${word === 'TO' ? 'DO' : 'ME'}`).join('|')}|XXX)\\b|@ts-(ignore|nocheck|expect-error)|eslint-disable`,
    );
    const loose = /(:|\bas|<|,)\s*any\b(?!\w| other|\s+[a-z])/;
    const inWords = /^\s*(\/\/|\*|\/\*)/;

    expect(
      code
        .filter(({ path, text }) => path !== 'test/architecture.test.ts' && left.test(text))
        .map(({ path }) => path),
    ).toEqual([]);
    const any = code.flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, n) =>
          !inWords.test(line) && !/['"`].*\bany\b.*['"`]/.test(line) && loose.test(line)
            ? [`${path}:${n + 1}`]
            : [],
        ),
    );
    expect(any.filter((place) => !place.startsWith('test/architecture'))).toEqual([]);
  });

  test('no module of the server does anything when it is imported', () => {
    const acts =
      /^(?!export|import|const|let|function|async function|class|abstract|interface|type|declare|describe|test)[a-zA-Z_$][\w$.]*\s*(\(|=[^>=]|\+\+)/m;
    const wrong = sources.filter(
      ({ path, text }) => acts.test(text) && !/(^server\/main|-worker)\.ts$/.test(path),
    );

    expect(wrong.map(({ path, text }) => `${path}: ${acts.exec(text)?.[0]}`)).toEqual([]);
  });

  test('only commands speak on standard output', () => {
    const wrong = sources.filter(
      ({ path, text }) => /\bconsole\./.test(text) && !/^server\/(cli|serve|main)\.ts$/.test(path),
    );

    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  // Node (24.21 and before) writes past its memory for an odd number of bytes at an odd place (nodejs/node pull request 64697).
  test('AC-28: UTF-16 from outside is read by the decoders of charsets, never by toString', () => {
    const wrong = sources.filter(({ text }) => /toString\(\s*['"](ucs|utf-?16)|ucs2Slice/i.test(text));

    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test('no test is skipped, alone, or asleep', () => {
    const idle = /\b(test|describe|it)\.(skip|only|todo)\b|\bx(test|it|describe)\(|\bsleep\(/;

    expect(
      code
        .filter(
          ({ path, text }) =>
            path.startsWith('test/') && idle.test(text) && path !== 'test/architecture.test.ts',
        )
        .map(({ path }) => path),
    ).toEqual([]);
  });
});
