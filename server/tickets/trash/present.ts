// The trash as its page shows it.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import type { ShownTime } from '../../i18n';
import { DAY } from '../../lib/clock';
import { mayRole } from '../../roles';
import type { PageModel, Reader } from '../../web';
import type { ListKey } from '../list';
import { goneAt, TRASH_DAYS, type TrashRow } from './trash';

/** views/tickets/trash */
export interface TrashPage extends PageModel {
  t: Reader['t'];
  lead: string;
  tickets: {
    number: number;
    subject: string;
    customer: string;
    at: ShownTime;
    /** Absent when it should be gone and is kept by a hold. */
    gone?: ShownTime;
    restore?: string;
  }[];
  more?: string;
}

export function trashPage(
  app: App,
  agent: Agent,
  { t, format }: Reader,
  { rows, next }: { rows: TrashRow[]; next: ListKey | undefined },
): TrashPage {
  const mayChange = mayRole(agent.role, 'tickets.change');
  // The nightly run may be a day away.
  const isHeld = (row: TrashRow) => goneAt(row) < app.clock.now() - 2 * DAY;
  return {
    title: t('tickets.trash'),
    current: 'inbox',
    t,
    lead: t('tickets.trash.lead', { days: TRASH_DAYS }),
    tickets: rows.map((row) => ({
      number: row.number,
      subject: row.subject || t('tickets.noSubject'),
      customer: row.customer_name,
      at: format.time(row.deleted_at),
      ...(isHeld(row) ? {} : { gone: format.day(goneAt(row)) }),
      ...(mayChange ? { restore: `/tickets/${row.number}/restore` } : {}),
    })),
    ...(next ? { more: `/trash?after=${next.at}-${next.id}` } : {}),
  };
}
