// Tables on the pages of privacy.
import type { Cell, Table } from './page-models';

/** The newest so many are listed. */
export const SHOWN = 20;

export const STATE_CHIPS = { running: 'live', waiting: 'late', done: 'good', failed: 'late' } as const;

/** A table, or nothing when it would be empty. */
export function table(caption: string, columns: Table['columns'], rows: Cell[][]): Table | undefined {
  return rows.length > 0 ? { caption, columns, rows } : undefined;
}
