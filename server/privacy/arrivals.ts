// Mails that have arrived and are being filed this moment: whoever asks about a person waits for them.
import type { App } from '../app';
import { queryValue } from '../db';

const PAUSE = 50;
/** A mail that a parser stands still at is filed, or set aside, by then. */
const PATIENCE = 5_000;

const isSomethingStored = queryValue<[], number>(
  "SELECT EXISTS (SELECT 1 FROM inbound_mails WHERE state = 'stored')",
);

/** Resolves when nothing waits to be filed, or after five seconds. */
export async function arrivalsFiled(app: App): Promise<void> {
  for (let waited = 0; waited < PATIENCE && isSomethingStored(app.db) === 1; waited += PAUSE) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
