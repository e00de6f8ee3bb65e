// Contents page: everything that runs on a clock, and the kinds of work that wait in the queue.

import { deleteExpiredSessions, deleteOldLinks, PASSWORD_LINK, sendPasswordLink } from './agents';
import type { App } from './app';
import { sweepFiles, sweepStrays } from './attachments';
import { LEAVING_JOB, lookAfterLeaving, lookAfterUnseen, UNSEEN_JOB } from './chat';
import { checkpoint } from './db';
import type { JobWork, Scheduled } from './jobs';
import { DAY } from './lib/clock';
import {
  CHECK_JOB,
  checkWork,
  deleteOldChecks,
  forgetOldAnswers,
  refreshEndingTokens,
  sweepRawMails,
} from './mail';
import { mailNotices, sweepNotices } from './notices';
import {
  BACKUP_JOB,
  backupWork,
  deleteExpiredExports,
  deleteOldEvidence,
  ERASE_JOB,
  EXPORT_JOB,
  emptyTrash,
  eraseWork,
  expireLedger,
  exportWork,
  makeNightlyBackup,
  RETENTION_JOB,
  retentionWork,
  runRules,
  tryErasuresAgain,
} from './privacy';
import {
  BULK_JOB,
  CUSTOMER_IMPORT_JOB,
  customerImportWork,
  fillViews,
  IMPORT_JOB,
  importWork,
  keepViewsOnTime,
  mergeIndex,
  moveTeam,
  runBulk,
  sweepCustomerImports,
  sweepImports,
  sweepRuns,
  TAKE_IN_JOB,
  TEAM_JOB,
  takeInWork,
  VIEWS_JOB,
  WAKE_JOB,
  wakeDue,
} from './tickets';
import { deleteOldTries } from './web';

export const jobWorks: Record<string, JobWork> = {
  [PASSWORD_LINK]: sendPasswordLink,
  [LEAVING_JOB]: lookAfterLeaving,
  [UNSEEN_JOB]: lookAfterUnseen,
  [EXPORT_JOB]: exportWork,
  [ERASE_JOB]: eraseWork,
  [RETENTION_JOB]: retentionWork,
  [BACKUP_JOB]: backupWork,
  [CHECK_JOB]: checkWork,
  [TEAM_JOB]: moveTeam,
  [VIEWS_JOB]: fillViews,
  [BULK_JOB]: runBulk,
  [WAKE_JOB]: wakeDue,
  [IMPORT_JOB]: importWork,
  [TAKE_IN_JOB]: takeInWork,
  [CUSTOMER_IMPORT_JOB]: customerImportWork,
};

export function scheduleOf(app: App): Scheduled[] {
  return [
    { name: 'checkpoint', everySeconds: 10, run: async () => (checkpoint(app.db), {}) },
    { name: 'merge index', everySeconds: 20, run: async () => (await app.write(() => mergeIndex(app)), {}) },
    { name: 'views', everySeconds: 5, run: keepViewsOnTime },
    { name: 'notices', everySeconds: 60, run: mailNotices },
    { name: 'mail tokens', everySeconds: 30, run: async () => ({ asked: await refreshEndingTokens(app) }) },
    { name: 'retention', pattern: '0 30 2 * * *', run: (app) => runRules(app) },
    { name: 'trash', pattern: '0 0 3 * * *', run: (app) => emptyTrash(app) },
    { name: 'sweep', pattern: '0 15 3 * * *', run: sweep },
    { name: 'backup', pattern: '0 0 4 * * *', run: makeNightlyBackup },
    { name: 'mail check', pattern: '0 30 4 * * *', run: (app) => app.hooks.checkMailboxes(app) },
  ];
}

/** Files nobody names any more, sessions that ended, tries that are forgotten. */
async function sweep(app: App): Promise<Record<string, number>> {
  const now = app.clock.now();
  const [sessions, tries, links, checks, answers, notices] = await app.write(() => [
    deleteExpiredSessions(app.db, now),
    deleteOldTries(app.db, now - DAY),
    deleteOldLinks(app.db, now - 30 * DAY),
    deleteOldChecks(app),
    forgetOldAnswers(app),
    sweepNotices(app),
  ]);
  return {
    files: await sweepFiles(app),
    strays: (await sweepStrays(app)) + (await sweepRawMails(app)),
    exports: await deleteExpiredExports(app),
    evidence: await deleteOldEvidence(app),
    erasures: await tryErasuresAgain(app),
    ledger: await expireLedger(app),
    bulk: await sweepRuns(app),
    imports: await sweepImports(app),
    customerImports: await sweepCustomerImports(app),
    sessions,
    tries,
    links,
    checks,
    answers,
    notices,
  };
}
