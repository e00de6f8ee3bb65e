// What admins can ask about the folders of a mailbox: which there are on its server, and which are read.
import type { Request } from 'express';
import type { App } from '../app';
import type { Actor } from '../events';
import { NotFound } from '../lib/errors';
import { can } from '../roles';
import { type BadForm, type createRouter, formWithError, page, readForm, say } from '../web';
import { mailboxFor } from './access';
import { askFolders } from './ask-folders';
import { foldersForm, saveFolders } from './folders';
import type { MailboxRow } from './mailbox';
import { choosable, foldersPage } from './present-folders';
import { imapSettingsOf } from './server-settings';

/** Into the router of mail. */
export function folderRoutes(app: App, router: ReturnType<typeof createRouter>): void {
  const path = '/settings/mailboxes/:id/folders';

  router.get(path, can('mailboxes.change'), async (req, res) => {
    const { mailbox } = mailboxOf(req);
    const { reader, actor } = req.context;
    page(
      res,
      'mail/folders',
      foldersPage(app, reader, mailbox, await askFolders(app, actor as Actor, mailbox)),
    );
  });

  router.post(path, can('mailboxes.change'), async (req, res) => {
    const { mailbox, inbox } = mailboxOf(req);
    const { reader, actor } = req.context;
    const asked = await askFolders(app, actor as Actor, mailbox);
    const form = readForm(foldersForm, req);
    const show = (back: BadForm) =>
      page(res, 'mail/folders', foldersPage(app, reader, mailbox, asked, back), 422);
    if (!form.ok) return show(form);
    // What is no longer read is forgotten with its place, so it has to be known what is there.
    if (!asked.ok) return show(formWithError(form.values, 'form', 'mail.folders.notAsked'));
    const { folders, junkFolder } = form.value;
    const unknown = (name: string) => !choosable(mailbox, inbox, asked.there).includes(name);
    if (folders.some(unknown)) return show(formWithError(form.values, 'folders', 'errors.field.invalid'));
    if (junkFolder && (unknown(junkFolder) || folders.includes(junkFolder)))
      return show(formWithError(form.values, 'junkFolder', 'mail.folders.junkTwice'));
    await app.write(() => saveFolders(app, actor as Actor, mailbox, inbox, form.value, asked.there));
    say(res, { kind: 'good', text: reader.t('mail.folders.saved', { address: mailbox.address }) });
    res.redirect(303, `/settings/mailboxes/${mailbox.id}`);
  });

  /** One that is read from a server. */
  function mailboxOf(req: Request): { mailbox: MailboxRow; inbox: string } {
    const mailbox = mailboxFor(app, req.params['id']);
    const settings = imapSettingsOf(app, mailbox);
    if (!settings) throw NotFound();
    return { mailbox, inbox: settings.folder ?? 'INBOX' };
  }
}
