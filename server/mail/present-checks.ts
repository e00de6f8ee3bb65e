// The comparisons of a mailbox with what is here, as pages show them (M4).
import type { App } from '../app';
import type { ShownTime } from '../i18n';
import type { PageModel, Reader } from '../web';
import { type CheckRow, findChecks, findDifferences, findLastCheck, findRunningCheck } from './checks';
import type { MailboxRow } from './mailbox';
import { problemWords } from './problem-words';

/** Every night of three months, and some in between. */
const MOST_SHOWN = 120;
const MOST_DIFFERENCES = 200;

interface Progress {
  label: string;
  value: number;
  max: number;
  text: string;
}

/** The part of a mailbox's page about them. */
export interface CheckSummary {
  action: string;
  all: string;
  running?: { progress: Progress; href: string };
  last?: { at: ShownTime; text: string; href: string };
}

interface Cell {
  text?: string;
  href?: string;
  at?: ShownTime;
  chip?: string;
}
interface Table {
  caption: string;
  columns: { text: string; number?: boolean }[];
  rows: Cell[][];
}

/** views/mail/checks */
export interface ChecksPage extends PageModel {
  t: Reader['t'];
  back: string;
  checks?: Table;
}

/** views/mail/check */
export interface CheckPage extends PageModel {
  t: Reader['t'];
  back: string;
  state: { kind: 'info' | 'good' | 'warn' | 'error'; text: string };
  progress?: Progress;
  src: string;
  facts: { name: string; value?: string; at?: ShownTime }[];
  differences?: Table;
}

const pathOf = (mailboxId: number) => `/settings/mailboxes/${mailboxId}/checks`;

export function checkSummary(app: App, reader: Reader, { id }: MailboxRow): CheckSummary {
  const running = findRunningCheck(app.db, id);
  const last = findLastCheck(app.db, id);
  const all = pathOf(id);
  return {
    action: all,
    all,
    ...(running ? { running: { progress: progressOf(reader, running), href: `${all}/${running.id}` } } : {}),
    ...(last
      ? {
          last: {
            at: reader.format.time(last.started_at),
            text: stateOf(reader.t, last).text,
            href: `${all}/${last.id}`,
          },
        }
      : {}),
  };
}

export function checksPage(app: App, { t, format }: Reader, mailbox: MailboxRow): ChecksPage {
  const rows = findChecks(app.db, mailbox.id, MOST_SHOWN).map((check): Cell[] => [
    { text: format.time(check.started_at).text, href: `${pathOf(mailbox.id)}/${check.id}` },
    { text: check.folder },
    { text: format.number(check.on_server) },
    { text: format.number(check.imported) },
    { text: format.number(check.not_imported) },
    { text: format.number(check.missed) },
    chipOf(t, check),
  ]);
  return {
    ...frame(t, t('mail.check.title', { address: mailbox.address })),
    back: `/settings/mailboxes/${mailbox.id}`,
    ...(rows.length > 0
      ? {
          checks: {
            caption: t('mail.check.all'),
            columns: [
              { text: t('mail.check.when') },
              { text: t('mail.folder') },
              ...['onServer', 'imported', 'notImportedColumn', 'missedColumn'].map((name) => ({
                text: t(`mail.check.${name}`),
                number: true,
              })),
              { text: t('mail.check.result') },
            ],
            rows,
          },
        }
      : {}),
  };
}

export function checkPage(app: App, reader: Reader, mailbox: MailboxRow, check: CheckRow): CheckPage {
  const { t, format } = reader;
  const numbers: [name: string, n: number][] = [
    ['onServer', check.on_server],
    ['imported', check.imported],
    ['waiting', check.waiting],
    ['notImported', check.not_imported],
    ['notWanted', check.not_wanted],
    ['missedShort', check.missed],
    ['newer', check.newer],
    ['gone', check.gone],
  ];
  return {
    ...frame(t, t('mail.check.one', { address: mailbox.address })),
    back: pathOf(mailbox.id),
    state: stateOf(t, check),
    ...(check.ended_at === null ? { progress: progressOf(reader, check) } : {}),
    src: `${pathOf(mailbox.id)}/${check.id}`,
    facts: [
      { name: t('mail.check.when'), at: format.time(check.started_at) },
      { name: t('mail.folder'), value: check.folder },
      ...numbers.map(([name, n]) => ({ name: t(`mail.check.${name}`), value: format.number(n) })),
    ],
    ...differencesOf(app, reader, check),
  };
}

function differencesOf(app: App, { t, format }: Reader, check: CheckRow): Pick<CheckPage, 'differences'> {
  const found = findDifferences(app.db, check.id, MOST_DIFFERENCES);
  if (found.length === 0) return {};
  const columns = ['subject', 'sender', 'arrived', 'messageId', 'outcome'];
  const differences = {
    caption: t('mail.check.differences'),
    columns: columns.map((name) => ({ text: t(`mail.check.${name}`) })),
    rows: found.map((mail): Cell[] => [
      { text: mail.subject || t('mail.tray.noSubject') },
      { text: mail.sender || t('mail.tray.noSender') },
      mail.arrived_at === null ? { text: '' } : { at: format.time(mail.arrived_at) },
      { text: mail.header_message_id === null ? '' : `<${mail.header_message_id}>` },
      mail.outcome === 'fetched'
        ? { text: t('mail.check.fetched') }
        : { text: t('mail.check.listed'), href: '/settings/mail-tray' },
    ]),
  };
  return { differences };
}

const progressOf = ({ t, format }: Reader, check: CheckRow): Progress => ({
  label: t('mail.check.running'),
  value: check.looked_at,
  max: Math.max(check.on_server, 1),
  text: t('mail.check.progress', {
    done: format.number(check.looked_at),
    all: format.number(check.on_server),
  }),
});

function stateOf(t: Reader['t'], { ended_at, error, missed }: CheckRow): CheckPage['state'] {
  if (ended_at === null) return { kind: 'info', text: t('mail.check.running') };
  if (error !== null) return { kind: 'error', text: t('mail.check.failed', { why: problemWords(t, error) }) };
  if (missed > 0) return { kind: 'warn', text: t('mail.check.missed', { n: missed }) };
  return { kind: 'good', text: t('mail.check.good') };
}

function chipOf(t: Reader['t'], check: CheckRow): Cell {
  if (check.ended_at === null) return { chip: 'live', text: t('mail.check.chip.running') };
  if (check.error !== null) return { chip: 'late', text: t('mail.check.chip.failed') };
  return check.missed > 0
    ? { chip: 'late', text: t('mail.check.chip.missed') }
    : { chip: 'good', text: t('mail.check.chip.good') };
}

const frame = (t: Reader['t'], title: string) => ({
  layout: 'settings' as const,
  current: 'settings.mailboxes',
  title,
  t,
});
