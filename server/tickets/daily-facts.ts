// Figures without persons (P10): counted from the event log as it grows, untouched when tickets are deleted.
import type { App } from '../app';
import { change, queryOne } from '../db';
import type { EventRow, Follower } from '../events';
import { firmOf } from '../settings';

const COUNTED = new Set([
  'ticket.opened',
  'ticket.customer-wrote',
  'ticket.replied',
  'ticket.solved',
  'ticket.reopened',
  'chat.queued',
  'chat.taken',
  'chat.missed',
]);

const findPlace = queryOne<
  [ticketId: number],
  { channel: string; mailbox_id: number | null; team_id: number | null }
>('SELECT channel, mailbox_id, team_id FROM tickets WHERE id = ?');
const addFact = change<[day: string, fact: string, channel: string, mailboxId: number, teamId: number]>(`
  INSERT INTO daily_facts (day, fact, channel, mailbox_id, team_id, n) VALUES (?, ?, ?, ?, ?, 1)
  ON CONFLICT DO UPDATE SET n = n + 1`);

export const factsFollower: Follower = {
  name: 'daily facts',
  batch: 500,
  read(app, events) {
    const days = new Intl.DateTimeFormat('sv-SE', { timeZone: firmOf(app).timeZone });
    for (const event of events) {
      const fact = factOf(event);
      if (COUNTED.has(fact)) count(app, days.format(event.at), fact, event);
    }
  },
};

/** A move to solved, and one away from it, are figures of their own. */
function factOf(event: EventRow): string {
  if (event.name !== 'ticket.moved') return event.name;
  const { from, to } = JSON.parse(event.facts) as { from: string; to: string };
  if (to === 'solved') return 'ticket.solved';
  return from === 'solved' || from === 'closed' ? 'ticket.reopened' : event.name;
}

function count(app: App, day: string, fact: string, event: EventRow): void {
  const place = findPlace(app.db, event.subject_id);
  addFact(app.db, day, fact, place?.channel ?? 'email', place?.mailbox_id ?? 0, place?.team_id ?? 0);
}
