// Makes the bytes of a mail (O2, O3).
import MailComposer from 'nodemailer/lib/mail-composer';
import { Invalid } from '../lib/errors';
import { validAddress } from './addresses';
import { LOOP_HEADER } from './loop-header';
import type { OutgoingMail } from './outgoing';
import type { Address } from './parsed-mail';

export interface ComposeInput extends Omit<OutgoingMail, 'attachments'> {
  /** One with a `contentId` that the HTML shows (`cid:…`) is an inline image; every other one is attached. */
  attachments: { name: string; type: string; contentId?: string; content: Buffer }[];
  /** Milliseconds; now when not given. */
  date?: number;
}

/** Older ones than these are of no use to any mail program (O2). */
export const MOST_REFERENCES = 20;

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
    headers: mail.automatic ? machineHeaders(mail.from, mail.automatic === 'answer') : {},
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { raw: await composer.compile().build(), messageId: mail.messageId };
}

/** RFC 3834 for those who keep to it, Exchange's own word, and ours. */
const machineHeaders = (from: Address, isAnswer: boolean) => ({
  'Auto-Submitted': isAnswer ? 'auto-replied' : 'auto-generated',
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
