// Group commit: writes that arrive together share a transaction, and each stands or falls alone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, openDatabase, type Write, writeQueue } from '../../server/db';

let folder: string;
let db: Db;
let other: Db;
let write: Write;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'queue-'));
  db = openDatabase(join(folder, 'test.db'));
  db.sql.exec('CREATE TABLE words (word TEXT NOT NULL UNIQUE) STRICT');
  other = openDatabase(join(folder, 'test.db'), { readonly: true });
  write = writeQueue(db);
});
afterEach(() => {
  other.close();
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

const put = (word: string) => db.sql.prepare('INSERT INTO words VALUES (?)').run(word);
/** What another connection sees: only what is committed. */
const committed = () => other.sql.prepare('SELECT word FROM words ORDER BY rowid').pluck().all();

test('writes that arrive together are one commit, in their order', async () => {
  const before = db.epoch;

  await Promise.all(['one', 'two', 'three'].map((word) => write(() => put(word))));

  expect(committed()).toEqual(['one', 'two', 'three']);
  expect(db.epoch).toBe(before + 1);
});

test('C2: it resolves only after the commit', async () => {
  const seen = await write(() => put('hello')).then(committed);

  expect(seen).toEqual(['hello']);
});

test('one write that fails takes only its own part with it, and is told why', async () => {
  const outcomes = await Promise.allSettled([
    write(() => put('one')),
    write(() => {
      put('never');
      throw new Error('a change of mind');
    }),
    write(() => put('one')),
    write(() => put('two')),
  ]);

  expect(committed()).toEqual(['one', 'two']);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect(outcomes[1]).toMatchObject({ reason: { message: 'a change of mind' } });
  expect(outcomes[2]).toMatchObject({ reason: { code: 'SQLITE_CONSTRAINT_UNIQUE' } });
});

test('effects run after the commit, in order, and none of a write that failed', async () => {
  const seen: unknown[] = [];
  const noting = (word: string) => () => {
    put(word);
    db.afterCommit(() => seen.push([word, committed()]));
  };

  await Promise.allSettled([
    write(noting('one')),
    write(() => {
      noting('never')();
      throw new Error('no');
    }),
    write(noting('two')),
  ]);

  expect(seen).toEqual([
    ['one', ['one', 'two']],
    ['two', ['one', 'two']],
  ]);
});

test('an effect that throws harms neither what was committed nor the other effects', async () => {
  const failures: unknown[] = [];
  const seen: string[] = [];
  db.effectFailed = (error) => failures.push((error as Error).message);

  await Promise.all([
    write(() => {
      put('one');
      db.afterCommit(() => {
        throw new Error('nobody is connected');
      });
    }),
    write(() => {
      put('two');
      db.afterCommit(() => seen.push('two'));
    }),
  ]);

  expect(committed()).toEqual(['one', 'two']);
  expect(seen).toEqual(['two']);
  expect(failures).toEqual(['nobody is connected']);
});

test('when the commit itself fails everybody is told, and nothing of the group is stored', async () => {
  db.sql.exec('CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT');
  db.sql.exec(
    'CREATE TABLE children (parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED) STRICT',
  );
  const effects: string[] = [];

  const outcomes = await Promise.allSettled([
    write(() => {
      put('one');
      db.afterCommit(() => effects.push('one'));
    }),
    write(() => db.sql.prepare('INSERT INTO children VALUES (1)').run()),
  ]);

  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(committed()).toEqual([]);
  expect(effects).toEqual([]);
  await write(() => put('afterwards'));
  expect(committed()).toEqual(['afterwards']);
});

test('a full disk ends the whole group, and the next write works once there is room', async () => {
  const pages = db.sql.pragma('page_count', { simple: true }) as number;
  db.sql.pragma(`max_page_count = ${pages}`);

  const outcomes = await Promise.allSettled([
    write(() => put('small')),
    write(() => put('x'.repeat(100_000))),
  ]);

  expect(outcomes[1]).toMatchObject({ status: 'rejected', reason: { code: 'SQLITE_FULL' } });
  expect(committed().filter((word) => word !== 'small')).toEqual([]);
  expect(outcomes[0]?.status).toBe(committed().length === 1 ? 'fulfilled' : 'rejected');
  db.sql.pragma('max_page_count = 1000000');
  await write(() => put('afterwards'));
  expect(committed()).toContain('afterwards');
});

test('more writes than one group holds all arrive', async () => {
  await Promise.all(Array.from({ length: 300 }, (_, n) => write(() => put(`word ${n}`))));

  expect(committed()).toHaveLength(300);
});

test('a write that is asked for while the group runs waits for the next one', async () => {
  let inner: Promise<unknown> | undefined;
  await write(() => {
    put('outer');
    inner = write(() => put('inner'));
  });
  await inner;

  expect(committed()).toEqual(['outer', 'inner']);
});

describe('tx', () => {
  test('inside another it is a part of its own', () => {
    db.tx(() => {
      put('kept');
      expect(() =>
        db.tx(() => {
          put('undone');
          throw new Error('no');
        }),
      ).toThrow('no');
    });

    expect(committed()).toEqual(['kept']);
  });

  test('deeper parts fall with the part around them, effects too', () => {
    const seen: string[] = [];
    db.tx(() => {
      put('kept');
      const part = () =>
        db.tx(() => {
          db.tx(() => {
            put('deep');
            db.afterCommit(() => seen.push('deep'));
          });
          throw new Error('no');
        });
      expect(part).toThrow('no');
    });

    expect(committed()).toEqual(['kept']);
    expect(seen).toEqual([]);
  });

  test('an effect without a transaction around it runs at once', () => {
    const seen: string[] = [];
    db.afterCommit(() => seen.push('now'));

    expect(seen).toEqual(['now']);
  });

  test('an effect may write, and its own effects follow', () => {
    const seen: string[] = [];
    db.tx(() => {
      put('first');
      db.afterCommit(() =>
        db.tx(() => {
          put('second');
          db.afterCommit(() => seen.push('third'));
        }),
      );
    });

    expect(committed()).toEqual(['first', 'second']);
    expect(seen).toEqual(['third']);
  });
});

test('journal, durability, deletion and trust are set as DESIGN asks', () => {
  const pragma = (name: string) => db.sql.pragma(name, { simple: true });

  expect(pragma('journal_mode')).toBe('wal');
  expect(pragma('synchronous')).toBe(2);
  expect(pragma('secure_delete')).toBe(1);
  expect(pragma('foreign_keys')).toBe(1);
  expect(pragma('trusted_schema')).toBe(0);
});
