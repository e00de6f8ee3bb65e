// Whether a mail says that another one did not arrive (M10, AC-22): by RFC 3464, or in the prose of mail servers.
import { validAddress } from './addresses';
import { BOUNCE_SUBJECTS, DAEMONS, FAILURE_WORDS, TEMPORARY_WORDS } from './bounce-phrases';
import { type Envelope, readIds } from './envelope';
import { type Headers, readHeaderBlock } from './mime/header-block';
import { contentOf, type Part } from './mime/part';
import type { Bounce } from './parsed-mail';

/** Prose is read so far. */
const LONGEST_PROSE = 64 * 1024;
const LONGEST_ANSWER = 2_000;

/** `text` is the whole plain text, unfolded. Undefined for a mail that is no bounce. Linear. */
export function readBounce(root: Part, envelope: Envelope, text: string): Bounce | undefined {
  const report = allParts(root).find((part) => /^message\/(global-)?delivery-status$/.test(part.type));
  const bounce = report
    ? fromReport(report)
    : fromProse(root.headers, envelope, text.slice(0, LONGEST_PROSE));
  if (!bounce) return undefined;
  return { ...bounce, originalMessageId: originalId(root, envelope, text.slice(0, LONGEST_PROSE)) };
}

function fromReport(report: Part): Bounce | undefined {
  // One block of fields for the mail, then one for each recipient; the first that failed tells it.
  const blocks = blocksOf(contentOf(report, LONGEST_PROSE));
  const recipient =
    blocks.find((block) => actionOf(block) === 'failed') ??
    blocks.find((block) => actionOf(block) === 'delayed');
  if (!recipient) return undefined;
  const status = statusIn(recipient.first('status')) ?? statusIn(recipient.first('diagnostic-code'));
  const answer = recipient.first('diagnostic-code').replace(/^[\w-]{1,20}\s*;\s*/, '');
  return {
    recipient:
      addressField(recipient.first('original-recipient')) ?? addressField(recipient.first('final-recipient')),
    status,
    permanent: actionOf(recipient) === 'failed' && !status?.startsWith('4'),
    text: onOneLine(answer || recipient.first('status')),
  };
}

function blocksOf(content: Buffer): Headers[] {
  const blocks: Headers[] = [];
  for (let at = 0; at < content.length && blocks.length < 200; ) {
    const { headers, bodyAt } = readHeaderBlock(content, at);
    blocks.push(headers);
    at = Math.max(bodyAt, at + 1);
  }
  return blocks;
}

const actionOf = (block: Headers) =>
  block
    .first('action')
    .trim()
    .toLowerCase()
    .split(/[\s(;]/, 1)[0];

/** `rfc822; anna@example.com` */
const addressField = (value: string) =>
  validAddress(value.replace(/^[^;]{0,30};/, '').replace(/[<>\s]/g, ''));

/** Without a report: somebody who only bounces, or a server's own header, and words that say what happened. */
function fromProse(headers: Headers, envelope: Envelope, text: string): Bounce | undefined {
  const failed = headers.first('x-failed-recipients');
  const local = (envelope.from?.address ?? '').split('@', 1)[0]?.toLowerCase() ?? '';
  const isDaemon =
    DAEMONS.has(local) ||
    /mail delivery (sub)?system|mailer-daemon/i.test(
      envelope.from?.name ?? headers.first('from').slice(0, 200),
    );
  const isNdr = failed !== '' || headers.first('x-ms-exchange-message-is-ndr') !== '';
  const subject = envelope.subject.toLowerCase();
  const prose = `${subject}\n${text.toLowerCase()}`;
  const saysFailure = FAILURE_WORDS.some((words) => prose.includes(words));
  const isFamiliar = BOUNCE_SUBJECTS.some((words) => subject.includes(words));
  const isFromServer = isDaemon || envelope.returnPath === null;
  if (!isNdr && !(isFromServer && (saysFailure || isFamiliar))) return undefined;

  const line = answerIn(text);
  const status = statusIn(line ?? '') ?? statusIn(text);
  const isTemporary = status
    ? status.startsWith('4')
    : TEMPORARY_WORDS.some((words) => prose.includes(words));
  return {
    recipient: addressField(failed.split(',', 1)[0] ?? '') ?? recipientIn(text, envelope),
    status,
    permanent: !isTemporary,
    text: onOneLine(line ?? text),
  };
}

/** The line with the server's answer: 550 5.1.1 and words. */
function answerIn(text: string): string | undefined {
  return text
    .split('\n')
    .find(
      (line) =>
        line.length < LONGEST_ANSWER &&
        /(^|[^\d.:-])[45]\d\d[ :-]|(^|[^\d.])[45]\.\d{1,3}\.\d{1,3}([^\d.]|$)/.test(line),
    );
}

/** RFC 3463, or made from the three digits of SMTP. */
function statusIn(text: string): string | undefined {
  const enhanced = /(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?:[^\d.]|\.?\s|$)/.exec(text)?.[1];
  if (enhanced) return enhanced;
  const plain = /(?:^|[^\d.:-])([45])\d\d[ :-]/.exec(text)?.[1];
  return plain && `${plain}.0.0`;
}

/** The first address in the text that is neither the daemon's nor the mail's own. */
function recipientIn(text: string, envelope: Envelope): string | undefined {
  const own = new Set([envelope.from, ...envelope.to].map((person) => person?.address.toLowerCase()));
  for (const [found] of text.matchAll(/[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{3,255}/g)) {
    const address = validAddress(found.replace(/^'+|[.']+$/g, ''));
    if (address && !own.has(address.toLowerCase()) && !/^(mailer-daemon|postmaster)@/i.test(address))
      return address;
  }
  return undefined;
}

/** The id of the mail that bounced: in its returned copy or headers, quoted in the text, or in the answer's own threading. */
function originalId(root: Part, envelope: Envelope, text: string): string | undefined {
  for (const part of allParts(root)) {
    if (!/^(message\/(rfc822|global)|text\/rfc822-headers|message\/(rfc822|global)-headers)$/.test(part.type))
      continue;
    const [id] = readIds(readHeaderBlock(contentOf(part, LONGEST_PROSE)).headers.first('message-id'));
    if (id) return id;
  }
  const quoted = /^[> \t|]{0,20}message-id:\s{0,20}<([^<>\s]{1,998})>/im.exec(text)?.[1];
  return quoted ?? envelope.inReplyTo[0] ?? envelope.references.at(-1);
}

const allParts = (part: Part): Part[] => [part, ...part.parts.flatMap(allParts)];

const onOneLine = (text: string) => text.slice(0, LONGEST_ANSWER).replace(/\s+/g, ' ').trim();
