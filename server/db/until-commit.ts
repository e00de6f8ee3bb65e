// Remembers what was read until the next commit of anything: pages between two writes ask the database once.
import type { Db } from './database';

/** Results kept per database at most; a desk has far fewer agents, mailboxes and settings. */
const MOST_REMEMBERED = 1_000;

/**
 * `read` by one key or none, remembered until `db.epoch` rises. Inside a transaction that writes nothing is remembered, because it may be undone.
 * What is returned is shared: not to be changed.
 */
export function untilCommit<Key extends [] | [string | number], Value>(
  read: (db: Db, ...key: Key) => Value,
): (db: Db, ...key: Key) => Value {
  const remembered = new WeakMap<Db, { epoch: number; values: Map<Key[0], Value> }>();
  return (db, ...given) => {
    const [key] = given;
    if (db.isWriting) return read(db, ...given);
    let known = remembered.get(db);
    if (known?.epoch !== db.epoch) {
      known = { epoch: db.epoch, values: new Map() };
      remembered.set(db, known);
    }
    if (!known.values.has(key)) {
      if (known.values.size >= MOST_REMEMBERED) known.values.clear();
      known.values.set(key, read(db, ...given));
    }
    return known.values.get(key) as Value;
  };
}
