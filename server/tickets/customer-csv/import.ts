// Customers from a file: read into rows with what would become of each, and carried out when somebody has looked at them.
import { readFile } from 'node:fs/promises';
import type { Agent } from '../../agents';
import { findAgentById } from '../../agents';
import type { App } from '../../app';
import { change, insert, query, queryOne, queryValue } from '../../db';
import { type Actor, record } from '../../events';
import { enqueue, type JobWork } from '../../jobs';
import { DAY } from '../../lib/clock';
import { type CsvRow, csvRows, OpenQuote, WideRow } from '../../lib/csv';
import { Slices } from '../../lib/slices';
import { addressKey } from '../../mail';
import { workInSteps } from '../work-in-steps';
import { carryOut } from './carry-out';
import { type Cells, type Columns, cellsOf, columnsIn, judge, type Verdict } from './row';

export const MOST_ROWS = 20_000;
export const LARGEST_FILE = 10_000_000;
/** As long as a preview, and what became of its rows, is kept. */
export const KEPT_DAYS = 7;
const A_STEP = 50;

export interface ImportRow {
  id: number;
  agent_id: number;
  /** `reading` until the last of its rows is there: half a file is neither shown as one nor begun. */
  state: 'reading' | 'ready' | 'running' | 'done';
  changes_too: 0 | 1;
  created_at: number;
  ended_at: number | null;
}

export interface FileRow {
  id: number;
  import_id: number;
  line: number;
  cells: string;
  outcome: Verdict['outcome'];
  why: string | null;
  customer_id: number | null;
  changes: string;
  is_done: 0 | 1;
}

const insertImport = insert<[agentId: number, now: number]>(
  "INSERT INTO customer_imports (agent_id, state, created_at) VALUES (?, 'reading', ?)",
);
const insertRow = insert<
  [
    importId: number,
    line: number,
    cells: string,
    outcome: string,
    why: string | null,
    customerId: number | null,
    changes: string,
  ]
>(
  'INSERT INTO customer_import_rows (import_id, line, cells, outcome, why, customer_id, changes) VALUES (?, ?, ?, ?, ?, ?, ?)',
);
export const findImport = queryOne<[id: number], ImportRow>('SELECT * FROM customer_imports WHERE id = ?');
export const findImports = query<[limit: number], ImportRow[]>(
  'SELECT * FROM customer_imports ORDER BY id DESC LIMIT ?',
);
export const countRows = query<
  [importId: number],
  { outcome: Verdict['outcome']; is_done: 0 | 1; n: number }[]
>(
  'SELECT outcome, is_done, count(*) AS n FROM customer_import_rows WHERE import_id = ? GROUP BY outcome, is_done',
);
export const findRows = query<[importId: number, outcome: string, after: number, limit: number], FileRow[]>(
  'SELECT * FROM customer_import_rows WHERE import_id = ? AND outcome = ? AND id > ? ORDER BY id LIMIT ?',
);
const findWaiting = query<[importId: number, changesToo: number, limit: number], FileRow[]>(`
  SELECT * FROM customer_import_rows WHERE import_id = ? AND is_done = 0 AND outcome IN ('new', 'changed')
     AND (outcome = 'new' OR ? = 1) ORDER BY id LIMIT ?`);
const updateRow = change<[outcome: string, why: string | null, customerId: number | null, id: number]>(
  'UPDATE customer_import_rows SET is_done = 1, outcome = ?, why = ?, customer_id = ? WHERE id = ?',
);
const updateRead = change<[id: number]>(
  "UPDATE customer_imports SET state = 'ready' WHERE id = ? AND state = 'reading'",
);
const updateBegun = change<[changesToo: number, id: number]>(
  "UPDATE customer_imports SET state = 'running', changes_too = ? WHERE id = ? AND state = 'ready'",
);
const updateEnded = change<[now: number, id: number]>(
  "UPDATE customer_imports SET state = 'done', ended_at = ? WHERE id = ? AND state = 'running'",
);
const deleteImport = change<[id: number]>(
  "DELETE FROM customer_imports WHERE id = ? AND state IN ('ready', 'done')",
);
const deleteHalfRead = change<[id: number]>(
  "DELETE FROM customer_imports WHERE id = ? AND state = 'reading'",
);
const deleteAllHalfRead = change<[]>("DELETE FROM customer_imports WHERE state = 'reading'");
const findOld = queryValue<[before: number], number>(
  "SELECT id FROM customer_imports WHERE created_at < ? AND state IN ('ready', 'done') LIMIT 1",
);
const deleteSome = change<[importId: number, limit: number]>(
  'DELETE FROM customer_import_rows WHERE id IN (SELECT id FROM customer_import_rows WHERE import_id = ? LIMIT ?)',
);

/** Why a file is not read: nothing in it, no column of addresses, too many rows, not UTF-8, a quote that is not closed, or a row too wide. */
export type FileProblem =
  | { key: 'empty' | 'noAddresses' | 'tooMany' | 'encoding' }
  | { key: 'quote' | 'wide'; line: number };

/** Nothing of any customer is changed yet. Returns the number of the import. */
export async function readCustomers(app: App, agent: Agent, path: string): Promise<number | FileProblem> {
  const read = await rowsOf(await readFile(path));
  if ('key' in read) return read;
  const [headings, ...rows] = read.rows;
  if (!headings || rows.length === 0) return { key: 'empty' };
  if (rows.length > MOST_ROWS) return { key: 'tooMany' };
  const columns = columnsIn(headings.cells);
  if (columns.addresses === undefined) return { key: 'noAddresses' };

  const id = await app.write(() => insertImport(app.db, agent.id, app.clock.now()));
  try {
    await keepRows(app, id, rows, columns);
  } catch (error) {
    await app.write(() => deleteHalfRead(app.db, id));
    throw error;
  }
  return id;
}

/** No more than tell that there are too many. */
async function rowsOf(bytes: Buffer): Promise<{ rows: CsvRow[] } | FileProblem> {
  const rows: CsvRow[] = [];
  const slices = new Slices();
  try {
    for (const row of csvRows(new TextDecoder('utf-8', { fatal: true }).decode(bytes))) {
      // The headings and one row too many.
      if (rows.push(row) === MOST_ROWS + 2) break;
      await slices.pause();
    }
    return { rows };
  } catch (error) {
    if (error instanceof OpenQuote) return { key: 'quote', line: error.line };
    if (error instanceof WideRow) return { key: 'wide', line: error.line };
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return { key: 'encoding' };
    throw error;
  }
}

async function keepRows(app: App, id: number, rows: CsvRow[], columns: Columns): Promise<void> {
  const seen = new Map<string, number>();
  for (let at = 0; at < rows.length; at += A_STEP)
    await app.write(() => {
      for (const row of rows.slice(at, at + A_STEP)) keepRow(app, id, row, cellsOf(columns, row.cells), seen);
      if (at + A_STEP >= rows.length) updateRead(app.db, id);
    });
}

/** At start: what was being read when the power went is half a file, and is sent again. */
export const forgetHalfReadImports = (app: App): Promise<number> =>
  app.write(() => deleteAllHalfRead(app.db));

function keepRow(app: App, id: number, { line }: CsvRow, cells: Cells, seen: Map<string, number>): void {
  const keys = cells.addresses.map(addressKey);
  const isTwice = keys.some((key) => seen.has(key));
  const verdict: Verdict = isTwice ? { outcome: 'refused', why: 'twice', changes: [] } : judge(app, cells);
  for (const key of keys) seen.set(key, line);
  const { outcome, why = null, customer = null, changes } = verdict;
  insertRow(app.db, id, line, JSON.stringify(cells), outcome, why, customer, JSON.stringify(changes));
}

export const CUSTOMER_IMPORT_JOB = 'import customers';

/** Inside a transaction. False when it was begun before. */
export function beginCustomerImport(app: App, actor: Actor, run: ImportRow, changesToo: boolean): boolean {
  if (updateBegun(app.db, changesToo ? 1 : 0, run.id) === 0) return false;
  record(app, 'customers.import-begun', actor, { id: run.id });
  later(app, run.id);
  return true;
}

const later = (app: App, run: number) =>
  enqueue(app, CUSTOMER_IMPORT_JOB, { run }, { key: `${CUSTOMER_IMPORT_JOB} ${run}` });

/** In turns of a second. What was done is written down with it, so that a crash neither loses nor repeats a row. */
export const customerImportWork: JobWork = async (app, { run: id }: { run: number }) => {
  const run = findImport(app.db, id);
  const agent = run && findAgentById(app.db, run.agent_id);
  if (run?.state !== 'running' || !agent) return;
  const isDone = await workInSteps(app, () => {
    const rows = findWaiting(app.db, id, run.changes_too, A_STEP);
    for (const row of rows) {
      const verdict = carryOut(app, { kind: 'agent', id: agent.id }, row);
      updateRow(app.db, verdict.outcome, verdict.why ?? null, verdict.customer ?? null, row.id);
    }
    return rows.length === A_STEP;
  });
  await app.write(() => {
    if (!isDone) return later(app, id);
    if (updateEnded(app.db, app.clock.now(), id) > 0)
      record(app, 'customers.imported', { kind: 'agent', id: agent.id }, { id });
  });
};

/** What was read is forgotten. False while it is being read or carried out. */
export const forgetCustomerImport = (app: App, run: ImportRow): boolean => deleteImport(app.db, run.id) > 0;

/** At night. Returns how many were forgotten. */
export async function sweepCustomerImports(app: App): Promise<number> {
  let swept = 0;
  await workInSteps(app, () => {
    const id = findOld(app.db, app.clock.now() - KEPT_DAYS * DAY);
    if (id === undefined) return false;
    if (deleteSome(app.db, id, 500) === 500) return true;
    deleteImport(app.db, id);
    swept += 1;
    return true;
  });
  return swept;
}
