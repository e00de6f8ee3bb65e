// Group commit: writes that arrive together share one transaction with a savepoint each (SPEED: 4 times the writes).
import type { Db } from './database';

type Waiting = { work: () => unknown; resolve: (value: never) => void; reject: (error: unknown) => void };

/** Larger groups would make the first writer wait for the last. */
const LARGEST_GROUP = 64;

/** Resolves after the commit, so an acknowledgement always follows it (C2). Rejects with what `work` threw. */
export type Write = <T>(work: () => T) => Promise<T>;

export function writeQueue(db: Db): Write {
  const waiting: Waiting[] = [];
  let scheduled = false;

  const flush = () => {
    scheduled = false;
    const group = waiting.splice(0, LARGEST_GROUP);
    if (waiting.length > 0) schedule();
    const done: (() => void)[] = [];
    try {
      db.tx(() => {
        for (const { work, resolve, reject } of group) {
          try {
            const value = db.tx(work);
            done.push(() => resolve(value as never));
          } catch (error) {
            if (!db.isWriting) throw error;
            done.push(() => reject(error));
          }
        }
      });
    } catch (error) {
      // The commit itself failed (a full disk): nothing of the group is stored, everyone is told.
      for (const { reject } of group) reject(error);
      return;
    }
    for (const settle of done) settle();
  };

  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    gather(0);
  };

  /**
   * Waits while the group still grows, a turn of the loop at a time. The writers of the group before were all answered at
   * once and come back one by one: who is first would else have a commit of its own, and the others the next.
   */
  const gather = (known: number) => {
    setImmediate(() => {
      if (waiting.length > known && waiting.length < LARGEST_GROUP) gather(waiting.length);
      else flush();
    });
  };

  return (work) =>
    new Promise((resolve, reject) => {
      waiting.push({ work, resolve: resolve as Waiting['resolve'], reject });
      schedule();
    });
}
