// What the headers of a mail say: people, ids, subject, date. Linear and never throwing, so it also runs outside the
// worker, for mails that could not be read there.
import addressparser from 'nodemailer/lib/addressparser';
import { validAddress } from './addresses';
import { LONGEST_HEADER, MOST_ADDRESSES, MOST_REFERENCES } from './limits';
import { LOOP_HEADER } from './loop-header';
import { decodeText } from './mime/charset';
import { readDate } from './mime/date';
import { decodeWords } from './mime/encoded-words';
import type { Headers } from './mime/header-block';
import { wordsOf } from './mime/part';
import type { Address, ParsedMail } from './parsed-mail';
import { isCalledSpam } from './spam-headers';

export type Envelope = Pick<
  ParsedMail,
  | 'messageId'
  | 'inReplyTo'
  | 'references'
  | 'from'
  | 'fromText'
  | 'sender'
  | 'replyTo'
  | 'to'
  | 'cc'
  | 'deliveredTo'
  | 'returnPath'
  | 'droppedAddresses'
  | 'subject'
  | 'sentAt'
  | 'loops'
  | 'authenticationResults'
  | 'calledSpam'
>;

const LONGEST_SUBJECT = 1_000;
const LONGEST_NAME = 200;
const MOST_DROPPED = 20;

export function readEnvelope(headers: Headers, likely?: string): Envelope {
  const droppedAddresses: string[] = [];
  const people = (name: string) => readPeople(headers.all(name), likely, droppedAddresses);
  const from = people('from')[0];
  const [messageId] = readIds(headers.first('message-id'));
  return {
    messageId,
    inReplyTo: readIds(headers.first('in-reply-to')),
    references: readIds(headers.all('references').join(' ')).slice(-MOST_REFERENCES),
    from,
    fromText: from ? undefined : wordsOf(headers, 'from', likely).slice(0, LONGEST_NAME),
    sender: people('sender')[0],
    replyTo: people('reply-to'),
    to: people('to'),
    cc: people('cc'),
    deliveredTo: ['delivered-to', 'x-original-to', 'envelope-to']
      .flatMap(people)
      .map((person) => person.address),
    returnPath: readReturnPath(headers),
    droppedAddresses: droppedAddresses.slice(0, MOST_DROPPED),
    subject: wordsOf(headers, 'subject', likely).slice(0, LONGEST_SUBJECT).toWellFormed(),
    sentAt: readDate(headers.first('date').slice(0, 200)),
    loops: headers
      .all(LOOP_HEADER.toLowerCase())
      .slice(0, 10)
      .map((value) => value.slice(0, 200)),
    authenticationResults: headers
      .all('authentication-results')
      .slice(0, 20)
      .map((value) => value.slice(0, 4_000)),
    calledSpam: isCalledSpam(headers),
  };
}

/** What stands between < and >; without any, the words that hold an @. */
export function readIds(value: string): string[] {
  const text = value.slice(-LONGEST_HEADER);
  const bracketed = [...text.matchAll(/<([^<>]{1,998})>/g)].map((id) =>
    (id[1] as string).replace(/\s+/g, ''),
  );
  const ids = bracketed.length > 0 ? bracketed : text.split(/[\s<>]+/).filter((word) => word.includes('@'));
  return [...new Set(ids.filter((id) => id !== '' && id.length <= 998))];
}

/** null for <>, the address of mail that nobody may answer. */
function readReturnPath(headers: Headers): string | null | undefined {
  const value = headers.all('return-path')[0]?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^<\s*>$/.test(value)) return null;
  return validAddress(value.replace(/[<>\s]/g, ''));
}

/**
 * The header is split into addresses before anything in it is decoded: an encoded word can hold a name, never an
 * address (RFC 2047 5; AC-28). What is no single plain address is dropped and noted.
 */
function readPeople(values: string[], likely: string | undefined, dropped: string[]): Address[] {
  const text = decodeText(
    Buffer.from(values.join(', ').slice(0, LONGEST_HEADER), 'latin1'),
    undefined,
    likely,
  );
  const people: Address[] = [];
  const seen = new Set<string>();
  for (const entry of addressparser(text, { flatten: true }).slice(0, MOST_ADDRESSES)) {
    const written = (entry.address ?? '').trim();
    const address = written.includes('=?') ? undefined : validAddress(written);
    if (address && !seen.has(address)) {
      seen.add(address);
      people.push({ name: readName(entry.name, address, likely), address });
    } else if (!address && (written || entry.name)) {
      dropped.push(onOneLine(written || entry.name).slice(0, LONGEST_NAME));
    }
  }
  return people;
}

function readName(name: string, address: string, likely: string | undefined): string {
  const words = onOneLine(decodeWords(name, likely)).replace(/^["']+|["']+$/g, '');
  // A name that is an address is the address itself, or wants to be taken for it (AC-28).
  return words.toLowerCase() === address.toLowerCase() || validAddress(words)
    ? ''
    : [...words].slice(0, LONGEST_NAME).join('');
}

/** No line breaks, controls, or marks that turn the reading direction (AC-06, AC-31). */
const onOneLine = (text: string) =>
  text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
