// The page on which an agent forwards a message or the conversation to somebody outside.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { keyedHash } from '../../lib/ids';
import { type BadForm, errorWords, LARGEST_UPLOAD, type Reader, typedIn } from '../../web';
import type { Ticket } from '../ticket';
import { addressFor, mailboxFor, onlyReadMailbox } from '../writing/compose-reply';
import { baseOf, type DraftRow, findDraft, recipientsOfDraft } from '../writing/drafts';
import type { WritingForm } from '../writing/page-models';
import { draftFiles } from '../writing/present-draft';
import { peopleModel } from '../writing/present-people';
import { wrongThirds } from './forward';
import { filesOfOriginal, fittingFiles, headOf, LARGEST_FILES, type Original, textOf } from './original';
import type { ForwardPage } from './page-models';

const MOST_SHOWN = 4_000;

/** What a form that was not accepted brings back, or what was taken back and goes on. */
export interface ForwardAgain {
  form?: BadForm;
  /** Files of the original that were chosen. */
  chosen?: number[];
  hasWrongPeople?: boolean;
  /** What is chosen is more than a mail should carry: so many bytes. */
  bytes?: number;
}

export function forwardPage(
  app: App,
  agent: Agent,
  reader: Reader,
  ticket: Ticket,
  original: Original,
  to: string,
  again: ForwardAgain = {},
): ForwardPage {
  const { t, format } = reader;
  const { one } = original;
  const draft = findDraft(app.db, agent.id, ticket.id, 'forward');
  const base = `/tickets/${ticket.number}`;
  const asked = one ? `?message=${one.id}` : '';
  const back = again.form?.values;
  const typed = back ? typedIn(back, 'to') : to || (recipientsOfDraft(draft)?.to ?? '');
  const wrong = back || again.hasWrongPeople ? wrongThirds(app, ticket, typed) : {};
  const text = textOf(app, original);
  const files = filesOfOriginal(app, original);
  const fitting = fittingFiles(files);
  const subject = ticket.subject || t('tickets.noSubject');
  const mailbox = mailboxFor(app, ticket);
  const onlyRead = onlyReadMailbox(app, ticket);
  return {
    title: t(one ? 'tickets.forward.title' : 'tickets.forward.title.all'),
    current: 'inbox',
    t,
    back: one ? `${base}#message-${one.id}` : base,
    ticket: `#${ticket.number} ${subject}`,
    form: formModel(app, agent, reader, ticket, draft, one?.id, again.form),
    draft: `${base}/draft`,
    filesAddress: `${base}/draft/forward/files${asked}`,
    people: peopleModel(t, 'forward', { to: typed, cc: '', bcc: '' }, wrong, ['to']),
    message: one ? String(one.id) : '',
    other: one && { href: `${base}/forward`, text: t('tickets.forward.all') },
    original: {
      head: one ? headOf(app, one) : t('tickets.forward.messages', { n: original.messages.length }),
      words: text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN).toWellFormed()}…` : text,
    },
    tooMuch:
      again.bytes === undefined
        ? undefined
        : t('tickets.forward.tooMuch', { size: format.size(again.bytes), most: format.size(LARGEST_FILES) }),
    files: files.map(({ id, name, size }) => ({
      id,
      name,
      size: format.size(size),
      isChosen: again.chosen?.includes(id) ?? fitting.has(id),
    })),
    from: mailbox && addressFor(app, ticket, mailbox),
    onlyRead: onlyRead && t('tickets.composer.onlyRead', { address: onlyRead.address }),
  };
}

function formModel(
  app: App,
  agent: Agent,
  { t, format }: Reader,
  ticket: Ticket,
  draft: DraftRow | undefined,
  message: number | undefined,
  back: BadForm | undefined,
): WritingForm {
  const kept = draft?.words ?? '';
  const words = back ? typedIn(back.values, 'words') : kept;
  const fresh = keyedHash(app.key, `forward ${agent.id} ${ticket.id} ${ticket.sequence} ${message ?? ''}`);
  return {
    action: `/tickets/${ticket.number}/forward`,
    clientId: draft?.public_id ?? fresh.slice(0, 32),
    words,
    base: baseOf(draft),
    isKept: words === kept,
    largest: LARGEST_UPLOAD,
    tooLarge: t('tickets.files.tooLarge', { size: format.size(LARGEST_UPLOAD) }),
    files: draft ? draftFiles(app, format, draft, ticket, message) : [],
    errors: errorWords(t, back?.errors ?? {}),
  };
}
