// What admins can ask about mailboxes, and about mails that could not be filed.
import type { Request, Response } from 'express';
import type { App } from '../app';
import { contentDisposition } from '../attachments';
import type { Actor } from '../events';
import { Invalid, NotFound } from '../lib/errors';
import { can } from '../roles';
import { createRouter, FILE_POLICY, page, type Reader, readForm, say } from '../web';
import { mailboxFor } from './access';
import { aliasRoutes } from './alias-routes';
import { answerRoutes } from './answers/routes';
import { blockedRoutes } from './blocked-routes';
import { checkRoutes } from './check-routes';
import { folderRoutes } from './folder-routes';
import { changeFormSenders, formSendersForm } from './form-senders';
import { readRaw } from './keep-mail';
import type { MailboxRow } from './mailbox';
import { emptyAddressForm, saveTyped, suggestMailbox, testTyped } from './mailbox-steps';
import { isFromSetup } from './oauth/paths';
import { oauthMailboxPage, withoutPassword } from './oauth/present-mailbox';
import { oauthRoutes } from './oauth/routes';
import { changeOnlyRead, onlyReadForm } from './only-read';
import { addressPage, type MailboxPage, mailboxesPage, mailboxPage, mailboxRemovalPage } from './present';
import { aliasesModel } from './present-aliases';
import { storedForm } from './present-form';
import { sourcePage, trayPage, trayWish } from './present-tray';
import { findInboundMail } from './queries';
import { removeMailbox } from './save-mailbox';
import { hasRaw, leaveInTray, tryAgain } from './tray';

const LIST = '/settings/mailboxes';
const TRAY = '/settings/mail-tray';

export function mailRoutes(app: App) {
  const router = createRouter();

  router.get(LIST, can('mailboxes.change'), (req, res) =>
    page(res, 'mail/mailboxes', mailboxesPage(app, req.context.reader)),
  );

  router.get(`${LIST}/new`, can('mailboxes.change'), (req, res) => {
    const { reader } = req.context;
    page(
      res,
      'mail/address',
      addressPage(reader, emptyAddressForm(reader, `${LIST}/suggestion`, placeOf(reader).other)),
    );
  });

  router.post(`${LIST}/suggestion`, can('mailboxes.change'), async (req, res) => {
    const { reader } = req.context;
    const suggested = await suggestMailbox(app, reader, placeOf(reader), req.body);
    if ('again' in suggested) return page(res, 'mail/address', addressPage(reader, suggested.again), 422);
    page(res, 'mail/mailbox', mailboxPage(app, reader, suggested));
  });

  router.post(`${LIST}/form-senders`, can('mailboxes.change'), async (req, res) => {
    const { reader, actor } = req.context;
    const form = readForm(formSendersForm, req);
    if (!form.ok) return page(res, 'mail/mailboxes', mailboxesPage(app, reader, form), 422);
    await app.write(() => changeFormSenders(app, actor as Actor, form.value.formSenders));
    say(res, { kind: 'good', text: reader.t('mail.forms.saved') });
    res.redirect(303, LIST);
  });

  // Not the last of this router: one that lets everything pass would put off every request to the routers after it.
  router.use(oauthRoutes(app, placeOf), blockedRoutes(app));

  router.get(`${LIST}/:id`, can('mailboxes.change'), (req, res) =>
    page(res, 'mail/mailbox', storedPage(req, mailboxOf(req))),
  );

  router.post(`${LIST}/test`, can('mailboxes.change'), (req, res) => test(req, res));
  router.post(`${LIST}/:id/test`, can('mailboxes.change'), (req, res) => test(req, res, mailboxOf(req)));
  router.post(LIST, can('mailboxes.change'), (req, res) => save(req, res));
  router.post(`${LIST}/:id`, can('mailboxes.change'), (req, res) => save(req, res, mailboxOf(req)));

  router.get(`${LIST}/:id/removal`, can('mailboxes.change'), (req, res) => {
    page(res, 'mail/remove', mailboxRemovalPage(req.context.reader, mailboxOf(req)));
  });

  router.post(`${LIST}/:id/removal`, can('mailboxes.change'), async (req, res) => {
    const mailbox = mailboxOf(req);
    await app.write(() => removeMailbox(app, req.context.actor as Actor, mailbox));
    say(res, { kind: 'good', text: req.context.reader.t('mail.removal.done', { address: mailbox.address }) });
    res.redirect(303, LIST);
  });

  router.post(`${LIST}/:id/only-read`, can('mailboxes.change'), async (req, res) => {
    const mailbox = mailboxOf(req);
    const form = readForm(onlyReadForm, req);
    if (!form.ok) throw Invalid('A mailbox is only read, or it sends.');
    const isOn = form.value.onlyRead === '1';
    await app.write(() => changeOnlyRead(app, req.context.actor as Actor, mailbox, isOn));
    const key = isOn ? 'mail.onlyRead.begun' : 'mail.onlyRead.ended';
    say(res, { kind: 'good', text: req.context.reader.t(key, { address: mailbox.address }) });
    res.redirect(303, `${LIST}/${mailbox.id}`);
  });

  router.get(TRAY, can('mail.tray'), async (req, res) =>
    page(res, 'mail/tray', await trayPage(app, req.context.reader, trayWish(req.query))),
  );

  router.get(`${TRAY}/:id/raw`, can('mail.tray'), async (req, res) => {
    const mail = findInboundMail(app.db, idOf(req));
    if (!mail || mail.state === 'done' || !hasRaw(app, mail))
      throw NotFound('The original of this mail is not kept any more.');
    res.set('Content-Security-Policy', FILE_POLICY).set('Content-Type', 'application/octet-stream');
    res.set('Content-Disposition', contentDisposition('attachment', `mail-${mail.id}.eml`));
    res.send(await readRaw(app, mail.disk_name));
  });

  router.get(`${TRAY}/:id/source`, can('mail.tray'), async (req, res) => {
    const mail = findInboundMail(app.db, idOf(req));
    if (!mail || mail.state === 'done') throw NotFound('The original of this mail is not kept any more.');
    page(res, 'mail/source', await sourcePage(app, req.context.reader, mail));
  });

  router.post(`${TRAY}/:id/filing`, can('mail.tray'), async (req, res) => {
    if (!(await app.write(() => tryAgain(app, req.context.actor as Actor, idOf(req))))) throw NotFound();
    say(res, { kind: 'info', text: req.context.reader.t('mail.tray.triedAgain') });
    res.redirect(303, TRAY);
  });

  router.post(`${TRAY}/:id/removal`, can('mail.tray'), async (req, res) => {
    if (!(await app.write(() => leaveInTray(app, req.context.actor as Actor, idOf(req))))) throw NotFound();
    res.redirect(303, TRAY);
  });

  checkRoutes(app, router);
  answerRoutes(app, router);
  folderRoutes(app, router);
  aliasRoutes(app, router, (req, res, mailbox, back) => {
    const aliases = aliasesModel(app, req.context.reader, mailbox, back);
    const model: MailboxPage = { ...storedPage(req, mailbox), aliases };
    page(res, 'mail/mailbox', model, 422);
  });

  /** A mailbox as it is stored. */
  function storedPage(req: Request, mailbox: MailboxRow): MailboxPage {
    const { reader } = req.context;
    const place = placeOf(reader, mailbox);
    if (mailbox.oauth)
      return oauthMailboxPage(app, reader, place, mailbox, { setup: isFromSetup(req.query) });
    const form = { ...storedForm(app, reader, place, mailbox), ...withoutPassword(app, reader, mailbox) };
    return mailboxPage(app, reader, { form }, mailbox);
  }

  async function test(req: Request, res: Response, mailbox?: MailboxRow): Promise<void> {
    const { reader, actor } = req.context;
    const { form, status } = await testTyped(
      app,
      actor as Actor,
      reader,
      placeOf(reader, mailbox),
      req.body,
      mailbox,
    );
    page(res, 'mail/mailbox', mailboxPage(app, reader, { form }, mailbox), status);
  }

  async function save(req: Request, res: Response, mailbox?: MailboxRow): Promise<void> {
    const { reader, actor } = req.context;
    const outcome = await saveTyped(app, actor as Actor, reader, placeOf(reader, mailbox), req.body, mailbox);
    if ('form' in outcome)
      return page(
        res,
        'mail/mailbox',
        mailboxPage(app, reader, { form: outcome.form }, mailbox),
        outcome.status,
      );
    say(res, { kind: 'good', text: reader.t('mail.mailbox.saved', { address: outcome.saved.address }) });
    res.redirect(303, LIST);
  }

  const mailboxOf = (req: Request) => mailboxFor(app, req.params['id']);

  return router;
}

const idOf = (req: Request) => Number(/^\d{1,15}$/.exec(String(req.params['id']))?.[0] ?? 0);

const placeOf = ({ t }: Reader, mailbox?: MailboxRow) => {
  const action = mailbox ? `${LIST}/${mailbox.id}` : LIST;
  const other = { href: LIST, text: t('mail.cancel') };
  return {
    action,
    testAction: `${action}/test`,
    oauthAction: `${action}/oauth`,
    addressAction: `${LIST}/suggestion`,
    submit: t(mailbox ? 'mail.mailbox.save' : 'mail.mailbox.add'),
    other,
  };
};
