// Who looked at whose data (P12): for security only. Noted in memory and written a few seconds later, so that no page waits.
import type { App } from '../app';
import { change } from '../db';
import { MINUTE } from '../lib/clock';
import { reportError } from '../lib/report-error';

const PAUSE = 5_000;
/** Whoever reloads a page within this time is still looking. */
const ONE_LOOK = 15 * MINUTE;
const MOST_REMEMBERED = 5_000;

export type Look = { agent: number; act: 'opened' | 'searched' } & (
  | { ticket: number }
  | { customer: number }
);

const insertOfTicket = change<[at: number, agent: number, act: string, ticket: number]>(`
  INSERT INTO read_log (at, agent_id, act, customer_id, ticket_id) SELECT ?, ?, ?, customer_id, id FROM tickets WHERE id = ?`);
const insertOfCustomer = change<[at: number, agent: number, act: string, customer: number]>(`
  INSERT INTO read_log (at, agent_id, act, customer_id) SELECT ?, ?, ?, id FROM customers WHERE id = ?`);

interface ReadLog {
  /** When somebody looked at something last, by who and what. */
  looks: Map<string, number>;
  waiting: (Look & { at: number })[];
  timer: NodeJS.Timeout | undefined;
}

const logs = new WeakMap<App, ReadLog>();

function logOf(app: App): ReadLog {
  const known = logs.get(app);
  if (known) return known;
  const fresh: ReadLog = { looks: new Map(), waiting: [], timer: undefined };
  logs.set(app, fresh);
  return fresh;
}

/** What a crash takes along is the last five seconds. */
export function noteLook(app: App, look: Look): void {
  const log = logOf(app);
  const at = app.clock.now();
  const name = `${look.agent} ${look.act} ${'ticket' in look ? look.ticket : -look.customer}`;
  if (at - (log.looks.get(name) ?? 0) < ONE_LOOK) return;
  if (log.looks.size >= MOST_REMEMBERED) log.looks.clear();
  log.looks.set(name, at);
  log.waiting.push({ ...look, at });
  log.timer ??= setTimeout(() => {
    writeLooks(app).catch((error) => reportError(app.log, 'the log of reading', error));
  }, PAUSE).unref();
}

/** Writes what was noted since; before the house closes too. */
export async function writeLooks(app: App): Promise<void> {
  const log = logOf(app);
  clearTimeout(log.timer);
  log.timer = undefined;
  const looks = log.waiting.splice(0);
  if (looks.length === 0) return;
  await app.write(() => {
    for (const look of looks) {
      if ('ticket' in look) insertOfTicket(app.db, look.at, look.agent, look.act, look.ticket);
      else insertOfCustomer(app.db, look.at, look.agent, look.act, look.customer);
    }
  });
}
