// The door of mail: reading, parsing and filing what comes in; the outbox for what goes out.
import './hooks';

export { hasRemoteImages, withImages } from '../lib/sanitize-html';
export { addressField } from './address-field';
export { addressKey, domainOf, splitTag, validAddress, validDomain, withTag } from './addresses';
export { type AliasRow, findAliasById, findAliases } from './aliases';
export { type AnswerKind, answersOf } from './answers/answers';
export { answersPause, forgetOldAnswers, takeFromBudget } from './answers/budget';
export { isOpenAt } from './answers/hours';
export { answerText } from './answers/words';
export { type Authentication, METHODS, type Verdict } from './authentication';
export {
  blockForm,
  blockOf,
  blockSender,
  isBlocked,
  unblockSender,
} from './blocked-senders';
export { CHECK_JOB, checkWork } from './check-now';
export { deleteOldChecks, endInterruptedChecks } from './checks';
export { MOST_REFERENCES } from './compose';
export { deliver, EX_TEMPFAIL } from './deliver';
export { askDns } from './dns';
export { withoutForward } from './fold-quotes';
export { findMailsOnDisk, forgetRaw, forgetWaiting, isFrom } from './forget-raw';
export { formSendersOf } from './form-senders';
export { forwardedFrom } from './forwarded';
export type { Filed } from './hooks';
export { MAX_MAIL } from './imap-fetch';
export { fileStoredMail, Intake } from './intake';
export { dedupeKey, isDiskFull, keepMail, rawPath, readRaw, removeRaw, saysOtherWords } from './keep-mail';
export { signalMailboxes } from './live';
export { localMailbox, mailboxForDelivery } from './local-mailbox';
export { htmlFromText, replySubject } from './mail-text';
export { LOCAL_ADDRESS, type MailboxRow, maySend } from './mailbox';
export { type MailboxInput, readMailboxForm } from './mailbox-form';
export {
  type AddressFormModel,
  emptyAddressForm,
  saveTyped,
  suggestMailbox,
  testTyped,
} from './mailbox-steps';
export { type Head, readHeadOf, readOwnAddresses } from './moving-in/heads';
export { folderOfFile } from './moving-in/labels';
export {
  type FileKind,
  kindOfFile,
  mailsIn,
  readBytes,
  readFromMbox,
  readHead,
  type Span,
} from './moving-in/mbox';
export { refreshEndingTokens } from './oauth/access-token';
export { mailboxPath } from './oauth/paths';
export type { OAuthFormModel } from './oauth/present-form';
export { oauthProviders } from './oauth/provider';
export { saveOAuthTyped } from './oauth/steps';
export { waitsForSignIn } from './oauth/trouble';
export {
  type AttemptRow,
  beginHandingOver,
  dismiss,
  findAttempts,
  type HoldReason,
  holdBack,
  holdReasonOf,
  holdUnsent,
  markInDoubtAfterCrash,
  restoreDismissed,
  settleUncertain,
  waitAgain,
  withdrawMail,
} from './outbox';
export { enqueueMail, type OutgoingMail } from './outgoing';
export { aliasWrittenTo, domainsOfMailboxes, isOwnAddress, mailboxOfAddress } from './own-address';
export type { Address, ParsedMail } from './parsed-mail';
export { peekHeaders, peekMessageId } from './peek-headers';
export { mailPersonal } from './personal';
export type { MailboxFormModel } from './present-form';
export { problemWords } from './problem-words';
export {
  countMailTrouble,
  deleteWaitingOutbox,
  findInboundByKey,
  findInboundMail,
  findMailboxByAddress,
  findMailboxById,
  findMailboxes,
  findOutboxOfMessage,
  type InboundMailRow,
  OUTBOX_STATES,
  type OutboxRow,
  type OutboxState,
  updateInboundTicket,
} from './queries';
export { quotedHtml } from './quote-html';
export {
  type Fate,
  findOnServers,
  type MailOnServer,
  placeOnServer,
  readsFromServers,
  removeFromServers,
} from './remove-from-servers';
export { mailRoutes } from './routes';
export { saveMailbox } from './save-mailbox';
export { replyAddress } from './send-as';
export { findCopyOf } from './sent-copies';
export { imapSettingsOf, sealPassword, smtpSettingsOf, storedServer } from './server-settings';
export { sweepRawMails } from './sweep-raw';
export { MailTraffic } from './traffic';
export { leaveUnsent, sendUnsent } from './unsent';
export { authenticationOf } from './who-wrote';
export { wordsHash } from './words-hash';
