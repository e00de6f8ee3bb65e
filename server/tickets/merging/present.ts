// Merging as pages show it: which tickets, which of them stays, and what that means.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { findCustomerById } from '../../customers';
import { query } from '../../db';
import type { ShownTime } from '../../i18n';
import type { PageModel, Reader } from '../../web';
import { numberFor, type Scope, scopeOf, VISIBLE } from '../access';
import type { Ticket } from '../ticket';
import { findDraft } from '../writing/drafts';
import { canUnmerge, findMergedInto, type MergeRefusal } from './merge';

/** views/tickets/merge */
export interface MergePage extends PageModel {
  t: Reader['t'];
  /** As a form sends them: "1001,1002". */
  numbers: string;
  tickets: {
    number: number;
    subject: string;
    customer: string;
    status: string;
    at: ShownTime;
    isChosen: boolean;
    /** A chat can only be the one that stays. */
    isChat: boolean;
  }[];
  /** Which of the same customer's could be added. */
  others: { number: number; subject: string; href: string }[];
  /** Why it was not done, or not understood. */
  error?: string;
  warning?: string;
  /** What was typed and is no ticket. */
  add: string;
  back: string;
}

/** Of a merged ticket: where it goes on, when the reader may see that, and how the merge is undone for an hour. */
export interface MergedInto {
  text: string;
  href?: string;
  undo?: { action: string; tickets: string };
  /** What the reader had begun to write and may not take along. */
  begun?: string[];
}

interface Asked {
  missing?: string;
  refused?: MergeRefusal;
  chooses?: boolean;
  into?: number;
}

const findOthers = query<[customerId: number, ...scope: Scope], { number: number; subject: string }[]>(`
  SELECT number, subject FROM tickets
   WHERE customer_id = ? AND deleted_at IS NULL AND merged_into_id IS NULL AND ${VISIBLE} ORDER BY id DESC LIMIT 10`);

export function mergePage(
  app: App,
  agent: Agent,
  { t, format }: Reader,
  tickets: Ticket[],
  asked: Asked,
): MergePage {
  const numbers = tickets.map(({ number }) => number).join(',');
  const customers = new Set(tickets.map(({ customer_id: id }) => id));
  const stays = tickets.find(({ number }) => number === asked.into) ?? stayingAmong(tickets);
  const [first] = tickets;
  const others = first ? findOthers(app.db, first.customer_id, ...scopeOf(agent)) : [];
  const error = errorOf(t, tickets, asked);
  return {
    title: t('tickets.merge'),
    current: 'inbox',
    t,
    numbers,
    tickets: tickets.map((ticket) => ({
      number: ticket.number,
      subject: ticket.subject || t('tickets.noSubject'),
      customer: findCustomerById(app.db, ticket.customer_id)?.name ?? '',
      status: t(`tickets.status.${ticket.status.replace(' ', '-')}`),
      at: format.time(ticket.activity_at),
      isChosen: ticket === stays,
      isChat: ticket.channel === 'chat',
    })),
    others: others
      .filter(({ number }) => !tickets.some((ticket) => ticket.number === number))
      .map(({ number, subject }) => ({
        number,
        subject: subject || t('tickets.noSubject'),
        href: `/merge?tickets=${numbers}&add=${number}`,
      })),
    ...(error ? { error } : {}),
    ...(customers.size > 1 ? { warning: t('tickets.merge.customers') } : {}),
    add: asked.missing ?? '',
    back: first ? `/tickets/${first.number}` : '/tickets',
  };
}

/** A chat, else the one that began first. */
const stayingAmong = (tickets: Ticket[]) =>
  tickets.find(({ channel }) => channel === 'chat') ?? tickets.toSorted((a, b) => a.id - b.id)[0];

function errorOf(
  t: Reader['t'],
  tickets: Ticket[],
  { missing, refused, chooses }: Asked,
): string | undefined {
  if (missing !== undefined) return t('tickets.merge.missing', { number: missing.slice(0, 20) });
  if (refused) return t(`tickets.merge.refused.${refused}`);
  return chooses ? t(tickets.length < 2 ? 'tickets.merge.two' : 'tickets.merge.choose') : undefined;
}

export function mergedInto(app: App, agent: Agent, { t }: Reader, ticket: Ticket): MergedInto | undefined {
  if (ticket.merged_into_id === null) return undefined;
  const number = numberFor(app, agent, ticket.merged_into_id);
  const begun = (['reply', 'note'] as const).flatMap((kind) => {
    const words = findDraft(app.db, agent.id, ticket.id, kind)?.words.trim();
    return words ? [words] : [];
  });
  return {
    ...(begun.length > 0 ? { begun } : {}),
    text:
      number === undefined ? t('tickets.merged.elsewhere') : t('tickets.merged', { number: String(number) }),
    ...(number === undefined ? {} : { href: `/tickets/${number}` }),
    ...(number !== undefined && canUnmerge(app, ticket)
      ? { undo: { action: '/unmerge', tickets: String(ticket.number) } }
      : {}),
  };
}

/** Those that were merged into a ticket, as far as the reader may see them. */
export const tookIn = (app: App, agent: Agent, { t }: Reader, ticket: Ticket) =>
  findMergedInto(app.db, ticket.id).flatMap(({ id, number, subject }) =>
    numberFor(app, agent, id) === undefined
      ? []
      : [
          {
            href: `/tickets/${number}`,
            text: t('tickets.tookIn', { number: String(number) }),
            subject: subject || t('tickets.noSubject'),
          },
        ],
  );
