// Imports as their pages show them: what will happen, how far one is, what became of its mails.
import type { App } from '../../app';
import { query, queryValue } from '../../db';
import { findMailboxById, findMailboxes } from '../../mail';
import { errorWords, type FieldErrors, type Reader, typedIn } from '../../web';
import { UNSAID } from './forms';
import {
  type Counts,
  countsOf,
  countThings,
  findFiles,
  findOutcomes,
  findRuns,
  type ImportRun,
  mayUndo,
  UNDO_DAYS,
} from './import';
import type { ImportPage, ImportQuestionPage, ImportsPage } from './page-models';

const MOST_SHOWN = 50;
const MOST_NAMED = 100;
/** By their names, where there are not many. */
const MOST_FILES = 3;
export const LIST = '/settings/moving-in';

const PROMISES = ['sent', 'answers', 'told', 'reopened', 'once', 'left', 'undo'];
const REASONS = ['spam', 'trash', 'draft', 'erased'];

export function importsPage(
  app: App,
  { t, format }: Reader,
  returned: { values: Record<string, unknown>; errors: FieldErrors; file?: string } = {
    values: UNSAID,
    errors: {},
  },
): ImportsPage {
  const { files, ...others } = returned.errors;
  const errors = errorWords(t, others);
  const field = (name: string) => ({ value: typedIn(returned.values, name), error: errors[name] });
  const mailboxes = findMailboxes(app.db).filter(({ is_local: isLocal }) => !isLocal);
  const runs = findRuns(app.db, MOST_SHOWN);
  const columns = [
    ...['when', 'mailbox', 'state'].map((name) => ({ text: t(`moving.${name}`) })),
    ...['found', 'filed'].map((name) => ({ text: t(`moving.${name}`), number: true })),
  ];
  return {
    ...frame(t, t('moving.title')),
    promises: PROMISES.map((name) => t(`moving.promise.${name}`)),
    form: {
      files: { error: files && t(files, { name: returned.file ?? '' }) },
      mailbox: {
        ...field('mailbox'),
        choices: mailboxes.map(({ id, address }) => ({ value: String(id), text: address })),
      },
      openDays: field('openDays'),
      ownAddresses: field('ownAddresses'),
    },
    imports:
      runs.length === 0
        ? undefined
        : {
            caption: t('moving.before'),
            columns,
            rows: runs.map((run) => {
              const counts = countsNow(app, run);
              return [
                { text: format.time(run.created_at).text, href: `${LIST}/${run.id}` },
                { text: findMailboxById(app.db, run.mailbox_id)?.address ?? '' },
                { text: t(`moving.chip.${run.state}`), chip: CHIPS[run.state] },
                { text: format.number(counts['found'] ?? 0) },
                { text: format.number(counts['filed'] ?? 0) },
              ];
            }),
          },
  };
}

const CHIPS: Record<ImportRun['state'], string> = {
  running: 'live',
  paused: 'late',
  done: 'good',
  cancelled: 'plain',
  stopped: 'late',
  undoing: 'live',
  undone: 'plain',
};

/** While its rows are there; later as it was when it ended. */
const countsNow = (app: App, run: ImportRun): Counts =>
  run.counts === null ? countsOf(findOutcomes(app.db, run.id)) : (JSON.parse(run.counts) as Counts);

export function importPage(app: App, reader: Reader, run: ImportRun): ImportPage {
  const { t, format } = reader;
  const counts = countsNow(app, run);
  const place = `${LIST}/${run.id}`;
  const mailbox = findMailboxById(app.db, run.mailbox_id);
  const isAtWork = run.state === 'running';
  const isOpen = isAtWork || run.state === 'paused';
  const number = (name: string) => format.number(counts[name] ?? 0);
  const reasons = REASONS.filter((reason) => (counts[`left.${reason}`] ?? 0) > 0);
  return {
    ...frame(t, t('moving.one', { at: format.time(run.created_at).text })),
    src: place,
    state: stateOf(t, run),
    progress: progressOf(app, reader, run, counts),
    facts: [
      { name: t('moving.when'), at: format.time(run.created_at) },
      { name: t('moving.files'), value: filesOf(app, reader, run) },
      ...(mailbox && !mailbox.is_local ? [{ name: t('moving.mailbox'), value: mailbox.address }] : []),
      { name: t('moving.found'), value: number('found') },
      { name: t('moving.filed'), value: number('filed') },
      { name: t('moving.tickets'), value: format.number(countThings(app.db, run.id, 'ticket') ?? 0) },
      { name: t('moving.customers'), value: format.number(countThings(app.db, run.id, 'customer') ?? 0) },
      { name: t('moving.known'), value: number('known') },
      ...reasons.map((reason) => ({ name: t(`moving.left.${reason}`), value: number(`left.${reason}`) })),
      { name: t('moving.tray'), value: number('tray') },
    ],
    tray: (counts['tray'] ?? 0) > 0 && run.state !== 'undone' ? '/settings/mail-tray' : undefined,
    pause: isAtWork ? `${place}/pause` : undefined,
    goOn: run.state === 'paused' ? `${place}/continue` : undefined,
    cancel: isOpen ? `${place}/cancel` : undefined,
    undo: mayUndo(run, app.clock.now()) ? `${place}/undo` : undefined,
    kept: keptOf(app, reader, run),
  };
}

function filesOf(app: App, { t, format }: Reader, run: ImportRun): string {
  const names = findFiles(app.db, run.id, MOST_FILES + 1).map(({ name }) => name);
  // Names are forgotten with the mails.
  if (names.length === 0) return '';
  const words = names.length > MOST_FILES ? t('moving.files.many', { n: run.files }) : names.join(', ');
  return `${words} (${format.size(run.size)})`;
}

/** Bytes while files are read, mails while these are filed, tickets while they are taken away. */
function progressOf(app: App, { t, format }: Reader, run: ImportRun, counts: Counts): ImportPage['progress'] {
  if (run.state === 'undoing') {
    const left = countThings(app.db, run.id, 'ticket') ?? 0;
    return {
      label: t('moving.chip.undoing'),
      value: 0,
      max: Math.max(left, 1),
      text: t('moving.progress.undoing', { n: left }),
    };
  }
  if (run.state !== 'running' && run.state !== 'paused') return undefined;
  if (run.step === 'reading') {
    const { size, read_to: value } = run;
    const text = t('moving.progress.reading', { done: format.size(value), all: format.size(size) });
    return { label: t('moving.chip.running'), value, max: Math.max(size, 1), text };
  }
  const all = counts['found'] ?? 0;
  const value = all - (counts['waiting'] ?? 0);
  const text = t('moving.progress.filing', { done: format.number(value), all: format.number(all) });
  return { label: t('moving.chip.running'), value, max: Math.max(all, 1), text };
}

const KINDS: Record<ImportRun['state'], ImportPage['state']['kind']> = {
  running: 'info',
  paused: 'warn',
  done: 'good',
  cancelled: 'info',
  stopped: 'warn',
  undoing: 'info',
  undone: 'good',
};

function stateOf(t: Reader['t'], { state, problem }: ImportRun): ImportPage['state'] {
  return {
    kind: problem === 'disk-full' || problem === 'unexpected' ? 'error' : KINDS[state],
    text: t(`moving.state.${state}`),
    more: problem === null ? undefined : t(`moving.problem.${problem}`),
  };
}

/** Its own tickets, and mails of it on others. */
const KEPT = `SELECT kind, kept, CASE kind WHEN 'ticket' THEN thing_id ELSE (SELECT ticket_id FROM messages WHERE id = thing_id) END AS ticket_id
  FROM import_things WHERE run_id = ? AND kind IN ('ticket', 'message') AND kept IS NOT NULL`;
const countKept = queryValue<[runId: number], number>(
  `SELECT count(*) FROM (SELECT DISTINCT kind, kept, ticket_id FROM (${KEPT}))`,
);
type KeptRow = { kind: 'ticket' | 'message'; number: number; kept: 'changed' | 'held' };
const findKept = query<[runId: number, limit: number], KeptRow[]>(`
  SELECT DISTINCT kind, number, kept FROM (${KEPT}) JOIN tickets ON tickets.id = ticket_id ORDER BY number LIMIT ?`);

function keptOf(app: App, { t, format }: Reader, run: ImportRun): ImportPage['kept'] {
  const n = run.state === 'undone' ? (countKept(app.db, run.id) ?? 0) : 0;
  if (n === 0) return undefined;
  const tickets = findKept(app.db, run.id, MOST_NAMED).map(({ kind, number, kept }) => ({
    text: t(kind === 'ticket' ? `moving.kept.${kept}` : `moving.kept.message.${kept}`, {
      number: String(number),
    }),
    href: `/tickets/${number}`,
  }));
  const rest = n - tickets.length;
  return {
    words: t('moving.kept', { n }),
    tickets,
    more: rest > 0 ? t('moving.kept.more', { n: format.number(rest) }) : undefined,
  };
}

export const undoPage = (app: App, { t }: Reader, run: ImportRun): ImportQuestionPage => ({
  ...frame(t, t('moving.undo.title')),
  words: [
    t('moving.undo.goes', {
      tickets: countThings(app.db, run.id, 'ticket') ?? 0,
      customers: countThings(app.db, run.id, 'customer') ?? 0,
    }),
    t('moving.undo.stays'),
    t('moving.undo.again', { n: UNDO_DAYS }),
  ],
  action: `${LIST}/${run.id}/undo`,
  submit: t('moving.undo.submit'),
  back: `${LIST}/${run.id}`,
});

const frame = (t: Reader['t'], title: string) => ({
  layout: 'settings' as const,
  current: 'settings.moving-in',
  title,
  t,
});
