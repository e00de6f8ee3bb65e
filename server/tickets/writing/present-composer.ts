// The composer of a ticket's page: the two forms, their drafts, to whom a reply will go, and why there may be none.
import type { Agent, AgentRow } from '../../agents';
import type { App } from '../../app';
import { sha256 } from '../../lib/ids';
import { addressKey, type MailboxRow } from '../../mail';
import { mayRole } from '../../roles';
import { type BadForm, LARGEST_UPLOAD, type Reader, typedIn } from '../../web';
import { doing } from '../macros/present';
import type { TicketPage } from '../page-models';
import type { ParticipantRow } from '../queries';
import { factsOf, type MessageRow, STATUSES, type Status, type Ticket } from '../ticket';
import { onlyReadMailbox } from './compose-reply';
import { baseOf, type DraftRow, deedsOfDraft, findDraft } from './drafts';
import { idsOf } from './mentions';
import type { LaterModel, NoteForm, WritingForm } from './page-models';
import { draftFiles } from './present-draft';
import { replyPeople } from './present-people';
import { recipientsAmong } from './recipients';
import { type AskedLater, LATER } from './send-later';
import { addressesIn } from './typed-recipients';

/** What a form that was not accepted brings back to the page: its input, its errors, what came meanwhile (W2). */
export interface Returned {
  mode: 'reply' | 'note';
  form?: BadForm;
  unseen?: MessageRow[];
  words?: string;
  thenStatus?: Status;
  /** When it was to leave. */
  later?: AskedLater;
  /** Colleagues whom a note names and who may not see the ticket. */
  inVain?: AgentRow[];
  /** What is wrong with the draft's recipients is to be said. */
  hasWrongPeople?: boolean;
  flash?: TicketPage['flash'];
  /** The firm's own fields, with what is wrong in them. */
  fields?: BadForm;
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
  const isMail = !byChat && to.to.length > 0;
  const onlyRead = isMail ? onlyReadMailbox(app, ticket) : undefined;
  const mayReply =
    mayRole(agent.role, 'tickets.reply') &&
    ticket.status !== 'closed' &&
    (isMail ? !onlyRead : byChat || ticket.channel === 'chat');
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
  const replyDraft = findDraft(app.db, agent.id, ticket.id, 'reply');
  const deeds = deedsOfDraft(replyDraft);
  const people =
    mayReply && isMail
      ? replyPeople(
          app,
          reader,
          ticket,
          participants,
          replyDraft,
          returned?.mode === 'reply' ? returned : undefined,
        )
      : undefined;
  const written = new Set((people?.fields ?? []).flatMap(({ value }) => addressesIn(value)).map(addressKey));
  return {
    mode: returned?.mode ?? asked.mode ?? (mayReply ? 'reply' : 'note'),
    reply: mayReply
      ? {
          ...form('reply', `${base}/replies`),
          people,
          to: people ? undefined : t(byChat ? 'tickets.composer.toChat' : 'tickets.composer.toLater'),
          thenStatus:
            returned?.thenStatus ??
            STATUSES.find((status) => status === returned?.form?.values['thenStatus']) ??
            deeds.status ??
            'pending',
          later: people ? laterModel(reader, returned) : undefined,
          sendsByChat: byChat,
          doing: doing(reader, ticket, deeds),
          macros: { offered: `${base}/macros/offered`, action: `${base}/macros` },
        }
      : undefined,
    note: { ...form('note', `${base}/notes`), mentions: `${base}/mentions`, ...inVainOf(reader, returned) },
    held: returned?.unseen && {
      messages: returned.unseen.map((message) => ({
        author: message.author_name,
        at: format.time(message.created_at),
        words: message.words,
        notWritten: people && strangerIn(reader, message, written),
      })),
    },
    noReply: mayReply ? undefined : whyNoReply(reader, ticket, onlyRead),
  };
}

function whyNoReply({ t }: Reader, ticket: Ticket, onlyRead: MailboxRow | undefined): string {
  if (ticket.status === 'closed') return t('tickets.composer.closed');
  return onlyRead
    ? t('tickets.composer.onlyRead', { address: onlyRead.address })
    : t('tickets.composer.noAddress');
}

function laterModel({ t, zone }: Reader, returned: Returned | undefined): LaterModel {
  const { later, form } = returned ?? {};
  const typed = (name: string) => (form ? typedIn(form.values, name) : '');
  const error = form?.errors['laterAt'];
  return {
    isChosen: later?.sendLater ?? false,
    value: later?.later || typed('later') || 'tomorrow',
    at: later?.laterAt ?? typed('laterAt'),
    choices: LATER.map((value) => ({ value, text: t(`tickets.later.${value}`) })),
    zone,
    error: error && t(error),
  };
}

/** Said before it is saved; saved as it is when it is sent once more. */
function inVainOf({ t, locale }: Reader, returned?: Returned): Pick<NoteForm, 'inVain'> {
  const { inVain } = returned ?? {};
  if (!inVain) return {};
  const who = new Intl.ListFormat(locale).format(inVain.map(({ name }) => name));
  return { inVain: { ids: idsOf(inVain), words: t('tickets.mention.inVain', { who, n: inVain.length }) } };
}

/** W2: whoever wrote meanwhile and does not get the reply, in words. */
function strangerIn({ t }: Reader, message: MessageRow, written: ReadonlySet<string>): string | undefined {
  if (message.author_kind !== 'customer') return undefined;
  const { sender, from } = factsOf(message);
  const address = sender ?? from?.address;
  return address && !written.has(addressKey(address)) ? t('tickets.held.notWritten', { address }) : undefined;
}

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
