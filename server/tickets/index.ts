// The door of tickets.
import './hooks';

export {
  bringUpToDate,
  numberFor,
  perViewer,
  type Scope,
  scopeOf,
  seenTicket,
  ticketFor,
  VISIBLE,
  type Viewer,
} from './access';
export { addMessage, addSystemLine, type NewMessage } from './add-message';
export { BULK_JOB, runBulk, sweepRuns } from './bulk/run';
export { type AssignOutcome, assignTicket, giveTicketsBack, moveTicket } from './change';
export { countTickets } from './counts';
export { createTicket } from './create';
export {
  CUSTOMER_IMPORT_JOB,
  customerImportWork,
  forgetHalfReadImports,
  sweepCustomerImports,
} from './customer-csv/import';
export { giveAuthorsBack } from './customer-merging/authors';
export { followAnswer } from './customer-wrote';
export { factsFollower } from './daily-facts';
export { followFolder } from './filing/change-folder';
export { receiveMail } from './filing/receive-mail';
export { isAnswerFromElsewhere, newMark, rememberMark } from './filing/thread';
export { giveToTeam } from './give-team';
export { roomsOf, signalTicket, signalTicketGone } from './live';
export { countTicketsOfTeam, moveTeam, moveTeamLater, TEAM_JOB } from './move-team';
export { importCommand } from './moving-in/command';
export { sweepImports } from './moving-in/sweep';
export { endImportsForErasure, IMPORT_JOB, importWork } from './moving-in/work';
export { openTicket } from './open';
export { TAKE_IN_JOB, takeInWork } from './organizations/take-in';
export { followMail } from './outbox/delivery';
export type { TicketPage } from './page-models';
export { ticketsPersonal } from './personal';
export { personOf } from './present-list';
export {
  countOpenTicketsOf,
  findFollowers,
  findMessage,
  findMessageByClientId,
  findMessagesAfter,
  findParticipants,
  findTicketById,
  findTicketByNumber,
  findVisitorMessagesAfter,
  updateChatState,
} from './queries';
export { ticketRoutes } from './routes';
export { runRules } from './rules/run';
export { searchTickets } from './search/search';
export {
  indexEverything,
  indexTicket,
  mergeIndex,
  mergeToTheEnd,
  searchFollower,
} from './search/write-index';
export { WAKE_JOB, wakeDue } from './snooze';
export { ticketSockets } from './sockets';
export { addTag } from './tags';
export {
  type Channel,
  cleanSubject,
  excerptOf,
  factsOf,
  isOpen,
  type MessageFacts,
  type MessageRow,
  type Status,
  type Ticket,
} from './ticket';
export { TRASH_DAYS } from './trash/trash';
export { fillViews } from './views/fill';
export { keepViewsOnTime } from './views/on-time';
export { settleViews, VIEWS_JOB } from './views/settle';
export { composeReply, filesOf, mailboxFor, onlyReadMailbox } from './writing/compose-reply';
export { keepDraft } from './writing/drafts';
export { recipientsOf } from './writing/recipients';
export { noteOnTicket, replyToTicket } from './writing/reply';
