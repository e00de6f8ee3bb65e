// The list of blocked senders, as its settings page shows it.
import type { App } from '../app';
import { query } from '../db';
import type { ShownTime } from '../i18n';
import { errorWords, type FieldErrors, type PageModel, type Reader, typedIn } from '../web';
import { findBlocked } from './blocked-senders';

const MOST_SHOWN = 500;

const countHeldBack = query<[], { n: number }[]>(
  "SELECT count(*) AS n FROM inbound_mails WHERE state = 'not_imported' AND reason = 'blocked'",
);

/** views/mail/blocked */
export interface BlockedPage extends PageModel {
  t: Reader['t'];
  value: string;
  error?: string | undefined;
  senders: { id: number; value: string; kind: string; at: ShownTime }[];
  /** There are more than are shown. */
  isCut: boolean;
  /** Mails of theirs that wait in the tray, in words. */
  waiting?: string;
}

export function blockedPage(
  app: App,
  { t, format }: Reader,
  returned?: { values: Record<string, unknown>; errors: FieldErrors },
): BlockedPage {
  const rows = findBlocked(app.db, MOST_SHOWN + 1);
  const n = countHeldBack(app.db)[0]?.n ?? 0;
  return {
    layout: 'settings',
    current: 'settings.blocked-senders',
    title: t('mail.blocked.title'),
    t,
    value: returned ? typedIn(returned.values, 'sender') : '',
    error: returned && errorWords(t, returned.errors)['sender'],
    senders: rows.slice(0, MOST_SHOWN).map(({ id, value, kind, created_at }) => ({
      id,
      value,
      kind: t(`mail.blocked.kind.${kind}`),
      at: format.time(created_at),
    })),
    isCut: rows.length > MOST_SHOWN,
    ...(n > 0 ? { waiting: t('mail.blocked.waiting', { n }) } : {}),
  };
}
