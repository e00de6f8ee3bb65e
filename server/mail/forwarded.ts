// From whom a mail is that somebody passes on (M15): it is attached whole, or stands below a mail program's block of From, Sent, To
// and Subject.
import { validAddress } from './addresses';
import { isForwardSubject } from './fold-quotes';
import { isForwardMark, isHeaderBlock, labelsOf, plainLine } from './fold-quotes/marks';
import type { Address, ParsedMail } from './parsed-mail';
import { peekSender } from './peek-headers';

/** Who passes a mail on writes little above it. */
const MOST_LINES = 300;
/** From may stand below the other labels. */
const LONGEST_BLOCK = 8;
const LONGEST_NAME = 200;

/** Undefined for a mail that passes none on, and for one that does not say from whom it was. Linear in the text. */
export function forwardedFrom(
  mail: Pick<ParsedMail, 'subject' | 'words' | 'attachments'>,
): Address | undefined {
  const lines = mail.words
    .split('\n', MOST_LINES)
    .map((line) => line.replace(/^[> ]{0,10}/, '').replaceAll('*', ''));
  const plain = lines.map(plainLine);
  const mark = plain.findIndex(isForwardMark);
  if (mark < 0 && !isForwardSubject(mail.subject)) return undefined;

  const attached = mail.attachments.find(({ declaredType }) => declaredType.startsWith('message/rfc822'));
  const sender = attached && peekSender(attached.content);
  if (sender) return sender;

  const begin = Math.max(mark, 0);
  const block = plain.findIndex((_, at) => at >= begin && isHeaderBlock(plain, at, true));
  if (block < 0) return undefined;
  const from = plain.findIndex(
    (line, at) => at >= block && at < block + LONGEST_BLOCK && labelsOf(line).includes('from'),
  );
  return from < 0 ? undefined : personIn((lines[from] as string).replace(/^[^:\uff1a]*[:\uff1a]/, ''));
}

/** `Carla Jensen <carla@mail.example>`, `"Jensen, Carla" [mailto:carla@mail.example]`, or the address alone. */
function personIn(text: string): Address | undefined {
  const line = text.slice(0, 1_000);
  const written = line.split(/[\s<>[\]()"',;]+/).find((word) => word.includes('@'));
  const address = written && validAddress(written.replace(/^mailto:/i, ''));
  if (!address) return undefined;
  const name = line
    .slice(0, line.indexOf(written))
    .replace(/[<[("]+\s*(?:mailto:)?$/i, '')
    .replace(/^[\s"']+|[\s"'<[(]+$/g, '');
  return { name: name.slice(0, LONGEST_NAME), address };
}
