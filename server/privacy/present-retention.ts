// The rule about solved tickets as its page shows it.
import type { App } from '../app';
import { errorWords, type Reader, typedIn } from '../web';
import type { RetentionPage } from './page-models';
import { type Returned, UNTOUCHED } from './present-erasure';
import { SHOWN, STATE_CHIPS, table } from './present-table';
import { lastRuns, previewRule } from './retention';
import { findRule, SUGGESTED_DAYS } from './rules';

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
      days: String(days),
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
