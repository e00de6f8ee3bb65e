// The page of somebody who was only ever copied: where they stand, and what they may ask for.
import type { App } from '../app';
import { findTicketById } from '../tickets';
import type { Reader } from '../web';
import { type Copied, pageOfCopied } from './copied';
import { ticketsOf } from './export-data';
import type { CopiedPage } from './page-models';
import { table } from './present-table';

/** The newest so many are listed; the export holds all. */
const MOST_TICKETS = 100;

export function copiedPage(app: App, { t, format }: Reader, copied: Copied): CopiedPage {
  const page = pageOfCopied(app, copied);
  const tickets = ticketsOf(app, copied)
    .slice(-MOST_TICKETS)
    .toReversed()
    .flatMap(({ id }) => findTicketById(app.db, id) ?? []);
  return {
    title: copied.name,
    current: 'privacy',
    t,
    address: copied.copiedAs,
    exportHref: `${page}/export`,
    eraseHref: `${page}/erase`,
    tickets: table(
      t('privacy.copied.tickets'),
      [
        { text: t('privacy.column.ticket') },
        { text: t('privacy.column.subject') },
        { text: t('privacy.column.lastMessage') },
      ],
      tickets.map((ticket) => [
        { text: `#${ticket.number}`, href: `/tickets/${ticket.number}` },
        { text: ticket.subject },
        { at: format.time(ticket.activity_at) },
      ]),
    ),
  };
}
