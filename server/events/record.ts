// The append-only log of what happened to what, by whom. It holds ids and small facts, never words or addresses.
import type { App } from '../app';
import { type Db, insert, queryValue } from '../db';

/** Who did it. `id` is null for the system itself. */
export interface Actor {
  kind: 'agent' | 'customer' | 'visitor' | 'system';
  id: number | null;
  /** What made the system act, where something did: stands in the facts of whatever it does. */
  facts?: EventFacts;
}

export const SYSTEM: Actor = { kind: 'system', id: null };

/** `ticket.replied`: the noun is the kind of the subject, the verb what happened. */
export type EventName = `${string}.${string}`;

export type EventFacts = Record<string, string | number | boolean | null>;

const insertEvent = insert<
  [
    at: number,
    name: string,
    actorKind: string,
    actorId: number | null,
    subjectKind: string,
    subjectId: number,
    facts: string,
  ]
>(`
  INSERT INTO events (at, name, actor_kind, actor_id, subject_kind, subject_id, facts)
  VALUES (?, ?, ?, ?, ?, ?, ?)`);

/** Writes one line in the surrounding transaction and wakes the followers after its commit. */
export function record(
  app: App,
  name: EventName,
  actor: Actor,
  subject: { id: number },
  facts: EventFacts = {},
): number {
  const kind = name.slice(0, name.indexOf('.'));
  const id = insertEvent(
    app.db,
    app.clock.now(),
    name,
    actor.kind,
    actor.id,
    kind,
    subject.id,
    JSON.stringify(actor.facts ? { ...facts, ...actor.facts } : facts),
  );
  app.db.afterCommit(() => app.followers.wake());
  return id;
}

const countLater = queryValue<[than: number], number>(
  'SELECT count(*) FROM (SELECT at FROM events ORDER BY id DESC LIMIT 10000) WHERE at > ?',
);

/** Whether the newest lines say a time after this one: the clock was wrong when they were written, or it is now (R2). */
export const wasNotedAfter = (db: Db, time: number): boolean => (countLater(db, time) ?? 0) > 0;
