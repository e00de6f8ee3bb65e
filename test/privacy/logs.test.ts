// What the server notes of its own doing names nobody: no address, no word of a message, no token, no whole IP address (P11).
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashPassword } from '../../server/agents';
import { type Serving, serveHouse } from '../../server/boot';
import { readConfig } from '../../server/config';
import { findCustomerByAddress } from '../../server/customers';
import { randomToken } from '../../server/lib/ids';
import type { Log } from '../../server/lib/log';
import { keepMail, localMailbox, sealPassword } from '../../server/mail';
import { beginErasure } from '../../server/privacy/erase';
import { performErasure } from '../../server/privacy/erasing';
import { setUpFirm } from '../../server/setup';
import { until } from '../support/until';
import { letter } from './place';

const MARK = 'qzxlogmark';
const ADDRESS = `carla.${MARK}@mail.example`;
const PASSWORD = `secret ${MARK} password`;

let data: string;
let serving: Serving;
let lines: string[];

const capture = (level: string) => (facts: object, message: string) =>
  void lines.push(JSON.stringify({ level, facts, message }));
const log: Log = { info: capture('info'), warn: capture('warn'), error: capture('error') };

beforeEach(async () => {
  lines = [];
  data = mkdtempSync(join(tmpdir(), 'logs-'));
  serving = await serveHouse(readConfig({ data, port: '0', host: '127.0.0.1' }), { log });
  const owner = { name: 'Olga', email: 'olga@teapot.example', passwordHash: await hashPassword(PASSWORD) };
  await serving.app.write(() =>
    setUpFirm(serving.app, { company: 'Teapot', language: 'en', timeZone: 'UTC', owner }),
  );
});
afterEach(async () => {
  await serving.stop();
  rmSync(data, { recursive: true, force: true });
});

const url = (path: string) => `http://127.0.0.1:${serving.port}${path}`;

const post = (path: string, fields: Record<string, string>, cookie = '') =>
  fetch(url(path), {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(fields),
    headers: { 'sec-fetch-site': 'same-origin', cookie },
  });

async function arrives(raw: string): Promise<void> {
  await keepMail(serving.app, {
    mailboxId: localMailbox(serving.app).id,
    source: 'deliver',
    raw: Buffer.from(raw.replaceAll('\n', '\r\n')),
  });
  await until(
    'the mail is filed',
    () =>
      serving.app.db.sql
        .prepare("SELECT count(*) FROM inbound_mails WHERE state = 'stored'")
        .pluck()
        .get() === 0,
  );
}

/** Things go well, and each kind of thing goes wrong with the mark in whatever is thrown. */
async function liveThroughIt(): Promise<void> {
  const { app } = serving;
  await arrives(letter({ from: `Carla ${MARK} <${ADDRESS}>`, subject: MARK, body: `The ${MARK} words.` }));

  const { fileMail } = app.hooks;
  app.hooks.fileMail = () => {
    throw new Error(`cannot file the mail of ${ADDRESS}: ${MARK}`);
  };
  await arrives(letter({ from: `Carla <${ADDRESS}>`, body: `Second ${MARK}` }));
  app.hooks.fileMail = fileMail;

  await post('/sign-in', { email: ADDRESS, password: `wrong ${MARK}` });
  const signedIn = await post('/sign-in', { email: 'olga@teapot.example', password: PASSWORD });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  expect(signedIn.status).toBe(303);
  await fetch(url(`/search?q=${MARK}`), { headers: { cookie } });
  await fetch(url(`/invite/${randomToken()}${MARK}`));
  await fetch(url(`/customers/${MARK}`), { headers: { cookie } });
  await post('/tickets', { email: ADDRESS, words: MARK, nonsense: MARK }, cookie);

  app.db.sql.exec('ALTER TABLE consents RENAME TO consents_away');
  const { public_id: publicId } = findCustomerByAddress(app.db, ADDRESS) as { public_id: string };
  expect((await fetch(url(`/customers/${publicId}?${MARK}`), { headers: { cookie } })).status).toBe(500);
  app.db.sql.exec('ALTER TABLE consents_away RENAME TO consents');

  const server = JSON.stringify({
    host: '127.0.0.1',
    port: 1,
    security: 'none',
    user: `desk.${MARK}@teapot.example`,
  });
  const sealed = sealPassword(app, PASSWORD);
  app.db.sql
    .prepare(
      "INSERT INTO mailboxes (address, address_key, sender_name, imap, imap_secret, smtp, smtp_secret, created_at) VALUES (?, ?, 'T', ?, ?, ?, ?, 1)",
    )
    .run(`desk.${MARK}@teapot.example`, `desk.${MARK}@teapot.example`, server, sealed, server, sealed);
  app.hooks.mailboxesChanged(app);
  await until(
    'the mailbox is refused',
    () =>
      app.db.sql.prepare('SELECT last_error FROM mailboxes WHERE imap IS NOT NULL').pluck().get() !== null,
  );

  app.db.sql
    .prepare("INSERT INTO jobs (kind, payload, state, run_at, created_at) VALUES ('odd', ?, 'failed', 0, 0)")
    .run(JSON.stringify(ADDRESS));
  const begun = await beginErasure(
    app,
    { kind: 'system', id: null },
    [findCustomerByAddress(app.db, ADDRESS) as never],
    { kind: 'erase', decision: { othersFiles: 'remove' } },
  );
  await expect(performErasure(app, begun.id)).rejects.toThrow();
  await app.write(() =>
    app.db.sql
      .prepare("INSERT INTO jobs (kind, payload, run_at, created_at) VALUES ('erase', ?, 0, 0)")
      .run(JSON.stringify({ erasure: begun.id })),
  );
  await app.jobs.runDue();
}

test('P11, AC-60: no line of the log holds an address, a word of a message, a password or a token', async () => {
  await liveThroughIt();

  expect(lines.length).toBeGreaterThanOrEqual(3);
  expect(lines.filter((line) => line.toLowerCase().includes(MARK))).toEqual([]);
  expect(lines.filter((line) => /[\w.]+@[\w.]+\.example/.test(line))).toEqual([]);
  expect(lines.filter((line) => /\b(?:\d{1,3}\.){3}\d{1,3}\b/.test(line))).toEqual([]);
});

test('P11: IP addresses are shortened before they are stored', async () => {
  await post('/sign-in', { email: 'olga@teapot.example', password: PASSWORD });
  await post('/sign-in', { email: 'olga@teapot.example', password: 'wrong' });

  const stored = JSON.stringify(
    ['sessions', 'failed_tries', 'events'].map((table) =>
      serving.app.db.sql.prepare(`SELECT * FROM ${table}`).all(),
    ),
  );
  expect(stored).toContain('127.0.0.0');
  expect(stored).not.toContain('127.0.0.1');
});

test('P11: a raw mail in which a card number stood is destroyed, the number masked wherever it would have been read', async () => {
  await arrives(
    letter({ from: 'Carla <carla@mail.example>', body: 'My card is 4111 1111 1111 1111, thank you.' }),
  );
  const { db } = serving.app;

  const onDisk = () =>
    readdirSync(join(data, 'mail'), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
  await until('the raw mail is gone', () => onDisk().length === 0);
  expect(db.sql.prepare('SELECT disk_name FROM inbound_mails').pluck().all()).toEqual([null]);
  expect(db.sql.prepare('SELECT words FROM messages').pluck().get()).not.toContain('4111 1111 1111 1111');
});
