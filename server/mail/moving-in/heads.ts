// What is read of a mail before it is filed: when it was sent, what it answers, and where it lay. By the reader's own rules.
import { validAddress } from '../addresses';
import { readIds } from '../envelope';
import { readDate } from '../mime/date';
import { decodeHeader } from '../mime/encoded-words';
import { peekHeaders } from '../peek-headers';
import { type Placed, placeIn, splitLabels } from './labels';

export interface Head extends Placed {
  messageId: string | undefined;
  /** What it answers, the nearest last. */
  named: string[];
  /** ms UTC; undefined when nothing in it says when. */
  sentAt: number | undefined;
}

const NAMES = [
  ...['message-id', 'in-reply-to', 'references', 'date', 'received', 'x-gmail-labels', 'x-keywords'],
  ...['x-mozilla-status', 'x-mozilla-keys', 'x-status', 'x-unsent'],
];
/** Thunderbird's mark of a mail that is deleted, and stays in the file until the folder is compacted. */
const EXPUNGED = 0x0008;
const LONGEST_LABELS = 4_000;

/** `folder` is what the file is called; labels say more, where there are any. */
export function readHeadOf(bytes: Buffer, folder: string): Head {
  const found = peekHeaders(bytes, NAMES);
  const first = (name: string) => found[name]?.[0] ?? '';
  const labels = (found['x-gmail-labels'] ?? []).flatMap((value) =>
    splitLabels(decodeHeader(value.slice(0, LONGEST_LABELS))),
  );
  const placed = placeIn(labels.length > 0 ? labels : [folder, ...keysOf(first('x-mozilla-keys'))]);
  const leftOut = placed.leftOut ?? flagged(first);
  return {
    ...placed,
    ...(leftOut ? { leftOut } : {}),
    messageId: readIds(first('message-id'))[0],
    named: [...readIds(first('references')), ...readIds(first('in-reply-to'))],
    sentAt: readDate(first('date')) ?? receivedAt(first('received')) ?? separatorAt(bytes),
  };
}

/** Thunderbird's own begin with a dollar. */
const keysOf = (text: string) =>
  text
    .slice(0, LONGEST_LABELS)
    .split(/\s+/)
    .filter((key) => key !== '' && !key.startsWith('$') && key.toLowerCase() !== 'nonjunk');

function flagged(first: (name: string) => string): Placed['leftOut'] {
  const status = /^[0-9a-f]{4}$/i.exec(first('x-mozilla-status'))?.[0];
  if ((status && Number.parseInt(status, 16) & EXPUNGED) || first('x-status').includes('D')) return 'trash';
  return first('x-unsent') === '1' || first('x-status').includes('T') ? 'draft' : undefined;
}

const receivedAt = (value: string) => readDate(value.slice(value.lastIndexOf(';') + 1));

/** `From somebody Fri Jul  8 12:08:34 2011`, with a zone before the year where there is one. */
const CTIME = /([A-Z][a-z]{2}) +(\d{1,2}) +(\d{1,2}:\d{2}(?::\d{2})?) +(?:([+-]\d{4}|[A-Z]{2,5}) +)?(\d{4})/;

function separatorAt(bytes: Buffer): number | undefined {
  const line = bytes.toString('latin1', 0, 1_000).split('\n', 1)[0] ?? '';
  const [, month, day, time, zone = '', year] = line.startsWith('From ') ? (CTIME.exec(line) ?? []) : [];
  return month === undefined ? undefined : readDate(`${day} ${month} ${year} ${time} ${zone}`);
}

/** Addresses that somebody typed as their own, one a line or with commas between; what is none is returned in `wrong`. */
export function readOwnAddresses(text: string): { addresses: string[]; wrong: string[] } {
  const typed = text.split(/[\s,;]+/).filter(Boolean);
  const addresses = typed.flatMap((one) => validAddress(one) ?? []);
  return { addresses, wrong: typed.filter((one) => validAddress(one) === undefined) };
}
