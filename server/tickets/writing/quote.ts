// What is quoted beneath a reply: the customer's last words, as text and, where they came as HTML, as they looked (O2).
import type { App } from '../../app';
import { type AttachmentRow, findAttachments, isShownInPlace } from '../../attachments';
import { queryOne } from '../../db';
import { randomId } from '../../lib/ids';
import { SANITISER_VERSION, shownContentIds } from '../../lib/sanitize-html';
import { type OutgoingMail, quotedHtml } from '../../mail';
import type { MessageRow, Ticket } from '../ticket';

/** Of the history beneath a reply, at most this much, in characters; HTML that is longer is quoted as text. */
const MOST_QUOTED = 10_000;
const MOST_HTML = 60_000;
/** Pictures that go along with a quote; where there are more, or larger ones, in bytes, it is quoted as text. */
const MOST_PICTURES = 10;
const MOST_PICTURE_BYTES = 3_000_000;

const findLastCustomerMessage = queryOne<[ticketId: number], MessageRow>(`
  SELECT * FROM messages WHERE ticket_id = ? AND author_kind = 'customer' AND kind = 'reply' AND sender_state = 'accepted'
   ORDER BY sequence DESC LIMIT 1`);

export interface Quote {
  text: string;
  /** Sanitised, its pictures named by ids of our own. */
  html?: string;
  pictures: OutgoingMail['attachments'];
}

export const NO_QUOTE: Quote = { text: '', pictures: [] };

/** What the customer wrote last; never words or pictures of somebody whom no agent has accepted (AC-17). */
export function quoteOf(app: App, ticket: Ticket, domain: string): Quote {
  const last = findLastCustomerMessage(app.db, ticket.id);
  if (!last) return NO_QUOTE;
  return { text: last.words.slice(0, MOST_QUOTED), pictures: [], ...htmlQuoteOf(app, last, domain) };
}

/** Undefined where text has to do. */
export function htmlQuoteOf(
  app: App,
  message: MessageRow,
  domain: string,
): Pick<Required<Quote>, 'html' | 'pictures'> | undefined {
  const { html_words: html, words } = message;
  if (!html?.trim() || message.sanitiser_version !== SANITISER_VERSION) return undefined;
  if (html.length > MOST_HTML || words.length > MOST_QUOTED) return undefined;

  const shown = picturesShown(app, message, html);
  const bytes = shown.reduce((sum, { size }) => sum + size, 0);
  if (shown.length > MOST_PICTURES || bytes > MOST_PICTURE_BYTES) return undefined;

  // Ids of our own: those in the mail are whatever its sender chose, and may be those of files of the reply.
  const ids = new Map(shown.map((file) => [file.content_id, `${randomId()}@${domain}`]));
  const quoted = quotedHtml(html, (contentId) => ids.get(contentId));
  if (!quoted) return undefined;
  return {
    html: quoted,
    pictures: shown.map((file) => ({
      diskName: file.disk_name,
      name: file.name,
      type: file.type,
      contentId: ids.get(file.content_id) as string,
      isQuoted: true,
    })),
  };
}

/** Each once: of several files under one id the page shows the first. */
function picturesShown(app: App, message: MessageRow, html: string): AttachmentRow[] {
  const wanted = shownContentIds(html);
  if (wanted.size === 0) return [];
  const pictures = findAttachments(app.db, 'message', message.id).filter((file) => isShownInPlace(file.type));
  return [...wanted].flatMap((id) => pictures.find((file) => file.content_id === id) ?? []);
}
