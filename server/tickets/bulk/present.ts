// Changes of many tickets as pages show them: what can be done, what will be, how far it is and what could not be done.
import { type Agent, findActiveAgents, findAgentById, findTeamById, findTeams } from '../../agents';
import type { App } from '../../app';
import { untilCommit } from '../../db';
import { mayRole } from '../../roles';
import { errorWords, type FieldErrors, type Reader, typedIn } from '../../web';
import type { View } from '../list';
import { titleOf } from '../present-views';
import { PRIORITIES, STATUSES } from '../ticket';
import { type Change, readChange } from './change';
import type { BulkChoices, BulkPage, BulkRunPage } from './page-models';
import { type BulkRun, findRefused, findUndoOf } from './queries';
import { editionOf } from './run';

const MOST_NAMED = 100;

const people = untilCommit((db) => findActiveAgents(db).filter(({ role }) => mayRole(role, 'tickets.reply')));
const teams = untilCommit((db) => findTeams(db));

export function bulkChoices(app: App, agent: Agent, { t }: Reader): BulkChoices {
  const others = people(app.db).filter(({ id }) => id !== agent.id);
  const known = teams(app.db);
  const status = (value: string) => t(`tickets.status.${value.replace(' ', '-')}`);
  return [
    {
      title: t('tickets.status'),
      choices: STATUSES.map((one) => ({ value: `status:${one}`, text: status(one) })),
    },
    {
      title: t('tickets.assignee'),
      choices: [
        { value: 'assignee:me', text: t('tickets.bulk.me') },
        { value: 'assignee:', text: t('tickets.assignee.nobody') },
        ...others.map(({ id, name, away_since: away }) => ({
          value: `assignee:${id}`,
          text: away === null ? name : t('tickets.away', { name }),
        })),
      ],
    },
    ...(known.length === 0
      ? []
      : [
          {
            title: t('tickets.team'),
            choices: [
              ...known.map(({ id, name }) => ({ value: `team:${id}`, text: name })),
              { value: 'team:', text: t('tickets.team.none') },
            ],
          },
        ]),
    {
      title: t('tickets.priority'),
      choices: PRIORITIES.map((one) => ({ value: `priority:${one}`, text: t(`tickets.priority.${one}`) })),
    },
    {
      title: t('tickets.bulk.more'),
      choices: [
        { value: 'tag', text: t('tickets.bulk.tag') },
        { value: 'untag', text: t('tickets.bulk.untag') },
        { value: 'spam:1', text: t('tickets.spam.mark') },
        { value: 'spam:0', text: t('tickets.spam.not') },
        { value: 'merge', text: t('tickets.merge.these') },
        { value: 'trash:1', text: t('tickets.trash.move') },
      ],
    },
  ];
}

/** Before everything in a list is changed, and when something is missing: with all that was chosen. */
export function bulkPage(
  app: App,
  agent: Agent,
  reader: Reader,
  values: Record<string, unknown>,
  count: number,
  view: View,
  errors: FieldErrors = {},
): BulkPage {
  const { t, format } = reader;
  const everything = values['everything'] === 'on';
  return {
    title: t('tickets.bulk.title', { n: count }),
    current: 'inbox',
    t,
    words: everything
      ? t('tickets.bulk.everything.sure', {
          n: format.number(count),
          view: titleOf(app, agent, reader, view),
        })
      : undefined,
    tickets: everything ? [] : [values['ticket'] ?? []].flat().map(String),
    everything,
    sure: everything ? String(editionOf(app, agent, view) ?? '') : '',
    list: view,
    change: typedIn(values, 'change'),
    choices: bulkChoices(app, agent, reader),
    tag: typedIn(values, 'tag'),
    errors: errorWords(t, errors),
    back: `/tickets?view=${view}`,
  };
}

export function bulkRunPage(app: App, reader: Reader, run: BulkRun): BulkRunPage {
  const { t, format } = reader;
  const done = run.changed + run.same + run.refused;
  const canUndo =
    run.state !== 'running' &&
    run.undoes_id === null &&
    run.changed > 0 &&
    findUndoOf(app.db, run.id) === undefined;
  return {
    title:
      run.undoes_id === null ? changeWords(app, reader, readChange(run.change)) : t('tickets.bulk.undoing'),
    current: 'inbox',
    t,
    state: run.state,
    progress: {
      done,
      total: Math.max(run.total, 1),
      text:
        run.cursor === null
          ? t('tickets.bulk.progress', { done: format.number(done), total: format.number(run.total) })
          : t('tickets.bulk.gathering', { n: format.number(run.total) }),
    },
    words: summaryOf(reader, run),
    refused: findRefused(app.db, run.id, MOST_NAMED).map(({ number, outcome }) => ({
      number,
      why: t(`tickets.bulk.refused.${outcome}`),
    })),
    more:
      run.refused > MOST_NAMED ? t('tickets.bulk.refused.more', { n: run.refused - MOST_NAMED }) : undefined,
    undo: canUndo ? `/bulk/${run.id}/undo` : undefined,
    back: run.list === null ? '/tickets' : `/tickets?view=${run.list}`,
  };
}

/** "12 changed, 3 were so already, 1 could not be changed." */
export const summaryOf = ({ t }: Reader, { changed, same, refused }: BulkRun): string =>
  [
    t('tickets.bulk.changed', { n: changed }),
    ...(same > 0 ? [t('tickets.bulk.same', { n: same })] : []),
    ...(refused > 0 ? [t('tickets.bulk.refused', { n: refused })] : []),
  ].join(' ');

/** "Status: solved" */
export function changeWords(app: App, { t }: Reader, change: Change): string {
  const { kind, to } = change;
  const words = () => {
    if (kind === 'status') return t(`tickets.status.${to.replace(' ', '-')}`);
    if (kind === 'priority') return t(`tickets.priority.${to}`);
    if (kind === 'assignee')
      return to === null ? t('tickets.assignee.nobody') : (findAgentById(app.db, to)?.name ?? '');
    if (kind === 'team') return to === null ? t('tickets.team.none') : (findTeamById(app.db, to)?.name ?? '');
    return String(to);
  };
  if (kind === 'trash') return t('tickets.trash.move');
  if (kind === 'spam') return t(to ? 'tickets.spam.mark' : 'tickets.spam.not');
  return `${t(LABELS[kind])}: ${words()}`;
}

const LABELS = {
  status: 'tickets.status',
  assignee: 'tickets.assignee',
  team: 'tickets.team',
  priority: 'tickets.priority',
  tag: 'tickets.bulk.tag',
  untag: 'tickets.bulk.untag',
} as const;
