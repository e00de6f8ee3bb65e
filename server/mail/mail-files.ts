// The files of a mail: decoded, sniffed, and never without a name.
import { extname } from 'node:path';
import { MASK, maskCards } from '../lib/mask-cards';
import { sniffType } from '../lib/sniff-type';
import type { EmbeddedPicture } from './embedded-pictures';
import { readHeaderBlock } from './mime/header-block';
import { contentOf, type Part, wordsOf } from './mime/part';
import type { MailAttachment } from './parsed-mail';

/** The name is cleaned where it is stored; here it is only made short enough for that. */
const LONGEST_NAME = 500;

/** `shown` are the Content-IDs that the HTML shows. */
export async function readFiles(
  parts: Part[],
  pictures: EmbeddedPicture[],
  shown: Set<string>,
): Promise<{ attachments: MailAttachment[]; masked: number }> {
  let masked = 0;
  const files = parts.map((part) => {
    const read = maskInner(part, contentOf(part));
    masked += read.masked;
    const { type: declaredType, contentId, name } = part;
    return { declaredType, contentId, name, part, content: read.content };
  });
  const embedded = pictures.map((picture) => ({ ...picture, name: '', part: undefined }));
  const attachments = await Promise.all(
    [...files, ...embedded].map(async ({ name, part, content, contentId, declaredType }, index) => ({
      name: maskCards((name || nameFor(declaredType, part, content, index)).slice(0, LONGEST_NAME)).text,
      declaredType,
      type: await sniffType(content),
      contentId,
      inline: contentId !== undefined && shown.has(contentId),
      content: ownBytes(content, part),
      size: content.byteLength,
    })),
  );
  return { attachments, masked };
}

/**
 * Words of a mail that is passed on are words of this one (P11), masked in whatever charset it has; other files are left as
 * their makers made them.
 */
function maskInner(part: Part, content: Buffer): { content: Buffer; masked: number } {
  if (part.type !== 'message/rfc822' || content.byteLength > LONGEST_INNER) return { content, masked: 0 };
  const { text, masked } = maskCards(content.toString('latin1'));
  return masked > 0
    ? { content: Buffer.from(text.replaceAll(MASK, '*'), 'latin1'), masked }
    : { content, masked };
}

/** A longer one is mostly files, and those are encoded. */
const LONGEST_INNER = 2 * 1024 * 1024;

/** So that it can be handed from thread to thread without a copy: a buffer that nothing else lies in. */
function ownBytes(content: Buffer, part: Part | undefined): Uint8Array {
  const isAlone =
    content.byteOffset === 0 &&
    content.byteLength > Buffer.poolSize &&
    content.buffer !== part?.body.buffer &&
    content.buffer.byteLength < content.byteLength * LARGEST_SLACK;
  return isAlone
    ? new Uint8Array(content.buffer as ArrayBuffer, 0, content.byteLength)
    : new Uint8Array(content);
}

/** Decoding leaves a little room behind what it found. */
const LARGEST_SLACK = 1.1;

const NAMES: Record<string, string> = {
  'text/calendar': 'invite.ics',
  'text/x-amp-html': 'message.amp.html',
  'application/ms-tnef': 'winmail.dat',
  'application/vnd.ms-tnef': 'winmail.dat',
  'application/pgp-signature': 'signature.asc',
  'application/pgp-encrypted': 'version.asc',
  'application/pkcs7-signature': 'smime.p7s',
  'application/x-pkcs7-signature': 'smime.p7s',
  'application/pkcs7-mime': 'smime.p7m',
  'application/x-pkcs7-mime': 'smime.p7m',
  'message/delivery-status': 'delivery-status.txt',
  'message/disposition-notification': 'receipt.txt',
  'text/rfc822-headers': 'headers.txt',
};
const ENDINGS: Record<string, string> = {
  'image/jpeg': '.jpg',
  'image/svg+xml': '.svg',
  'text/plain': '.txt',
  'text/html': '.html',
  'application/octet-stream': '',
};

/** For what its sender did not name: by its type, or for a mail within the mail by its subject. */
function nameFor(type: string, part: Part | undefined, content: Buffer, index: number): string {
  if (type === 'message/rfc822' && part) {
    const subject = wordsOf(readHeaderBlock(content).headers, 'subject').slice(0, 100);
    return `${subject || `message ${index + 1}`}.eml`;
  }
  const known = Object.hasOwn(NAMES, type) ? NAMES[type] : undefined;
  if (known) return known;
  const ending = Object.hasOwn(ENDINGS, type) ? ENDINGS[type] : endingOf(type);
  return `${type.startsWith('image/') ? 'image' : 'attachment'}-${index + 1}${ending}`;
}

/** `image/png` ends in .png; types without so plain a name end in nothing. */
function endingOf(type: string): string {
  const ending = extname(`x.${type.slice(type.indexOf('/') + 1)}`);
  return /^\.[a-z0-9]{2,4}$/.test(ending) ? ending : '';
}
