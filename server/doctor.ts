// `hearthdesk doctor`: looks at the data folder and what it needs, and says what is wrong. It changes nothing.
import { existsSync, statfsSync, statSync } from 'node:fs';
import type { CommandResult } from './commands';
import { databaseFile, hasDatabase, keyFile, ledgerFile, lockFolder } from './data-folder';
import { carriedMigrations, type Db, openDatabase, schemaVersion } from './db';
import { canBeNow, DAY, HOUR } from './lib/clock';
import { Problem } from './lib/errors';

interface Finding {
  what: string;
  good: boolean;
  says: string;
}

/** Less free space than this will be short within days. */
const LITTLE_SPACE = 500_000_000;

const good = (what: string, says: string): Finding => ({ what, good: true, says });
const bad = (what: string, says: string): Finding => ({ what, good: false, says });

/** Exit 0 only when nothing was found. */
export async function examine(data: string, now = Date.now()): Promise<CommandResult> {
  const findings = hasDatabase(data)
    ? [...folder(data), ...clock(now), ...database(data, now, isServed(data))]
    : [bad('folder', `There is no Hearthdesk in ${data}.`)];
  const wrong = findings.filter((finding) => !finding.good);
  return {
    exit: wrong.length === 0 ? 0 : 1,
    lines: findings.map(({ good: isGood, says }) => `${isGood ? 'good ' : 'wrong'}  ${says}`),
    facts: { findings },
    ...(wrong.length > 0
      ? { error: wrong.length === 1 ? 'One thing is wrong.' : `${wrong.length} things are wrong.` }
      : {}),
  };
}

function folder(data: string): Finding[] {
  const { bavail, bsize } = statfsSync(data);
  const free = Math.round((bavail * bsize) / 1_000_000);
  const mode = existsSync(keyFile(data)) ? statSync(keyFile(data)).mode & 0o077 : undefined;
  return [
    isServed(data)
      ? good('lock', 'A server uses the data folder.')
      : good('lock', 'No server uses the data folder now.'),
    bavail * bsize > LITTLE_SPACE
      ? good('disk', `${free} MB are free.`)
      : bad('disk', `Only ${free} MB are free on the disk of the data folder.`),
    mode === undefined
      ? bad('key', 'secret.key is missing: passwords of mail accounts cannot be read.')
      : mode === 0
        ? good('key', 'secret.key is there and private.')
        : bad('key', 'secret.key can be read by other users of this machine.'),
  ];
}

function isServed(data: string): boolean {
  try {
    lockFolder(data).release();
    return false;
  } catch (error) {
    if (error instanceof Problem) return error.code === 'conflict';
    throw error;
  }
}

const clock = (now: number): Finding[] => [
  canBeNow(now)
    ? good('clock', `The clock says ${new Date(now).toISOString()}.`)
    : bad('clock', `The clock says ${new Date(now).toISOString()}, which cannot be.`),
];

function database(data: string, now: number, served: boolean): Finding[] {
  const db = openDatabase(databaseFile(data), { readonly: true });
  try {
    const newest = carriedMigrations().at(-1)?.version ?? 0;
    const version = schemaVersion(db);
    const schema =
      version === newest
        ? good('schema', `The schema is the newest (${version}).`)
        : bad(
            'schema',
            `The schema is ${version}, this program knows ${newest}: "hearthdesk migrate" changes it.`,
          );
    const [check] = db.sql.pragma('quick_check(1)') as { quick_check: string }[];
    const sound =
      check?.quick_check === 'ok'
        ? good('database', 'The database is sound.')
        : bad('database', 'The database is damaged: restore the newest backup.');
    return version === newest ? [schema, sound, ledger(data, db), ...work(db, now, served)] : [schema, sound];
  } finally {
    db.close();
  }
}

/** A folder that was only just set up has none, and has erased nobody. */
function ledger(data: string, db: Db): Finding {
  if (existsSync(ledgerFile(data))) return good('ledger', 'The ledger of erasures is there.');
  const erased = db.sql.prepare('SELECT count(*) FROM erased_keys').pluck().get() as number;
  return erased === 0
    ? good('ledger', 'Nobody was erased yet; the next start of the server begins the ledger of erasures.')
    : bad('ledger', 'The ledger of erasures is missing; the next start of the server makes it anew.');
}

const sendingWords = (onlyRead: number) =>
  onlyRead === 0
    ? 'No mailbox is only read.'
    : `${onlyRead === 1 ? '1 mailbox is' : `${onlyRead} mailboxes are`} only read: nothing is sent from there.`;

function work(db: Db, now: number, served: boolean): Finding[] {
  const value = (sql: string, ...given: number[]) =>
    db.sql
      .prepare(sql)
      .pluck()
      .get(...given) as number;
  const none = (what: string, n: number, calm: string, loud: (n: number) => string) =>
    n === 0 ? good(what, calm) : bad(what, loud(n));
  const lastBackup = value(
    "SELECT coalesce(max(ended_at), 0) FROM job_runs WHERE name = 'backup' AND outcome = 'done'",
  );
  const firstNight = value('SELECT coalesce(min(started_at), 0) FROM job_runs');
  const backupDue = firstNight > 0 && now - firstNight > 2 * DAY && now - lastBackup > 2 * DAY;
  return [
    none(
      'clock',
      value('SELECT count(*) FROM events WHERE at > ?', now + HOUR),
      'Nothing was noted in the future.',
      () => 'Things were noted in the future: the clock was wrong, or is.',
    ),
    none(
      'mailboxes',
      value(`SELECT count(*) FROM mailboxes LEFT JOIN mail_grants ON mailbox_id = mailboxes.id
              WHERE deleted_at IS NULL AND (failing_since IS NOT NULL OR problem IS NOT NULL)`),
      'No mailbox is failing.',
      (n) => `${n} mailboxes are failing: see Settings, Mailboxes.`,
    ),
    good(
      'sending',
      sendingWords(value('SELECT count(*) FROM mailboxes WHERE deleted_at IS NULL AND only_reads = 1')),
    ),
    none(
      'outbox',
      value("SELECT count(*) FROM outbox WHERE state IN ('uncertain', 'failed')"),
      'No reply is stuck.',
      (n) => `${n} mails were not delivered or are in doubt: see their tickets.`,
    ),
    none(
      'held',
      value("SELECT count(*) FROM outbox WHERE state = 'held'"),
      'No reply is held back.',
      (n) =>
        `${n} mails are held back, by a restore or because their mailbox is only read, and wait for a decision.`,
    ),
    none(
      'tray',
      value("SELECT count(*) FROM inbound_mails WHERE state = 'failed'"),
      'No mail waits in the tray.',
      (n) => `${n} mails could not be filed: see Settings, Mail tray.`,
    ),
    none(
      'jobs',
      value("SELECT count(*) FROM jobs WHERE state = 'failed'"),
      'No work has failed for good.',
      (n) => `${n} pieces of work have failed for good.`,
    ),
    none(
      'erasures',
      // Under way while nobody serves: broken off. A start of the server goes on with it.
      value(`SELECT count(*) FROM erasures WHERE state = 'failed'${served ? '' : " OR state = 'running'"}`),
      'No erasure is unfinished.',
      (n) =>
        `${n === 1 ? '1 erasure' : `${n} erasures`} did not come to the end: start the server and see Privacy.`,
    ),
    backupDue
      ? bad('backup', 'There was no nightly backup for two days.')
      : good('backup', 'The nightly backup is not overdue.'),
  ];
}
