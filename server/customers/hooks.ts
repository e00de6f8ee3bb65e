// What customers ask of the rooms to their right; boot.ts fills it.
import type { App } from '../app';

/** Keys of rows by table. */
export type Moved = Record<string, number[]>;

export interface AtWork {
  work: 'erasure' | 'export' | undefined;
  /** Inside the transaction that follows: what has begun since it was looked at. Whom a new erasure is of cannot be read there. */
  begunSince(): 'meanwhile' | 'export' | undefined;
}

declare module '../app' {
  interface Hooks {
    /** Inside a transaction: whatever hangs on a customer hangs on another from now on. Returns what that was. */
    handOn(app: App, from: number, into: number): Moved;
    /** Inside a transaction: what was handed on and is still there goes back; what came since stays. */
    takeBack(app: App, from: number, into: number, moved: Moved): void;
    /** What is at work on one of these customers and has to end first. */
    atWorkOn(app: App, customers: number[]): Promise<AtWork>;
  }
}
