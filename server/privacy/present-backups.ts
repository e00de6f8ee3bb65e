// Backups as their page shows them.
import type { App } from '../app';
import { findRuns as findJobRuns } from '../jobs';
import { readSetting } from '../settings';
import type { Reader } from '../web';
import { KEPT_DAYS } from './backups';
import { copyPlaces, listBackups } from './copies';
import type { BackupsPage } from './page-models';
import { table } from './present-table';

const OVERDUE = 2 * 86_400_000;

export function backupsPage(app: App, { t, format }: Reader): BackupsPage {
  const backups = listBackups(app.config.data);
  const restored = readSetting(app, 'restored');
  const places = copyPlaces(app);
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
    goneAction: '/settings/backups/gone',
    places: places.map(({ place, reachable, copies, missing }) => ({
      place,
      state: {
        text: t(reachable ? 'privacy.backups.reachable' : 'privacy.backups.unreachable'),
        chip: reachable ? 'good' : 'late',
      },
      copies: t('privacy.backups.copies', { n: copies }),
      missing: missing > 0 ? t('privacy.backups.missing', { n: missing }) : undefined,
    })),
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
