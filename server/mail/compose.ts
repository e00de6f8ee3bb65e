// Makes the bytes of a mail (O2, O3), and the texts that stand in it.
import MailComposer from 'nodemailer/lib/mail-composer';
import { Invalid } from '../lib/errors';
import { validAddress } from './addresses';
import type { OutgoingMail } from './outgoing';
import type { Address } from './parsed-mail';

export interface ComposeInput extends Omit<OutgoingMail, 'attachments'> {
  /** One with a `contentId` that the HTML shows (`cid:…`) is an inline image; every other one is attached. */
  attachments: { name: string; type: string; contentId?: string; content: Buffer }[];
  /** Milliseconds; now when not given. */
  date?: number;
}

/** On machine mail: the address it was sent from, so that we know it again when it comes back (M11). */
export const LOOP_HEADER = 'X-Hearthdesk-Loop';

/** Older ones than these are of no use to any mail program (O2). */
const MOST_REFERENCES = 20;
const LONGEST_SUBJECT = 400;

/**
 * The raw mail. Throws Invalid when an address is not a single plain one, or when a field of one line holds a control
 * character: nothing that was typed or received can add a header or a recipient (AC-31, O3).
 */
export async function composeMail(mail: ComposeInput): Promise<{ raw: Buffer; messageId: string }> {
  refuseControls([mail.subject, mail.messageId, mail.inReplyTo ?? '', ...mail.references]);
  const references = mail.references.filter(isMessageId);
  const [first, ...others] = references;
  const composer = new MailComposer({
    from: person(mail.from),
    to: mail.to.map(person),
    cc: mail.cc.map(person),
    replyTo: mail.replyTo ? person({ name: '', address: mail.replyTo }) : undefined,
    subject: literally(mail.subject),
    messageId: inBrackets(mail.messageId),
    inReplyTo: mail.inReplyTo && isMessageId(mail.inReplyTo) ? inBrackets(mail.inReplyTo) : undefined,
    references: first ? [first, ...others.slice(1 - MOST_REFERENCES)].map(inBrackets) : undefined,
    date: new Date(mail.date ?? Date.now()),
    text: mail.text,
    html: `<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>${mail.html}</body></html>`,
    attachments: mail.attachments.map((file) => attachment(file, mail.html)),
    headers: mail.automatic ? machineHeaders(mail.from) : {},
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { raw: await composer.compile().build(), messageId: mail.messageId };
}

/** RFC 3834 for those who keep to it, Exchange's own word, and ours. */
const machineHeaders = (from: Address) => ({
  'Auto-Submitted': 'auto-generated',
  'X-Auto-Response-Suppress': 'All',
  [LOOP_HEADER]: from.address,
});

/** As an object, never as a string that would be parsed again (AC-32). */
function person({ name, address }: Address): Address {
  refuseControls([name]);
  if (validAddress(address) !== address)
    throw Invalid('A mail can only go to plain addresses like name@example.com.');
  return { name: literally(name), address };
}

function attachment({ name, type, contentId, content }: ComposeInput['attachments'][number], html: string) {
  refuseControls([name, type, contentId ?? '']);
  const isShown = contentId !== undefined && html.includes(`cid:${contentId}`);
  return {
    filename: name,
    contentType: /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'application/octet-stream',
    contentDisposition: isShown ? 'inline' : 'attachment',
    content,
    ...(isShown ? { cid: contentId } : {}),
  };
}

function refuseControls(lines: string[]): void {
  if (lines.some((line) => /[\p{Cc}\u2028\u2029]/u.test(line))) {
    throw Invalid('A line of a mail holds a character that does not belong there, such as a line break.');
  }
}

/** Text that looks encoded (RFC 2047) would be decoded by whoever reads it, and is then not what was written. */
const literally = (line: string) => line.replaceAll('=?', '= ?');

const inBrackets = (id: string) => `<${id}>`;
/** Ids that we got from others may be anything; only those that fit between <> are worth repeating. */
const isMessageId = (id: string) => /^[^\s<>]{1,900}$/.test(id);

/** In the languages of our users and their neighbours, as mail programs write them: `Re:`, `SV:`, `Atb:`, `Re[2]:`. */
const REPLY_PREFIXES =
  /^(?:\s*(?:re|sv|svar|vs|atb|atbilde|ats|aw|antw|antwort|odp|odg|res|resp|rif|ref|vá|ynt|rép|απ|отв|на|回复|答复|回覆)(?:\s?[[(]\d{1,3}[\])]|\^\d{1,3})?\s?[:\uff1a])+\s*/iu;

/** `Re:` once, whatever stood there before; on one line and of a length that every mail program shows. */
export function replySubject(subject: string): string {
  const line = subject.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();
  return `Re: ${line.replace(REPLY_PREFIXES, '')}`.slice(0, LONGEST_SUBJECT).trimEnd();
}

/**
 * Plain text as HTML that says the same: escaped, paragraphs at blank lines, addresses of the web as links. `quote` stands
 * beneath as history; `mark` is hidden in an id that mail programs carry along when they quote (M6c). They put words of
 * their own before an id, so a dash keeps it recognisable.
 */
export function htmlFromText(text: string, more: { quote?: string; mark?: string } = {}): string {
  const quote = more.quote ? `<blockquote type="cite">${paragraphs(more.quote)}</blockquote>` : '';
  const html = paragraphs(text) + quote;
  return more.mark ? `<div id="x-${escaped(more.mark)}">${html}</div>` : html;
}

function paragraphs(text: string): string {
  const blocks = text
    .replace(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .filter((block) => block.trim() !== '');
  return blocks.map((block) => `<p>${withLinks(block).replaceAll('\n', '<br>')}</p>`).join('');
}

function withLinks(text: string): string {
  const parts = text.split(/(\bhttps?:\/\/[^\s<>"]+)/i);
  return parts.map((part, index) => (index % 2 === 0 ? escaped(part) : link(part))).join('');
}

function link(found: string): string {
  const url = withoutEndOfSentence(found);
  const rest = found.slice(url.length);
  if (!URL.canParse(url)) return escaped(found);
  return `<a href="${escaped(url)}" rel="noopener noreferrer">${escaped(url)}</a>${escaped(rest)}`;
}

/** The full stop after an address is the sentence's, and so is a bracket that was not opened within it. */
function withoutEndOfSentence(url: string): string {
  let end = url.length;
  while (
    end > 0 &&
    (".,;:!?'*]}»”’…".includes(url[end - 1] ?? '') || (url[end - 1] === ')' && !url.includes('(')))
  )
    end -= 1;
  return url.slice(0, end);
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
