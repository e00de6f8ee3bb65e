// What left domains ask of right ones, and who answers (DESIGN 2: one ladder, one door).
import type { Hooks } from './app';
import { chatLine, giveChatsBack, siteDomains, visitorIsThere } from './chat';
import { askDns, domainsOfMailboxes, type Intake, type MailTraffic, oauthProviders } from './mail';
import { noticeMailStands, readNoticesOf } from './notices';
import { atWorkOn, erasedAt, handOn, isHeld, keptUntil, takeAway, takeBack, wasErased } from './privacy';
import {
  countOpenTicketsOf,
  countTicketsOfTeam,
  followFolder,
  followMail,
  giveAuthorsBack,
  giveTicketsBack,
  isAnswerFromElsewhere,
  moveTeamLater,
  receiveMail,
} from './tickets';

export function hooksOf(intake: Intake, traffic: MailTraffic): Hooks {
  return {
    fileMail: receiveMail,
    mailChangedFolder: followFolder,
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
    handOn,
    takeBack: (app, from, into, moved) => {
      takeBack(app, from, into, moved);
      giveAuthorsBack(app, from, into, moved['tickets'] ?? []);
    },
    atWorkOn,
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
    ownDomains: (app) => [...domainsOfMailboxes(app), ...siteDomains(app)],
  };
}
