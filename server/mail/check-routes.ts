// What admins can ask of the comparisons of a mailbox: all of them, one of them, and one right now (M4).
import type { Request } from 'express';
import type { App } from '../app';
import type { Actor } from '../events';
import { NotFound } from '../lib/errors';
import { can } from '../roles';
import { type createRouter, page } from '../web';
import { checkNow } from './check-now';
import { findCheck } from './checks';
import type { MailboxRow } from './mailbox';
import { checkPage, checksPage } from './present-checks';
import { findMailboxById } from './queries';

/** Seconds after which a page without script asks again while a comparison is under way. */
const REFRESH = '2';

/** Into the router of mail: one mounted inside it would put off every request that comes after it. */
export function checkRoutes(app: App, router: ReturnType<typeof createRouter>): void {
  const path = '/settings/mailboxes/:id/checks';

  router.get(path, can('mailboxes.change'), (req, res) =>
    page(res, 'mail/checks', checksPage(app, req.context.reader, mailboxFor(req))),
  );

  router.get(`${path}/:check`, can('mailboxes.change'), (req, res) => {
    const mailbox = mailboxFor(req);
    const check = findCheck(app.db, numberIn(req, 'check'));
    if (check?.mailbox_id !== mailbox.id) throw NotFound();
    if (check.ended_at === null) res.set('Refresh', REFRESH);
    page(res, 'mail/check', checkPage(app, req.context.reader, mailbox, check));
  });

  router.post(path, can('mailboxes.change'), async (req, res) => {
    const mailbox = mailboxFor(req);
    if (mailbox.imap === null) throw NotFound();
    const check = await app.write(() => checkNow(app, req.context.actor as Actor, mailbox));
    res.redirect(303, `/settings/mailboxes/${mailbox.id}/checks/${check}`);
  });

  function mailboxFor(req: Request): MailboxRow {
    const mailbox = findMailboxById(app.db, numberIn(req, 'id'));
    if (!mailbox || mailbox.deleted_at !== null || mailbox.is_local) throw NotFound();
    return mailbox;
  }
}

const numberIn = (req: Request, name: string) =>
  Number(/^\d{1,15}$/.exec(String(req.params[name]))?.[0] ?? 0);
