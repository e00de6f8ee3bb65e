// Exports, rules, the map and copies as pages show them.
import type { App } from '../app';
import { type CustomerRow, findCustomerById } from '../customers';
import { query } from '../db';
import { findRuns as findJobRuns } from '../jobs';
import { readSetting } from '../settings';
import { errorWords, type Reader, typedIn } from '../web';
import { KEPT_DAYS, listBackups, placesWithState } from './backups';
import { DOMAINS } from './map';
import type {
  BackupsPage,
  Cell,
  ExportPage,
  MapPage,
  NewExportPage,
  PrivacyPage,
  RetentionPage,
  Table,
} from './page-models';
import { type Returned, UNTOUCHED } from './present-erasure';
import { type ErasureRow, type ExportRow, findErasures, findExports } from './queries';
import { lastRuns, previewRule } from './retention';
import { findRule, findRules, SUGGESTED_DAYS } from './rules';

const SHOWN = 20;

const STATE_CHIPS = { running: 'live', done: 'good', failed: 'late' } as const;

/** A table, or nothing when it would be empty. */
function table(caption: string, columns: Table['columns'], rows: Cell[][]): Table | undefined {
  return rows.length > 0 ? { caption, columns, rows } : undefined;
}

export function privacyPage(app: App, { t, format }: Reader): PrivacyPage {
  const state = (row: ExportRow | ErasureRow): Cell => ({
    text: t(`privacy.state.${row.state}`),
    chip: STATE_CHIPS[row.state],
  });
  return {
    title: t('privacy.title'),
    current: 'privacy',
    t,
    exports: table(
      t('privacy.exports'),
      [
        { text: t('privacy.column.begun') },
        { text: t('privacy.column.customer') },
        { text: t('privacy.column.state') },
      ],
      findExports(app.db, SHOWN).map((row) => [
        { text: format.time(row.created_at).text, href: `/privacy/exports/${row.public_id}` },
        { text: findCustomerById(app.db, row.customer_id)?.name ?? '' },
        state(row),
      ]),
    ),
    erasures: table(
      t('privacy.erasures'),
      [
        { text: t('privacy.column.begun') },
        { text: t('privacy.column.kind') },
        { text: t('privacy.column.state') },
      ],
      findErasures(app.db, SHOWN).map((row) => [
        { text: format.time(row.started_at).text, href: `/privacy/erasures/${row.public_id}` },
        { text: t(`privacy.erase.kind.${row.kind}`) },
        state(row),
      ]),
    ),
    rules: findRules(app.db).map((rule) => ({
      name: t(`privacy.rule.${rule.kind}`, { days: rule.days }),
      value: t(rule.is_on ? 'privacy.rule.on' : 'privacy.rule.off'),
    })),
  };
}

export function mapPage({ t }: Reader): MapPage {
  return {
    title: t('privacy.map.title'),
    current: 'privacy',
    t,
    domains: DOMAINS.map((domain) => ({
      name: t(`privacy.domain.${domain.name}`),
      tables: domain.tables.map((one) => ({
        name: t(`privacy.table.${one.table}`),
        table: one.table,
        why: t(`privacy.why.${one.why}`),
        kept: t(`privacy.kept.${one.kept}`),
        columns: {
          caption: t(`privacy.table.${one.table}`),
          columns: [
            { text: t('privacy.map.column') },
            { text: t('privacy.map.whose') },
            { text: t('privacy.map.kind') },
            { text: t('privacy.map.exported') },
          ],
          rows: Object.entries(one.columns).map(([name, column]) => [
            { text: name },
            { text: t(`privacy.whose.${column.whose}`) },
            { text: t(`privacy.kind.${column.kind}`) },
            { text: column.exported ? t('privacy.map.yes') : '' },
          ]),
        },
      })),
    })),
  };
}

const findNotes = query<
  [customerId: number, limit: number],
  { id: number; number: number; words: string; created_at: number }[]
>(`
  SELECT messages.id, tickets.number, words, messages.created_at FROM tickets JOIN messages ON messages.ticket_id = tickets.id
   WHERE tickets.customer_id = ? AND kind = 'note' ORDER BY messages.id DESC LIMIT ?`);
const MOST_NOTES = 200;
const FIRST_WORDS = 160;

export function newExportPage(
  app: App,
  { t, format }: Reader,
  customer: CustomerRow,
  counts: { own: number; joint: number },
  { values, errors }: Returned = UNTOUCHED,
): NewExportPage {
  const back = `/customers/${customer.public_id}`;
  const ticked = new Set([values['withhold'] ?? []].flat().map(String));
  return {
    title: t('privacy.export.new', { name: customer.name }),
    current: 'privacy',
    t,
    action: `${back}/export`,
    back,
    contents: [
      { name: t('privacy.export.ownTickets'), value: format.number(counts.own) },
      { name: t('privacy.export.jointTickets'), value: format.number(counts.joint) },
    ],
    notes: findNotes(app.db, customer.id, MOST_NOTES).map((note) => ({
      id: note.id,
      at: format.time(note.created_at),
      ticket: note.number,
      words:
        note.words.length > FIRST_WORDS ? `${note.words.slice(0, FIRST_WORDS).toWellFormed()}…` : note.words,
      checked: ticked.has(String(note.id)),
    })),
    reason: typedIn(values, 'reason'),
    errors: errorWords(t, errors),
  };
}

export function exportPage(app: App, { t, format }: Reader, row: ExportRow): ExportPage {
  const customer = findCustomerById(app.db, row.customer_id);
  const isThere = row.state === 'done' && row.expires_at > app.clock.now();
  return {
    title: t('privacy.export.page'),
    current: 'privacy',
    t,
    state: row.state,
    progress: {
      done: row.done,
      total: Math.max(row.total, 1),
      text: t('privacy.export.progress', { done: row.done, total: row.total }),
    },
    download: isThere
      ? {
          href: `/privacy/exports/${row.public_id}/file`,
          size: format.size(row.size ?? 0),
          until: format.time(row.expires_at),
        }
      : undefined,
    customer: customer && { href: `/customers/${customer.public_id}`, name: customer.name },
  };
}

export function retentionPage(
  app: App,
  { t, format }: Reader,
  asked: { days?: number },
  { values, errors }: Returned = UNTOUCHED,
): RetentionPage {
  const rule = findRule(app.db, 'solved-tickets');
  const days = asked.days ?? rule?.days ?? SUGGESTED_DAYS['solved-tickets'];
  const preview = previewRule(app, days);
  const runs = lastRuns(app, SHOWN);
  return {
    title: t('privacy.retention.title'),
    current: 'privacy',
    t,
    action: '/privacy/retention',
    runAction: rule?.is_on ? '/privacy/retention/run' : undefined,
    days: typedIn(values, 'days') || String(days),
    on: errors['days'] ? values['on'] === 'on' : rule?.is_on === 1,
    suggestion: t('privacy.retention.suggestion', { days: SUGGESTED_DAYS['solved-tickets'] }),
    errors: errorWords(t, errors),
    preview: {
      facts: [
        { name: t('privacy.retention.now'), value: format.number(preview.now) },
        { name: t('privacy.retention.soon'), value: format.number(preview.soon) },
        { name: t('privacy.retention.held'), value: format.number(preview.kept) },
      ],
      samples: table(
        t('privacy.retention.samples'),
        [
          { text: t('privacy.column.ticket') },
          { text: t('privacy.column.subject') },
          { text: t('privacy.column.lastMessage') },
        ],
        preview.samples.map((sample) => [
          { text: `#${sample.number}`, href: `/tickets/${sample.number}` },
          { text: sample.subject },
          { at: format.day(sample.at) },
        ]),
      ),
    },
    runs: table(
      t('privacy.retention.runs'),
      [
        { text: t('privacy.column.begun') },
        { text: t('privacy.column.by') },
        { text: t('privacy.column.tickets'), number: true },
        { text: t('privacy.column.keptTickets'), number: true },
        { text: t('privacy.column.state') },
      ],
      runs.map((run) => {
        const counts = JSON.parse(run.counts) as Record<string, number>;
        const state = run.error ? 'failed' : run.ended_at === null ? 'running' : 'done';
        return [
          { at: format.time(run.started_at) },
          { text: t(run.started_by === null ? 'privacy.retention.byClock' : 'privacy.retention.byHand') },
          { text: format.number(counts['tickets'] ?? 0) },
          { text: format.number(counts['kept'] ?? 0) },
          { text: t(`privacy.state.${state}`), chip: STATE_CHIPS[state] },
        ];
      }),
    ),
    failed: runs[0]?.error ? t('privacy.retention.failed') : undefined,
  };
}

const OVERDUE = 2 * 86_400_000;

export function backupsPage(app: App, { t, format }: Reader): BackupsPage {
  const backups = listBackups(app.config.data);
  const restored = readSetting(app, 'restored');
  const places = placesWithState(app);
  return {
    title: t('privacy.backups.title'),
    layout: 'settings',
    current: 'settings.backups',
    t,
    action: '/settings/backups',
    backups: table(
      t('privacy.backups.list'),
      [
        { text: t('privacy.column.made') },
        { text: t('privacy.column.file') },
        { text: t('privacy.column.size'), number: true },
      ],
      backups.map((backup) => [
        { at: format.time(backup.at) },
        { text: backup.name },
        { text: format.size(backup.size) },
      ]),
    ),
    state: stateOfBackups(app, t, backups[0]?.at),
    places: table(
      t('privacy.backups.places'),
      [{ text: t('privacy.column.folder') }, { text: t('privacy.column.state') }],
      places.map(({ place, reachable }) => [
        { text: place },
        {
          text: t(reachable ? 'privacy.backups.reachable' : 'privacy.backups.unreachable'),
          chip: reachable ? 'good' : 'late',
        },
      ]),
    ),
    restored:
      restored &&
      t(restored.withoutLedger ? 'privacy.backups.restoredWithout' : 'privacy.backups.restored', {
        day: format.time(restored.at).text,
        made: format.time(Date.parse(restored.made)).text,
        reason: restored.withoutLedger ?? '',
      }),
  };
}

function stateOfBackups(app: App, t: Reader['t'], newest: number | undefined): BackupsPage['state'] {
  const [last] = findJobRuns(app.db, 'backup', 1);
  if (last?.outcome === 'running') return { kind: 'info', text: t('privacy.backups.running') };
  if (last?.outcome === 'failed')
    return { kind: 'error', text: t('privacy.backups.failed', { why: last.error ?? '' }) };
  if (newest === undefined) return { kind: 'info', text: t('privacy.backups.none', { days: KEPT_DAYS }) };
  if (app.clock.now() - newest > OVERDUE) return { kind: 'warn', text: t('privacy.backups.overdue') };
  return { kind: 'good', text: t('privacy.backups.good', { days: KEPT_DAYS }) };
}
