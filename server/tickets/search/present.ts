// The search page: hits with what was found marked, what was not understood, and how to ask.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { noteLook } from '../../customers';
import { escapeHtml, type Reader } from '../../web';
import type { TicketListRow } from '../list';
import { excerptHtml, markedHtml } from './excerpt';
import { type Asking, OPERATORS } from './operators';
import type { SearchHit, SearchPage } from './page-models';
import { type Needle, type Problem, questionOf } from './question';
import { MOST_COUNTED, searchTickets } from './search';
import { OPERATOR_NAMES } from './terms';

const HITS_A_PAGE = 25;
const MOST_NAMED = 8;
/** What nobody understood is repeated, but not a page of it. */
const LONGEST_REPEATED = 60;

export function searchPage(
  app: App,
  agent: Agent,
  reader: Reader,
  asked: { q: string; before?: number },
): SearchPage {
  const { t, format } = reader;
  const question = questionOf(app, agent, asked.q);
  const {
    hits,
    more,
    count: countHits,
  } = searchTickets(app, agent, asked.q, { before: asked.before, limit: HITS_A_PAGE });
  for (const { id } of hits) noteLook(app, { agent: agent.id, act: 'searched', ticket: id });
  const address = `/search?q=${encodeURIComponent(asked.q)}`;
  const count = countHits();
  return {
    title: asked.q ? t('tickets.search.titleFor', { q: asked.q }) : t('tickets.search.title'),
    current: 'inbox',
    t,
    q: asked.q,
    hits: hits.map((row) => hitModel(app, reader, row, question.needles)),
    count:
      question.match === undefined && (asked.q.trim() === '' || question.problems.length > 0)
        ? undefined
        : count > MOST_COUNTED
          ? `${format.number(MOST_COUNTED)}+`
          : format.number(count),
    more: more === undefined ? undefined : `${address}&before=${more}`,
    problems: question.problems.map((problem) => problemText({ app, agent }, reader, problem)),
    operators: OPERATOR_NAMES.map((name) => ({
      example: t(`tickets.search.example.${name}`),
      meaning: t(`tickets.search.help.${name}`),
    })),
  };
}

function hitModel(app: App, { t, format }: Reader, row: TicketListRow, needles: Needle[]): SearchHit {
  return {
    number: row.number,
    subjectHtml: markedHtml(row.subject || t('tickets.noSubject'), needles),
    customerHtml:
      needles.length === 0 ? escapeHtml(row.customer_name) : markedHtml(row.customer_name, needles),
    status: t(`tickets.status.${row.status.replace(' ', '-')}`),
    at: format.time(row.activity_at),
    excerptHtml: excerptHtml(app, row, needles),
  };
}

/** One sentence: what was not understood, and what is allowed. */
function problemText(asking: Asking, { t }: Reader, problem: Problem): string {
  if (problem.kind === 'operator') {
    const allowed = OPERATOR_NAMES.join(', ');
    return t('tickets.search.unknown.operator', { name: problem.name, allowed });
  }
  const { name, value } = problem;
  const allowed = allowedText(asking, { t }, name);
  if (allowed === '') return t('tickets.search.unknown.noneYet', { name });
  const shown =
    value.length > LONGEST_REPEATED ? `${value.slice(0, LONGEST_REPEATED).toWellFormed()}…` : value;
  return shown === ''
    ? t('tickets.search.unknown.empty', { name, allowed })
    : t('tickets.search.unknown.value', { name, value: shown, allowed });
}

function allowedText(asking: Asking, { t }: Pick<Reader, 't'>, name: keyof typeof OPERATORS): string {
  const { allowed, values } = OPERATORS[name];
  if (allowed !== undefined) return t(allowed);
  const all = values(asking);
  const named = all.slice(0, MOST_NAMED).map(({ value }) => value);
  return `${named.join(', ')}${all.length > named.length ? ' …' : ''}`;
}
