// The overview and the map as pages show them.
import type { App } from '../app';
import { errorWords, type Reader, typedIn } from '../web';
import { personOf } from './exports';
import { DOMAINS } from './map';
import type { Cell, MapPage, PrivacyPage } from './page-models';
import { type Returned, UNTOUCHED } from './present-erasure';
import { waitingOf } from './present-owed';
import { SHOWN, STATE_CHIPS, table } from './present-table';
import { type ErasureRow, type ExportRow, findErasures, findExports, findWaitingErasures } from './queries';
import { findRules } from './rules';

export function privacyPage(app: App, reader: Reader, { values, errors }: Returned = UNTOUCHED): PrivacyPage {
  const { t, format } = reader;
  const state = (row: ExportRow | ErasureRow): Cell => ({
    text: t(`privacy.state.${row.state}`),
    chip: STATE_CHIPS[row.state],
  });
  return {
    title: t('privacy.title'),
    current: 'privacy',
    t,
    find: { address: typedIn(values, 'address'), errors: errorWords(t, errors) },
    exports: table(
      t('privacy.exports'),
      [
        { text: t('privacy.column.begun') },
        { text: t('privacy.column.customer') },
        { text: t('privacy.column.state') },
      ],
      findExports(app.db, SHOWN).map((row) => [
        { text: format.time(row.created_at).text, href: `/privacy/exports/${row.public_id}` },
        { text: personOf(app, row)?.name ?? '' },
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
    waiting: findWaitingErasures(app.db).map((row) => waitingOf(app, reader, row)),
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
