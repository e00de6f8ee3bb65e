// What every mail brings into its message, whichever way it came: what was written, to whom, what could not be read, its files.
import type { App } from '../../app';
import { attach, type StoredFile } from '../../attachments';
import { type InboundMailRow, type ParsedMail, saysOtherWords } from '../../mail';
import type { NewMessage } from '../add-message';
import type { MessageFacts } from '../ticket';
import { isKnownId } from './thread';

/** A mail whose id another one has: imported on a person's wish, or with other words. The id says nothing about this one (M3, M4). */
export function withOwnId(app: App, inbound: InboundMailRow, read: ParsedMail): ParsedMail {
  const { messageId, ...mail } = read;
  const isTaken = inbound.is_wished === 1 && messageId !== undefined && isKnownId(app, messageId);
  return saysOtherWords(inbound) || isTaken ? mail : read;
}

/** Of these a way in may say more. */
export function factsOfMail(inbound: InboundMailRow, mail: ParsedMail): MessageFacts {
  const facts: MessageFacts = {
    to: mail.to.map((to) => to.address),
    cc: mail.cc.map((cc) => cc.address),
  };
  if (inbound.words_hash === null && inbound.is_wished) facts.unreadable = 'headers-only';
  if (!mail.from) facts.unreadable = 'no-sender';
  if (mail.unreadable) facts.unreadable = mail.unreadable.reason;
  if (mail.maskedCards) facts.maskedCards = mail.maskedCards;
  return facts;
}

export const wordsOfMail = (
  inbound: InboundMailRow,
  { words, quote, signature, html }: ParsedMail,
): Pick<NewMessage, 'channel' | 'words' | 'quote' | 'signature' | 'html' | 'inboundMailId'> => ({
  channel: 'email',
  words,
  quote,
  signature,
  html,
  inboundMailId: inbound.id,
});

/** `files` belong to the mail's attachments, in order. */
export function attachFiles(app: App, messageId: number, mail: ParsedMail, files: StoredFile[]): void {
  for (const [index, file] of files.entries()) {
    const attachment = mail.attachments[index];
    if (attachment) attach(app, { kind: 'message', id: messageId }, { ...attachment, file });
  }
}
