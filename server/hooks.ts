// What left domains ask of right ones, and who answers (DESIGN 2: one ladder, one door).
import type { Hooks } from './app';
import { chatLine, giveChatsBack, siteDomains, visitorIsThere } from './chat';
import { askDns, domainOf, findMailboxes, type Intake, type MailTraffic, oauthProviders } from './mail';
import { noticeMailStands, readNoticesOf } from './notices';
import { erasedAt, isHeld, keptUntil, takeAway, wasErased } from './privacy';
import {
  countOpenTicketsOf,
  countTicketsOfTeam,
  followMail,
  giveTicketsBack,
  isAnswerFromElsewhere,
  moveTeamLater,
  receiveMail,
} from './tickets';

export function hooksOf(intake: Intake, traffic: MailTraffic): Hooks {
  return {
    fileMail: receiveMail,
    isAnswerFromElsewhere,
    mailMoved: followMail,
    noticeMailStands,
    mailStored: (_app, id) => intake.add(id),
    outboxChanged: () => traffic.outboxChanged(),
    copyWaits: () => traffic.copyWaits(),
    mailboxesChanged: () => traffic.mailboxesChanged(),
    checkMailbox: (_app, check) => traffic.check(check),
    checkMailboxes: () => traffic.checkAll(),
    askDns: (name, kind) => askDns(name, kind),
    oauthProviders: () => oauthProviders,
    wasErased,
    erasedAt,
    takeAway,
    isHeld,
    visitorIsThere,
    chatLine,
    ticketOpened: readNoticesOf,
    keptUntil,
    workGoesBack: (app, actor, agentId) => {
      giveTicketsBack(app, actor, agentId);
      giveChatsBack(app, actor, agentId);
    },
    countOpenTicketsOf: (app, agentId) => countOpenTicketsOf(app.db, agentId) ?? 0,
    countTicketsOfTeam,
    teamGoes: moveTeamLater,
    ownDomains: (app) => [
      ...findMailboxes(app.db).map((mailbox) => domainOf(mailbox.address_key)),
      ...siteDomains(app),
    ],
  };
}
