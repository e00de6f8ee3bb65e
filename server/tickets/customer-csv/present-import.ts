// An import of customers as its page shows it: what would become of each row, how far it is, what has become of them.
import type { App } from '../../app';
import { findCustomerById } from '../../customers';
import type { Reader } from '../../web';
import {
  countRows,
  type FileProblem,
  type FileRow,
  findImports,
  findRows,
  type ImportRow,
  KEPT_DAYS,
  MOST_ROWS,
} from './import';
import type { CustomerImportPage, NewCustomerImportPage } from './page-models';
import { type Cells, type Change, FIELDS, type Verdict } from './row';

export const LIST = '/customer-imports';
const ROWS_A_PAGE = 100;
const MOST_EARLIER = 20;
export const OUTCOMES = ['new', 'changed', 'refused', 'same'] as const satisfies Verdict['outcome'][];

export function newCustomerImportPage(
  app: App,
  { t, format }: Reader,
  problem?: FileProblem | 'none',
): NewCustomerImportPage {
  const most = format.number(MOST_ROWS);
  return {
    title: t('customers.import'),
    current: 'customers',
    t,
    action: LIST,
    columns: FIELDS.map((name) => ({ name, words: t(`customers.import.column.${name}`) })),
    ...(problem ? { error: errorOf(t, problem, most) } : {}),
    back: '/customers',
    earlier: findImports(app.db, MOST_EARLIER).map((run) => ({
      href: `${LIST}/${run.id}`,
      at: format.time(run.created_at),
      state: t(`customers.import.is.${run.state}`),
    })),
  };
}

function errorOf(t: Reader['t'], problem: FileProblem | 'none', most: string): string {
  if (problem === 'none') return t('customers.import.problem.none');
  if ('line' in problem) return t(`customers.import.${problem.key}`, { line: problem.line });
  return problem.key === 'tooMany'
    ? t('customers.import.tooMany', { most })
    : t(`customers.import.problem.${problem.key}`);
}

export function customerImportPage(
  app: App,
  reader: Reader,
  run: ImportRow,
  asked: { show?: string; after: number },
): CustomerImportPage {
  const { t, format } = reader;
  const counts = countRows(app.db, run.id);
  const countOf = (outcome: string, done?: 0 | 1) =>
    counts
      .filter((row) => row.outcome === outcome && (done === undefined || row.is_done === done))
      .reduce((sum, { n }) => sum + n, 0);
  const show =
    OUTCOMES.find((one) => one === asked.show) ?? OUTCOMES.find((one) => countOf(one) > 0) ?? 'new';
  const rows = findRows(app.db, run.id, show, asked.after, ROWS_A_PAGE + 1);
  const shown = rows.slice(0, ROWS_A_PAGE);
  const href = `${LIST}/${run.id}`;
  const done = counts.filter((row) => row.is_done === 1).reduce((sum, { n }) => sum + n, 0);
  const waiting = countOf('new', 0) + (run.changes_too === 1 ? countOf('changed', 0) : 0);
  const hasWork = countOf('new') + countOf('changed') > 0;
  return {
    title: t('customers.import'),
    current: 'customers',
    t,
    state: {
      kind: run.state === 'done' ? 'good' : 'info',
      text: t(`customers.import.state.${run.state}`, { days: KEPT_DAYS }),
    },
    ...(run.state === 'running'
      ? {
          progress: {
            label: t('customers.import'),
            value: done,
            max: Math.max(done + waiting, 1),
            text: t('customers.import.progress', {
              done: format.number(done),
              all: format.number(done + waiting),
            }),
          },
        }
      : {}),
    tabs: OUTCOMES.map((outcome) => ({
      href: `${href}?show=${outcome}`,
      text: t(`customers.import.outcome.${outcome}`),
      count: format.number(countOf(outcome)),
      current: outcome === show,
    })),
    rows: shown.map((row) => lineOf(app, reader, row)),
    more: rows.length > shown.length ? `${href}?show=${show}&after=${shown.at(-1)?.id}` : undefined,
    begin:
      run.state === 'ready' && hasWork
        ? {
            action: `${href}/begin`,
            text: t('customers.import.begin'),
            ...(countOf('changed') > 0
              ? { changes: t('customers.import.changesToo', { n: countOf('changed') }) }
              : {}),
          }
        : undefined,
    forget: run.state === 'ready' || run.state === 'done' ? `${href}/removal` : undefined,
  };
}

function lineOf(app: App, { t }: Reader, row: FileRow): CustomerImportPage['rows'][number] {
  const cells = JSON.parse(row.cells) as Cells;
  const customer = row.customer_id === null ? undefined : findCustomerById(app.db, row.customer_id);
  const said = (field: string, value: string) => `${t(`customers.import.field.${field}`)}: ${value}`;
  const facts =
    row.outcome === 'refused'
      ? [t(`customers.import.why.${row.why}`)]
      : row.outcome === 'changed'
        ? (JSON.parse(row.changes) as Change[]).map(([field, was, becomes]) =>
            field === 'addresses'
              ? t('customers.import.added', { addresses: becomes })
              : said(field, was === '' ? becomes : `${was} → ${becomes}`),
          )
        : (['organization', 'language', 'time_zone'] as const).flatMap((field) =>
            cells[field] === '' ? [] : said(field, cells[field]),
          );
  return {
    line: row.line,
    who: [cells.name, cells.addresses.join(', ')].filter(Boolean).join(' · ') || '–',
    ...(customer ? { href: `/customers/${customer.public_id}` } : {}),
    facts,
  };
}
