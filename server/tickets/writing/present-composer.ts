// The composer of a ticket's page: the two forms, their drafts, to whom a reply will go, and why there may be none.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { sha256 } from '../../lib/ids';
import { mayRole } from '../../roles';
import { type BadForm, LARGEST_UPLOAD, type Reader } from '../../web';
import { doing } from '../macros/present';
import type { TicketPage, WritingForm } from '../page-models';
import type { ParticipantRow } from '../queries';
import { type MessageRow, STATUSES, type Status, type Ticket } from '../ticket';
import { baseOf, type DraftRow, deedsOfDraft, findDraft } from './drafts';
import { draftFiles } from './present-draft';
import { recipientsAmong } from './recipients';

const LONGEST_NAME = 40;

/** What a form that was not accepted brings back to the page: its input, its errors, what came meanwhile (W2). */
export interface Returned {
  mode: 'reply' | 'note';
  form?: BadForm;
  unseen?: MessageRow[];
  words?: string;
  thenStatus?: Status;
  flash?: TicketPage['flash'];
  /** What was asked for when it should sleep, and why it does not. */
  snooze?: { values: Record<string, unknown>; error: string };
}

export interface Asked {
  view: string;
  /** Show messages before this sequence. */
  before?: number;
  mode?: 'reply' | 'note';
}

export function composer(
  app: App,
  agent: Agent,
  reader: Reader,
  ticket: Ticket,
  participants: ParticipantRow[],
  asked: Asked,
  returned?: Returned,
): TicketPage['composer'] {
  if (!mayRole(agent.role, 'tickets.note') || ticket.merged_into_id !== null) return undefined;
  const { t, format } = reader;
  const base = `/tickets/${ticket.number}`;
  const byChat = ticket.channel === 'chat' && app.hooks.visitorIsThere(app, ticket);
  const to = recipientsAmong(participants);
  const mayReply =
    mayRole(agent.role, 'tickets.reply') &&
    ticket.status !== 'closed' &&
    (byChat || ticket.channel === 'chat' || to.to.length > 0);
  const form = (kind: 'reply' | 'note', action: string): WritingForm => {
    const back = returned?.mode === kind ? returned : undefined;
    const draft = findDraft(app.db, agent.id, ticket.id, kind);
    const files = draft ? draftFiles(app, format, draft, ticket) : [];
    return writingForm(
      reader,
      action,
      draft?.public_id ?? clientIdOf(agent, ticket, kind),
      draft,
      files,
      back,
    );
  };
  const deeds = deedsOfDraft(findDraft(app.db, agent.id, ticket.id, 'reply'));
  const named = (people: typeof to.to) =>
    people
      .map(({ name, address }) => (name && name !== address ? `${shortened(name)} <${address}>` : address))
      .join(', ');
  return {
    mode: returned?.mode ?? asked.mode ?? (mayReply ? 'reply' : 'note'),
    reply: mayReply
      ? {
          ...form('reply', `${base}/replies`),
          to: byChat ? t('tickets.composer.toChat') : named(to.to) || t('tickets.composer.toLater'),
          cc: named(to.cc) || undefined,
          thenStatus:
            returned?.thenStatus ??
            STATUSES.find((status) => status === returned?.form?.values['thenStatus']) ??
            deeds.status ??
            'pending',
          sendsByChat: byChat,
          doing: doing(reader, ticket, deeds),
          macros: { offered: `${base}/macros/offered`, action: `${base}/macros` },
        }
      : undefined,
    note: form('note', `${base}/notes`),
    held: returned?.unseen && {
      messages: returned.unseen.map((message) => ({
        author: message.author_name,
        at: format.time(message.created_at),
        words: message.words,
      })),
    },
    noReply: mayReply
      ? undefined
      : t(ticket.status === 'closed' ? 'tickets.composer.closed' : 'tickets.composer.noAddress'),
  };
}

/** To whom it goes is the address: no name, however long, may push it out of sight. */
const shortened = (name: string) => {
  const letters = [...name];
  return letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME - 1).join('')}…` : name;
};

/**
 * The draft's public id becomes the reply's client id, so a double submit is still one reply (DESIGN 4). Without a draft it
 * follows from what the page shows, so that the same page keeps the same bytes.
 */
const clientIdOf = (agent: Agent, ticket: Ticket, kind: string) =>
  sha256(`client id ${agent.publicId} ${ticket.id} ${kind} ${ticket.sequence}`).slice(0, 32);

function writingForm(
  { t, format }: Reader,
  action: string,
  clientId: string,
  draft: DraftRow | undefined,
  files: WritingForm['files'],
  back: Returned | undefined,
): WritingForm {
  const typed = back?.words ?? back?.form?.values['words'];
  const words = typeof typed === 'string' ? typed : (draft?.words ?? '');
  return {
    action,
    clientId,
    base: baseOf(draft),
    isKept: words === (draft?.words ?? ''),
    largest: LARGEST_UPLOAD,
    tooLarge: t('tickets.files.tooLarge', { size: format.size(LARGEST_UPLOAD) }),
    words,
    files,
    errors: Object.fromEntries(
      Object.entries(back?.form?.errors ?? {}).map(([field, key]) => [field, t(key)]),
    ),
  };
}
