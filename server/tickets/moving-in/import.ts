// An import: old mail of the firm that somebody brought as files. Rows and what is asked of them.
import { change, insert, query, queryColumn, queryOne, queryValue } from '../../db';
import { DAY } from '../../lib/clock';
import { addressKey } from '../../mail';

export type ImportState = 'running' | 'paused' | 'done' | 'cancelled' | 'stopped' | 'undoing' | 'undone';
/** Why an import rests or has ended although nobody said so. */
export type ImportProblem = 'disk-full' | 'file-gone' | 'erasure' | 'unexpected';

export interface ImportRun {
  id: number;
  mailbox_id: number;
  started_by: number | null;
  options: string;
  state: ImportState;
  step: 'reading' | 'filing';
  problem: ImportProblem | null;
  counts: string | null;
  created_at: number;
  ended_at: number | null;
  /** Sums of its files, in bytes but the first. */
  files: number;
  size: number;
  read_to: number;
  /** How far an undo has come: its step, and the last that it has looked at there. */
  undo_step: number;
  undo_after: number;
}

export interface ImportOptions {
  /** What a customer wrote last stays open when it is younger than so many days. */
  openDays: number;
  /** Addresses that were the firm's own, besides its mailboxes. */
  ownAddresses: string[];
}

export interface ImportFile {
  id: number;
  run_id: number;
  name: string;
  folder: string;
  kind: 'mbox' | 'mail';
  disk_name: string | null;
  size: number;
  read_to: number;
}

export type Outcome = 'waiting' | 'filed' | 'known' | 'left' | 'tray';

export interface ImportMail {
  id: number;
  run_id: number;
  file_id: number;
  starts_at: number;
  ends_at: number;
  sent_at: number;
  thread: number;
  tags: string;
  is_sent: number;
  outcome: Outcome;
  reason: string | null;
  inbound_mail_id: number | null;
  ticket_id: number | null;
  message_id: number | null;
}

export const optionsOf = (run: Pick<ImportRun, 'options'>) => JSON.parse(run.options) as ImportOptions;
export const isOwnOf = ({ ownAddresses }: ImportOptions, address: string) =>
  ownAddresses.includes(addressKey(address));

/** What was brought lies here until it is filed, each file named by a random id. */
export const IMPORTS = 'imports';

export const findRun = queryOne<[id: number], ImportRun>('SELECT * FROM import_runs WHERE id = ?');
/** Newest first. */
export const findRuns = query<[limit: number], ImportRun[]>(
  'SELECT * FROM import_runs ORDER BY id DESC LIMIT ?',
);
export const findUnfinished = query<[], ImportRun[]>('SELECT * FROM import_runs WHERE ended_at IS NULL');
export const insertRun = insert<[mailboxId: number, startedBy: number | null, options: string, now: number]>(
  "INSERT INTO import_runs (mailbox_id, started_by, options, state, created_at) VALUES (?, ?, ?, 'running', ?)",
);
export const updateState = change<[state: ImportState, problem: ImportProblem | null, id: number]>(
  'UPDATE import_runs SET state = ?, problem = ? WHERE id = ?',
);
/** What was half undone may be undone for as long as what was brought just now. */
export const updateUndoFailed = change<[problem: ImportProblem, now: number, id: number]>(
  "UPDATE import_runs SET state = 'cancelled', problem = ?, ended_at = ? WHERE id = ?",
);
export const updateEnded = change<
  [state: ImportState, problem: ImportProblem | null, counts: string, now: number, id: number]
>('UPDATE import_runs SET state = ?, problem = ?, counts = ?, ended_at = ? WHERE id = ?');
export const updateStep = change<[step: ImportRun['step'], id: number]>(
  'UPDATE import_runs SET step = ? WHERE id = ?',
);

export const insertFile = insert<
  [runId: number, name: string, folder: string, kind: ImportFile['kind'], diskName: string, size: number]
>('INSERT INTO import_files (run_id, name, folder, kind, disk_name, size) VALUES (?, ?, ?, ?, ?, ?)');
export const findFile = queryOne<[id: number], ImportFile>('SELECT * FROM import_files WHERE id = ?');
export const findFiles = query<[runId: number, limit: number], ImportFile[]>(
  'SELECT * FROM import_files WHERE run_id = ? ORDER BY id LIMIT ?',
);
export const findUnreadFile = queryOne<[runId: number], ImportFile>(
  'SELECT * FROM import_files WHERE run_id = ? AND read_to < size ORDER BY id LIMIT 1',
);
export const updateReadTo = change<[readTo: number, id: number]>(
  'UPDATE import_files SET read_to = ? WHERE id = ?',
);
export const findDiskNames = queryColumn<[runId: number], string>(
  'SELECT disk_name FROM import_files WHERE run_id = ? AND disk_name IS NOT NULL',
);
export const updateFilesGone = change<[runId: number]>(
  'UPDATE import_files SET disk_name = NULL WHERE run_id = ?',
);
export const findAllDiskNames = queryColumn<[], string>(
  'SELECT disk_name FROM import_files WHERE disk_name IS NOT NULL',
);
export const updateFiles = change<[files: number, size: number, id: number]>(
  'UPDATE import_runs SET files = ?, size = ? WHERE id = ?',
);
export const updateSumRead = change<[more: number, id: number]>(
  'UPDATE import_runs SET read_to = read_to + ? WHERE id = ?',
);

export const insertMail = insert<
  [
    runId: number,
    fileId: number,
    startsAt: number,
    endsAt: number,
    sentAt: number,
    thread: number,
    tags: string,
    isSent: number,
    outcome: Outcome,
    reason: string | null,
  ]
>(`INSERT INTO import_mails (run_id, file_id, starts_at, ends_at, sent_at, thread, tags, is_sent, outcome, reason)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
/** In the order of their dates. */
export const findWaiting = query<[runId: number, limit: number], ImportMail[]>(
  "SELECT * FROM import_mails WHERE run_id = ? AND outcome = 'waiting' ORDER BY sent_at, id LIMIT ?",
);
export const findMailOfInbound = queryOne<[inboundId: number], ImportMail>(
  'SELECT * FROM import_mails WHERE inbound_mail_id = ?',
);
export const updateInboundOf = change<[inboundId: number, id: number]>(
  'UPDATE import_mails SET inbound_mail_id = ? WHERE id = ?',
);
export const updateOutcome = change<[outcome: Outcome, reason: string | null, id: number]>(
  'UPDATE import_mails SET outcome = ?, reason = ? WHERE id = ?',
);
export const updateFiled = change<[ticketId: number, messageId: number, id: number]>(
  "UPDATE import_mails SET outcome = 'filed', reason = NULL, tags = '[]', ticket_id = ?, message_id = ? WHERE id = ?",
);
export const findOutcomes = query<[runId: number], { outcome: Outcome; reason: string | null; n: number }[]>(
  'SELECT outcome, reason, count(*) AS n FROM import_mails WHERE run_id = ? GROUP BY outcome, reason',
);

/** A message is named only when an undo has kept it. */
export type ThingKind = 'ticket' | 'customer' | 'tag' | 'message';
export const insertThing = change<[runId: number, kind: ThingKind, id: number]>(
  'INSERT INTO import_things (run_id, kind, thing_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
);
export const isBrought = queryValue<[kind: ThingKind, id: number], 1>(
  'SELECT 1 FROM import_things WHERE kind = ? AND thing_id = ?',
);
export const countThings = queryValue<[runId: number, kind: ThingKind], number>(
  'SELECT count(*) FROM import_things WHERE run_id = ? AND kind = ?',
);

/** Its mails by what became of them. Counted by reason, too: `left.spam`. */
export type Counts = Record<string, number>;

export function countsOf(rows: { outcome: Outcome; reason: string | null; n: number }[]): Counts {
  const counts: Counts = { found: 0, waiting: 0, filed: 0, known: 0, left: 0, tray: 0 };
  const add = (name: string, n: number) => {
    counts[name] = (counts[name] ?? 0) + n;
  };
  for (const { outcome, reason, n } of rows) {
    add('found', n);
    add(outcome, n);
    if (outcome === 'left' && reason) add(`left.${reason}`, n);
  }
  return counts;
}

/** So long an import can be undone, in days; then what it has brought is like everything else here. */
export const UNDO_DAYS = 30;

export const mayUndo = (run: Pick<ImportRun, 'state' | 'ended_at'>, now: number): boolean =>
  ['done', 'cancelled', 'stopped'].includes(run.state) &&
  run.ended_at !== null &&
  now - run.ended_at < UNDO_DAYS * DAY;
