// What can still be said of a mail over which the worker was stopped: its headers, read here, linearly (M13).
import { maskCards } from '../lib/mask-cards';
import { readEnvelope } from './envelope';
import { LONGEST_HEADERS } from './limits';
import { readHeaderBlock, startOfMail } from './mime/header-block';
import type { ParsedMail, UnreadableReason } from './parsed-mail';

export function unreadableMail(raw: Uint8Array, reason: UnreadableReason): ParsedMail {
  const head = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, LONGEST_HEADERS));
  const envelope = readEnvelope(readHeaderBlock(head, startOfMail(head)).headers);
  const subject = maskCards(envelope.subject);
  return {
    ...envelope,
    subject: subject.text,
    words: '',
    quote: '',
    signature: '',
    formSender: false,
    markers: [],
    attachments: [],
    maskedCards: subject.masked,
    unreadable: { reason },
    size: raw.byteLength,
  };
}
