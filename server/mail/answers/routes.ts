// What admins can ask of automatic answers: to read, try and save them, for each mailbox.
import type { Request } from 'express';
import type { App } from '../../app';
import type { Actor } from '../../events';
import { can } from '../../roles';
import { type createRouter, page, readForm, say } from '../../web';
import { mailboxFor } from '../access';
import { saveAnswers } from './answers';
import { answersForm } from './form';
import { answersPage } from './present';

const PATH = '/settings/mailboxes/:id/answers';

/** Into the router of mail: one mounted inside it would put off every request that comes after it. */
export function answerRoutes(app: App, router: ReturnType<typeof createRouter>): void {
  const guard = can('mailboxes.change');
  const mailboxOf = (req: Request) => mailboxFor(app, req.params['id']);

  router.get(PATH, guard, (req, res) =>
    page(res, 'mail/answers', answersPage(app, req.context.reader, mailboxOf(req))),
  );

  router.post(PATH, guard, async (req, res) => {
    const { reader, actor } = req.context;
    const mailbox = mailboxOf(req);
    const form = readForm(answersForm, req);
    if (!form.ok) return page(res, 'mail/answers', answersPage(app, reader, mailbox, form), 422);
    await app.write(() => saveAnswers(app, actor as Actor, mailbox, form.value));
    say(res, { kind: 'good', text: reader.t('mail.answers.saved', { address: mailbox.address }) });
    res.redirect(303, `/settings/mailboxes/${mailbox.id}`);
  });

  /** The mails as they would look; nothing is saved. */
  router.post(`${PATH}/preview`, guard, (req, res) => {
    const { reader } = req.context;
    const mailbox = mailboxOf(req);
    const form = readForm(answersForm, req);
    if (!form.ok) return page(res, 'mail/answers', answersPage(app, reader, mailbox, form), 422);
    const shown = { values: form.values, errors: {} };
    page(res, 'mail/answers', answersPage(app, reader, mailbox, shown, form.value));
  });
}
