// Merging tickets, as a page that says what will happen; and taking it back for an hour.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { can } from '../../roles';
import { createRouter, page, readForm, say } from '../../web';
import { visibleTicket } from '../access';
import { mergeForm, unmergeForm } from '../forms';
import { agentOfRequest } from '../request';
import type { Ticket } from '../ticket';
import { MOST_MERGED, mergeTickets, unmergeTicket } from './merge';
import { mergePage } from './present';

export function mergeRoutes(app: App) {
  const router = createRouter();

  router.get('/merge', can('tickets.change'), (req, res) => {
    const actor = agentOfRequest(req);
    const numbers = numbersIn(`${req.query['tickets'] ?? ''},${req.query['add'] ?? ''}`);
    const add = String(req.query['add'] ?? '').trim();
    const tickets = ticketsOf(actor, numbers);
    const isMissing = add !== '' && !tickets.some(({ number }) => numbersIn(add).includes(number));
    const model = mergePage(app, actor, req.context.reader, tickets, isMissing ? { missing: add } : {});
    page(res, 'tickets/merge', model, isMissing ? 422 : 200);
  });

  router.post('/merge', can('tickets.change'), async (req, res) => {
    const actor = agentOfRequest(req);
    const { t } = req.context.reader;
    const form = readForm(mergeForm, req);
    const values = form.ok ? form.value : undefined;
    const tickets = ticketsOf(actor, numbersIn(values?.tickets ?? String(req.body?.tickets ?? '')));
    const into = tickets.find(({ number }) => number === values?.into);
    if (!into || tickets.length < 2) {
      const model = mergePage(app, actor, req.context.reader, tickets, { chooses: true });
      return page(res, 'tickets/merge', model, 422);
    }
    const others = tickets.filter(({ id }) => id !== into.id);
    const refused = await app.write(() => mergeTickets(app, actor, others, into));
    if (refused) {
      const model = mergePage(app, actor, req.context.reader, tickets, { refused, into: into.number });
      return page(res, 'tickets/merge', model, 409);
    }
    const numbers = others.map(({ number }) => number);
    say(res, {
      kind: 'good',
      text: t('tickets.merge.done', {
        numbers: numbers.map((number) => `#${number}`).join(', '),
        number: String(into.number),
      }),
      undo: { action: '/unmerge', fields: { tickets: numbers.join(',') } },
    });
    res.redirect(303, `/tickets/${into.number}`);
  });

  router.post('/unmerge', can('tickets.change'), async (req, res) => {
    const actor = agentOfRequest(req);
    const form = readForm(unmergeForm, req);
    const tickets = ticketsOf(actor, numbersIn(form.ok ? form.value.tickets : ''));
    const outcomes = await app.write(() => tickets.map((ticket) => unmergeTicket(app, actor, ticket)));
    const isUndone = outcomes.length > 0 && outcomes.every((outcome) => outcome === 'undone');
    const { t } = req.context.reader;
    say(res, {
      kind: isUndone ? 'good' : 'warn',
      text: t(isUndone ? 'tickets.merge.undone' : 'tickets.merge.tooLate'),
    });
    res.redirect(303, tickets.length === 1 ? `/tickets/${tickets[0]?.number}` : '/tickets');
  });

  /** What is not there and what may not be seen is left out, alike. */
  const ticketsOf = (actor: Agent, numbers: number[]): Ticket[] =>
    numbers.slice(0, MOST_MERGED).flatMap((number) => visibleTicket(app, actor, number) ?? []);

  return router;
}

const numbersIn = (text: string): number[] => [
  ...new Set(
    text
      .split(',')
      .map((part) => part.trim().replace(/^#/, ''))
      .filter((part) => /^\d{1,15}$/.test(part))
      .map(Number),
  ),
];
