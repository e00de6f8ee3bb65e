// Two customers who are one person become one: everything of one goes to the other. For an hour that can be undone.
import type { App } from '../../app';
import { change, query, queryOne, queryValue } from '../../db';
import { type Actor, record } from '../../events';
import { HOUR } from '../../lib/clock';
import { Conflict } from '../../lib/errors';
import type { CustomerRow } from '../customer';
import type { Moved } from '../hooks';
import { findCustomerById, findCustomerByPublicId } from '../queries';

export const UNDO_WITHIN = HOUR;

interface MergeRow {
  customer_id: number;
  into_id: number;
  merged_at: number;
  /** JSON, `Moved`. */
  moved: string;
  /** JSON, `Filled[]`. */
  filled: string;
}

const FIELDS = ['language', 'time_zone', 'organization_id'] as const;
type Filled = (typeof FIELDS)[number];

const findMerge = queryOne<[customerId: number], MergeRow>(
  'SELECT * FROM customer_merges WHERE customer_id = ?',
);
const insertMerge = change<
  [customerId: number, intoId: number, by: number, now: number, moved: string, filled: string]
>(`
  INSERT INTO customer_merges (customer_id, into_id, merged_by, merged_at, moved, filled) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (customer_id) DO UPDATE SET into_id = excluded.into_id, merged_by = excluded.merged_by,
    merged_at = excluded.merged_at, moved = excluded.moved, filled = excluded.filled`);
const deleteMerge = change<[customerId: number]>('DELETE FROM customer_merges WHERE customer_id = ?');
const updateMergedInto = change<[intoId: number | null, id: number]>(
  'UPDATE customers SET merged_into_id = ? WHERE id = ?',
);
const updateFields = change<
  [language: string | null, timeZone: string | null, organizationId: number | null, now: number, id: number]
>('UPDATE customers SET language = ?, time_zone = ?, organization_id = ?, updated_at = ? WHERE id = ?');
const countHolds = queryValue<[customerId: number], number>(
  'SELECT count(*) FROM holds WHERE customer_id = ? AND released_at IS NULL',
);
const isHeldSince = queryValue<[customerId: number, mergedAt: number], 1>(
  'SELECT 1 FROM holds WHERE customer_id = ? AND released_at IS NULL AND created_at >= ? LIMIT 1',
);
/** Those who were merged into a customer, as the rows they were. */
export const findMergedInto = query<[intoId: number], CustomerRow[]>(
  'SELECT * FROM customers WHERE merged_into_id = ? ORDER BY id',
);

/** With everybody who was merged into one of them: whoever is exported or erased is all of these. */
export const withMerged = <Somebody extends { id: number; public_id: string }>(
  app: App,
  people: Somebody[],
): (Somebody | CustomerRow)[] => {
  const known = new Set(people.map(({ id }) => id));
  const merged = people.flatMap(({ id }) => findMergedInto(app.db, id));
  return [...people, ...merged.filter(({ id }) => !known.has(id))];
};

/** The customer of an address that may be older than a merge: the one that stays. */
export function findStayingCustomer(app: App, publicId: string): CustomerRow | undefined {
  let customer = findCustomerByPublicId(app.db, publicId);
  while (customer?.merged_into_id) customer = findCustomerById(app.db, customer.merged_into_id);
  return customer && customer.deleted_at === null ? customer : undefined;
}

/** Inside a transaction. Throws Conflict for whoever was merged or erased since the page was asked for: no page would show what is written. */
export function needStaying(app: App, { id }: { id: number }): CustomerRow {
  const customer = findCustomerById(app.db, id);
  if (!customer || customer.deleted_at !== null)
    throw Conflict('This customer was erased meanwhile, and nothing was changed.');
  if (customer.merged_into_id !== null)
    throw Conflict('This customer was merged with another meanwhile, and nothing was changed.');
  return customer;
}

/**
 * Why two customers are not merged: they are the same, one is merged already or gone, what must be kept or left alone
 * (Art. 17(3)(e), Art. 18) would no longer be told from what need not, something is at work on them, or may be since a moment ago.
 */
export type CustomerMergeRefusal =
  | 'same'
  | 'merged'
  | 'gone'
  | 'hold'
  | 'restricted'
  | 'erasure'
  | 'export'
  | 'meanwhile';

export function whyNotMergeCustomers(
  app: App,
  customer: CustomerRow,
  into: CustomerRow,
): CustomerMergeRefusal | undefined {
  if (customer.id === into.id) return 'same';
  if (customer.merged_into_id !== null || into.merged_into_id !== null) return 'merged';
  if (customer.deleted_at !== null || into.deleted_at !== null) return 'gone';
  const isHeld = ({ id }: CustomerRow) => (countHolds(app.db, id) ?? 0) > 0;
  if (isHeld(customer) !== isHeld(into)) return 'hold';
  return (customer.restricted_at === null) === (into.restricted_at === null) ? undefined : 'restricted';
}

export type CustomerMergeOutcome = { refused: CustomerMergeRefusal } | { moved: Moved };

/** Addresses, tickets, consents, holds, chats, notes: whatever the map of personal data says hangs on a customer. */
export async function mergeCustomers(
  app: App,
  actor: Actor & { id: number },
  customer: CustomerRow,
  into: CustomerRow,
): Promise<CustomerMergeOutcome> {
  const { work, begunSince } = await app.hooks.atWorkOn(app, [customer.id, into.id]);
  if (work) return { refused: work };
  return app.write(() => {
    const [from, to] = [customer, into].map(({ id }) => findCustomerById(app.db, id));
    if (!from || !to) return { refused: 'gone' };
    const refused = whyNotMergeCustomers(app, from, to) ?? begunSince();
    return refused ? { refused } : { moved: merge(app, actor, from, to) };
  });
}

function merge(app: App, actor: Actor & { id: number }, from: CustomerRow, into: CustomerRow): Moved {
  const moved = app.hooks.handOn(app, from.id, into.id);
  updateMergedInto(app.db, into.id, from.id);
  const filled = FIELDS.filter((field) => into[field] === null && from[field] !== null);
  const now = app.clock.now();
  updateFields(
    app.db,
    into.language ?? from.language,
    into.time_zone ?? from.time_zone,
    into.organization_id ?? from.organization_id,
    now,
    into.id,
  );
  insertMerge(app.db, from.id, into.id, actor.id, now, JSON.stringify(moved), JSON.stringify(filled));
  record(app, 'customer.merged', actor, from, { into: into.id });
  record(app, 'customer.took-in', actor, into, { customer: from.id });
  return moved;
}

export type CustomerUnmergeOutcome = 'undone' | 'too-late' | 'hold' | 'erasure' | 'export' | 'meanwhile';

/** Each row goes back where it was; what came since, and fields that somebody has changed since, stay. */
export async function unmergeCustomer(
  app: App,
  actor: Actor,
  customer: CustomerRow,
): Promise<{ outcome: CustomerUnmergeOutcome; moved?: Moved }> {
  const { merged_into_id: intoId } = customer;
  if (intoId === null) return { outcome: 'too-late' };
  const { work, begunSince } = await app.hooks.atWorkOn(app, [customer.id, intoId]);
  if (work) return { outcome: work };
  return app.write(() => {
    const from = findCustomerById(app.db, customer.id);
    const made = findMerge(app.db, customer.id);
    const into = made && findCustomerById(app.db, made.into_id);
    if (!from || !into || !made || !canUnmergeCustomer(app, from)) return { outcome: 'too-late' };
    const begun = begunSince();
    if (begun) return { outcome: begun };
    const moved = JSON.parse(made.moved) as Moved;
    // What must be kept since then is of the two as one.
    if (isHeldSince(app.db, into.id, made.merged_at) === 1) return { outcome: 'hold' };
    unmerge(app, actor, from, into, { ...made, moved });
    return { outcome: 'undone', moved };
  });
}

function unmerge(
  app: App,
  actor: Actor,
  from: CustomerRow,
  into: CustomerRow,
  made: { moved: Moved; filled: string },
): void {
  updateMergedInto(app.db, null, from.id);
  app.hooks.takeBack(app, from.id, into.id, made.moved);
  const filled = new Set(JSON.parse(made.filled) as Filled[]);
  const back = <Field extends Filled>(field: Field) =>
    filled.has(field) && into[field] === from[field] ? null : into[field];
  updateFields(
    app.db,
    back('language'),
    back('time_zone'),
    back('organization_id'),
    app.clock.now(),
    into.id,
  );
  deleteMerge(app.db, from.id);
  record(app, 'customer.unmerged', actor, from, { from: into.id });
  record(app, 'customer.gave-back', actor, into, { customer: from.id });
}

export function canUnmergeCustomer(app: App, customer: CustomerRow): boolean {
  const made = customer.merged_into_id === null ? undefined : findMerge(app.db, customer.id);
  // Merged on since: the later merge is undone first.
  return made?.into_id === customer.merged_into_id && app.clock.now() < made.merged_at + UNDO_WITHIN;
}
