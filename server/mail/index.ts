// The door of mail: reading, parsing and filing what comes in; the outbox for what goes out.
import './hooks';

export { addressKey, domainOf, splitTag, validAddress, withTag } from './addresses';
export type { Filed } from './hooks';
export { fileStoredMail, Intake } from './intake';
export { deliver } from './deliver';
export { dedupeKey, keepMail, rawPath, readRaw, removeRaw } from './keep-mail';
export { localMailbox, mailboxForDelivery } from './local-mailbox';
export { LOCAL_ADDRESS, type MailboxRow } from './mailbox';
export {
  beginHandingOver,
  findAttempts,
  findOutboxNeedingPeople,
  markInDoubtAfterCrash,
  settleUncertain,
  waitAgain,
} from './outbox';
export { MailTraffic } from './traffic';
export { imapSettingsOf, sealPassword, smtpSettingsOf, storedServer } from './server-settings';
export { enqueueMail, type OutgoingMail } from './outgoing';
export type { Address, ParsedMail } from './parsed-mail';
export {
  deleteWaitingOutbox,
  findInboundMail,
  findMailboxByAddress,
  findMailboxById,
  findMailboxes,
  findOutboxByHeaderId,
  findOutboxOfMessage,
  type InboundMailRow,
  type OutboxRow,
} from './queries';
export { htmlFromText, replySubject } from './compose';
export { hasRemoteImages, withImages } from './html-body';
