// A copy of everything while the house runs, and back again (P4, O1, AC-59).
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { openHouse } from '../../server/boot';
import { readConfig } from '../../server/config';
import { findCustomerByAddress } from '../../server/customers';
import { DAY } from '../../server/lib/clock';
import { randomId } from '../../server/lib/ids';
import { makeBackup, makeNightlyBackup } from '../../server/privacy/backups';
import { backupFolder, listBackups } from '../../server/privacy/copies';
import { verifyFile } from '../../server/privacy/verify';
import { replyToTicket, searchTickets } from '../../server/tickets';
import { MORNING } from '../support/desk';
import { ADDRESS, leaveEverywhere, MARK } from './everywhere';
import { hitsIn, letter, openPlace, type Place } from './place';
import { freshFolder, restore } from './restoring';
import { erase } from './wishes';

let place: Place;
let outside: string;
const folders: string[] = [];

beforeEach(async () => {
  place = await openPlace();
  // As the server keeps it; the desk's key is one of its own.
  writeFileSync(join(place.data, 'secret.key'), place.app.key.toString('hex'), { mode: 0o600 });
  outside = folder();
});
afterEach(async () => {
  await place.close();
  for (const each of folders.splice(0)) rmSync(each, { recursive: true, force: true });
});

function folder(): string {
  const path = freshFolder();
  folders.push(path);
  return path;
}

const backup = async () => {
  const out = join(outside, `copy-${randomId().slice(0, 6)}.tar.gz`);
  await makeBackup(place.app, out);
  return out;
};

/** Looks into a restored folder with the product's own eyes. */
async function inside<T>(data: string, look: (house: ReturnType<typeof openHouse>) => T): Promise<T> {
  const house = openHouse(readConfig({ data }));
  try {
    return look(house);
  } finally {
    await house.close();
  }
}

test('a backup is whole: everything comes back, search and figures included', async () => {
  await place.arrives(
    letter({ from: 'Carla Jansone <carla@mail.example>', subject: 'Kettle', body: 'It whistles.' }),
  );
  await place.arrives(letter({ from: 'Per Olsen <per@mail.example>', subject: 'Spout', body: 'It drips.' }));
  const data = folder();

  const restored = await restore(data, await backup());

  expect(restored).toMatchObject({ tickets: 2, erasedAgain: 0, held: 0, otherKey: false });
  const tables = [
    'tickets',
    'messages',
    'customers',
    'customer_addresses',
    'inbound_mails',
    'participants',
    'thread_keys',
    'ticket_counts',
    'daily_facts',
    'agents',
  ];
  await inside(data, ({ app }) => {
    for (const table of tables) {
      const rows = (db: typeof app.db) => db.sql.prepare(`SELECT * FROM ${table}`).all();
      expect(rows(app.db)).toEqual(rows(place.app.db));
    }
    expect(searchTickets(app, place.owner, 'whistles', { limit: 5 }).hits.map((hit) => hit.number)).toEqual([
      1001,
    ]);
    expect(app.key).toEqual(place.app.key);
  });
  expect(
    readdirSync(join(data, 'mail'), { recursive: true }).filter((name) => String(name).length > 3),
  ).toHaveLength(2);
  expect(readdirSync(join(data, 'backups'))).toEqual([]);
});

test('a backup is made while mails keep coming in, and holds one moment of it', async () => {
  await place.arrives(letter({ from: 'Carla <carla@mail.example>', body: 'First.' }));
  const making = backup();
  for (let i = 0; i < 10; i++)
    await place.arrives(letter({ from: `Person ${i} <p${i}@mail.example>`, body: `Number ${i}.` }));
  const data = folder();

  const { tickets } = await restore(data, await making);

  expect(tickets).toBeGreaterThanOrEqual(1);
  await inside(data, ({ app }) => expect(app.db.sql.pragma('foreign_key_check')).toEqual([]));
});

test('O1: whatever was unsent when the copy was made is held back, and a person decides', async () => {
  const ticket = await place.arrives(letter({ from: 'Carla <carla@mail.example>', body: 'Hello?' }));
  const reply = {
    clientId: randomId(),
    seenSequence: 9,
    words: 'Yes?',
    thenStatus: 'pending' as const,
    sendAnyway: false,
  };
  place.app.db.tx(() => replyToTicket(place.app, place.ana, ticket as never, reply));
  const data = folder();

  expect(await restore(data, await backup())).toMatchObject({ held: 1 });

  await inside(data, ({ app }) => {
    expect(app.db.sql.prepare('SELECT state FROM outbox').all()).toEqual([{ state: 'held' }]);
    expect(
      app.db.sql.prepare("SELECT state FROM messages WHERE kind = 'reply' AND author_kind = 'agent'").all(),
    ).toEqual([{ state: 'held' }]);
    expect(app.db.sql.prepare('SELECT count(*) AS n FROM sessions').get()).toEqual({ n: 0 });
  });
});

test('P4: whoever was erased after the backup is erased again before anybody is let in', async () => {
  await place.arrives(
    letter({
      from: 'Carla Jansone <carla.jansone@mail.example>',
      body: 'My kettle whistles the old tune all night long.',
    }),
  );
  await place.arrives(letter({ from: 'Per Olsen <per@mail.example>', body: 'Mine does not.' }));
  const copy = await backup();
  await erase(place, 'carla.jansone@mail.example');
  const data = folder();

  // The ledger beside the backup has heard of the erasure, although the backup is older.
  expect(await restore(data, copy)).toMatchObject({ tickets: 1, erasedAgain: 1 });

  expect(hitsIn(data, 'jansone')).toEqual([]);
  expect(hitsIn(data, 'old tune')).toEqual([]);
  await inside(data, ({ app }) => {
    expect(findCustomerByAddress(app.db, 'per@mail.example')?.name).toBe('Per Olsen');
    expect(app.db.sql.prepare('SELECT key_hash FROM erased_keys ORDER BY key_hash').all()).toEqual(
      place.rows('SELECT key_hash FROM erased_keys ORDER BY key_hash'),
    );
  });
});

test('AC-60: a marker left in every place is gone from a restored old backup too', async () => {
  await leaveEverywhere(place);
  const copy = await backup();
  await erase(place, ADDRESS);
  const data = folder();

  await restore(data, copy);

  expect(hitsIn(data, MARK)).toEqual([]);
  expect(readdirSync(join(data, 'backups'))).toEqual([]);
  await inside(data, ({ app }) => expect(findCustomerByAddress(app.db, ADDRESS)).toBeUndefined());
});

test('P4: her address that others wrote before she was a customer goes from a restored copy too', async () => {
  await place.arrives(
    letter({
      from: 'Per Olsen <per@mail.example>',
      cc: 'Carla Jansone <carla.jansone@mail.example>',
      body: 'My colleague reads along.',
    }),
  );
  const copy = await backup();
  place.clock.pass(DAY);
  await place.arrives(letter({ from: 'Carla Jansone <carla.jansone@mail.example>', body: 'I do.' }));
  await erase(place, 'carla.jansone@mail.example');
  const data = folder();

  await restore(data, copy);

  expect(hitsIn(data, 'carla.jansone@mail.example')).toEqual([]);
  await inside(data, ({ app }) =>
    expect(app.db.sql.prepare('SELECT count(*) AS n FROM tickets').get()).toEqual({ n: 1 }),
  );
});

test('P4: without a ledger nothing is restored until the owner says why', async () => {
  await place.arrives(letter({ from: 'Carla <carla@mail.example>', body: 'Hello.' }));
  const elsewhere = folder();
  const copy = join(elsewhere, 'copy.tar.gz');
  cpSync(await backup(), copy);
  const data = folder();

  await expect(restore(data, copy)).rejects.toThrow(/no ledger of erasures .* --ledger "none: REASON"/);
  expect(existsSync(join(data, 'hearthdesk.db'))).toBe(false);
  await expect(restore(data, copy, 'none:')).rejects.toThrow('which is not there');

  await restore(data, copy, 'none: the office burnt down');

  await inside(data, ({ app }) => {
    const [row] = app.db.sql.prepare("SELECT value FROM settings WHERE key = 'restored'").all() as {
      value: string;
    }[];
    expect(JSON.parse(row?.value ?? '{}')).toMatchObject({ withoutLedger: 'the office burnt down' });
  });
});

test('P4: a ledger that was named is replayed, one of another installation refused', async () => {
  await place.arrives(
    letter({ from: 'Carla Jansone <carla.jansone@mail.example>', body: 'Hello to all of you.' }),
  );
  const elsewhere = folder();
  const copy = join(elsewhere, 'copy.tar.gz');
  cpSync(await backup(), copy);
  await erase(place, 'carla.jansone@mail.example');
  const foreign = join(elsewhere, 'foreign.log');
  writeFileSync(
    foreign,
    readFileSync(join(place.data, 'erasures.log'), 'utf8').replace(
      /"key":"[0-9a-f]{16}"/g,
      '"key":"0123456789abcdef"',
    ),
  );
  const data = folder();

  await expect(restore(data, copy, foreign)).rejects.toThrow('another installation');
  expect(readdirSync(data).filter((name) => name.includes('hearthdesk'))).toEqual([]);

  await restore(data, copy, join(place.data, 'erasures.log'));
  expect(hitsIn(data, 'jansone')).toEqual([]);
  expect(readFileSync(join(data, 'erasures.log'), 'utf8')).toBe(
    readFileSync(join(place.data, 'erasures.log'), 'utf8'),
  );
});

test('a key, a ledger and copies that are there stay; files of an earlier life go', async () => {
  await place.arrives(letter({ from: 'Carla <carla@mail.example>', body: 'Hello.' }));
  const copy = await backup();
  const data = folder();
  const key = 'ab'.repeat(32);
  mkdirSync(join(data, 'files', 'aa'), { recursive: true });
  mkdirSync(join(data, 'backups'));
  writeFileSync(join(data, 'secret.key'), key);
  writeFileSync(join(data, 'files', 'aa', 'left-over'), 'old');
  writeFileSync(join(data, 'backups', 'hearthdesk-20261101-040000.tar.gz'), 'old');

  expect(await restore(data, copy)).toMatchObject({ otherKey: true });

  expect(readFileSync(join(data, 'secret.key'), 'utf8')).toBe(key);
  expect(existsSync(join(data, 'files', 'aa'))).toBe(false);
  expect(readdirSync(join(data, 'backups'))).toEqual(['hearthdesk-20261101-040000.tar.gz']);
});

test('nightly copies are kept for a week, each private, with the ledger beside them', async () => {
  for (let night = 0; night < 10; night++) {
    await makeNightlyBackup(place.app);
    place.clock.pass(DAY);
  }

  const kept = listBackups(place.data);
  expect(kept.map(({ at }) => at)).toEqual([9, 8, 7, 6, 5, 4, 3, 2].map((night) => MORNING + night * DAY));
  expect(statSync(join(backupFolder(place.data), kept[0]?.name as string)).mode & 0o077).toBe(0);
  expect(readdirSync(backupFolder(place.data)).filter((name) => !name.endsWith('.tar.gz'))).toEqual([
    'erasures.log',
  ]);
});

test('a backup never overwrites, and says where it cannot be put', async () => {
  const out = join(outside, 'there.tar.gz');
  writeFileSync(out, 'precious');

  await expect(makeBackup(place.app, out)).rejects.toThrow('is there already');
  await expect(makeBackup(place.app, join(outside, 'nowhere', 'copy.tar.gz'))).rejects.toThrow(
    'There is no folder',
  );
  expect(readFileSync(out, 'utf8')).toBe('precious');
});

test('verify says that a backup is sound', async () => {
  await place.arrives(letter({ from: 'Carla <carla@mail.example>', body: 'Hello.' }));
  const copy = await backup();

  expect(await verifyFile(copy, place.data, () => place.app.key)).toMatchObject({
    exit: 0,
    facts: { backup: { entries: 3 }, tickets: 1 },
  });
  expect(readdirSync(backupFolder(place.data))).toEqual([]);
});
