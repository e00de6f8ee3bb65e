// What admins can ask about the aliases of a mailbox.
import type { Request, Response } from 'express';
import type { App } from '../app';
import type { Actor } from '../events';
import { NotFound } from '../lib/errors';
import { can } from '../roles';
import { type createRouter, readForm, say } from '../web';
import { mailboxFor } from './access';
import { addAlias, aliasForm, findAliases, removeAlias } from './aliases';
import type { MailboxRow } from './mailbox';
import type { AliasesBack } from './present-aliases';

/** Into the router of mail. `show` answers with the mailbox's page, on which the form stands. */
export function aliasRoutes(
  app: App,
  router: ReturnType<typeof createRouter>,
  show: (req: Request, res: Response, mailbox: MailboxRow, back: AliasesBack) => void,
): void {
  const path = '/settings/mailboxes/:id/aliases';
  const pageOf = ({ id }: MailboxRow) => `/settings/mailboxes/${id}`;

  router.post(path, can('mailboxes.change'), async (req, res) => {
    const { reader, actor } = req.context;
    const mailbox = mailboxFor(app, req.params['id']);
    const form = readForm(aliasForm(app, mailbox), req);
    if (!form.ok) return show(req, res, mailbox, form);
    const { alias } = form.value;
    await app.write(() => addAlias(app, actor as Actor, mailbox, alias));
    say(res, { kind: 'good', text: reader.t('mail.aliases.added', { alias, address: mailbox.address }) });
    res.redirect(303, pageOf(mailbox));
  });

  router.post(`${path}/:alias/removal`, can('mailboxes.change'), async (req, res) => {
    const { reader, actor } = req.context;
    const mailbox = mailboxFor(app, req.params['id']);
    const alias = findAliases(app.db, mailbox.id).find(({ id }) => String(id) === req.params['alias']);
    if (!alias) throw NotFound();
    await app.write(() => removeAlias(app, actor as Actor, mailbox, alias));
    const undo = { action: `${pageOf(mailbox)}/aliases`, fields: { alias: alias.address } };
    const words = { alias: alias.address, address: mailbox.address };
    say(res, { kind: 'good', text: reader.t('mail.aliases.removed', words), undo });
    res.redirect(303, pageOf(mailbox));
  });
}
