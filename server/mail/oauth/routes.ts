// What admins can ask about mailboxes that sign in at Microsoft or Google, and about the firm's application there.
import type { Request, Response } from 'express';
import type { App } from '../../app';
import type { Actor } from '../../events';
import { NotFound } from '../../lib/errors';
import { can } from '../../roles';
import { createRouter, page, type Reader, readSessionCookie, say } from '../../web';
import { knownMailbox, mailboxFor } from '../access';
import type { MailboxRow } from '../mailbox';
import { mailboxPage } from '../present';
import { type FormPlace, storedForm } from '../present-form';
import { problemWords } from '../problem-words';
import { readAnew } from '../save-mailbox';
import { imapSettingsOf, smtpSettingsOf } from '../server-settings';
import { testMailbox } from '../test-mailbox';
import { saveApplication } from './application';
import { beginSignIn, RETURN_PATH } from './begin';
import { finishSignIn } from './finish';
import { readApplication } from './forms';
import { isFromSetup, mailboxPath } from './paths';
import { keepPending, sessionMark, takePending } from './pending-cookie';
import type { SignInNews } from './present';
import { type ApplicationPlace, applicationPage } from './present-application';
import { oauthMailboxPage } from './present-mailbox';
import { isOAuthProvider, type OAuthProviderName } from './provider';
import { saveOAuthTyped } from './steps';

const LIST = '/settings/mailboxes';
const APPLICATION = `${LIST}/applications/:provider`;

export function oauthRoutes(app: App, placeOf: (reader: Reader, mailbox?: MailboxRow) => FormPlace) {
  const router = createRouter();

  router.get(APPLICATION, can('mailboxes.change'), (req, res) => {
    const model = applicationPage(app, req.context.reader, providerFor(req), applicationPlace(req));
    page(res, 'mail/application', model);
  });

  router.post(APPLICATION, can('mailboxes.change'), async (req, res) => {
    const { reader, actor } = req.context;
    const [provider, place] = [providerFor(req), applicationPlace(req)];
    const form = readApplication(app, provider, req.body);
    if (!form.ok)
      return page(res, 'mail/application', applicationPage(app, reader, provider, place, form), 422);
    await app.write(() => {
      saveApplication(app, actor as Actor, provider, form.value);
      app.db.afterCommit(() => readAnew(app));
    });
    const { title } = app.hooks.oauthProviders()[provider];
    say(res, { kind: 'good', text: reader.t('mail.oauth.application.saved', { provider: title }) });
    res.redirect(303, place.mailbox ? mailboxPath(place.mailbox, place.setup) : LIST);
  });

  router.post(`${LIST}/oauth`, can('mailboxes.change'), (req, res) => save(req, res));
  router.post(`${LIST}/:id/oauth`, can('mailboxes.change'), (req, res) => save(req, res, mailboxOf(req)));

  /** The same mailbox with the other form: without a password where it has one, with one where it has none. */
  router.get(`${LIST}/:id/oauth`, can('mailboxes.change'), (req, res) => show(req, res, mailboxOf(req)));
  router.get(`${LIST}/:id/password`, can('mailboxes.change'), (req, res) => {
    const { reader } = req.context;
    const mailbox = mailboxOf(req);
    const form = storedForm(app, reader, placeOf(reader, mailbox), mailbox);
    page(res, 'mail/mailbox', mailboxPage(app, reader, { form }, mailbox));
  });

  router.post(`${LIST}/:id/oauth/test`, can('mailboxes.change'), async (req, res) => {
    const mailbox = mailboxOf(req);
    if (!mailbox.oauth) throw NotFound();
    const servers = { imap: imapSettingsOf(app, mailbox), smtp: smtpSettingsOf(app, mailbox) };
    const tested = await testMailbox(app, req.context.actor as Actor, servers, mailbox);
    show(req, res, mailbox, { tested }, tested === 'too-many' ? 429 : 200);
  });

  router.get(`${LIST}/:id/sign-in`, can('mailboxes.change'), (req, res) => {
    const mailbox = mailboxOf(req);
    const from = { session: sessionOf(req), setup: isFromSetup(req.query) };
    const begun = beginSignIn(app, req.context.actor as Actor, mailbox, from);
    if (!begun) return res.redirect(303, mailboxPath(mailbox, isFromSetup(req.query)));
    keepPending(app, res, begun.pending);
    res.redirect(303, begun.address);
  });

  router.get(RETURN_PATH, can('mailboxes.change'), async (req, res) => {
    const { reader, actor } = req.context;
    const pending = takePending(app, res, req.headers.cookie);
    const end = await finishSignIn(app, actor as Actor, sessionOf(req), pending, req.query);
    const setup = pending?.setup === true;
    if (end.ok) {
      say(res, { kind: 'good', text: reader.t('mail.oauth.done', { account: end.account }) });
      return res.redirect(303, mailboxPath(end.mailbox, setup));
    }
    if (end.mailbox) return show(req, res, end.mailbox, { end, setup }, 422);
    say(res, { kind: 'error', text: problemWords(reader.t, end.problem) });
    res.redirect(303, LIST);
  });

  async function save(req: Request, res: Response, mailbox?: MailboxRow): Promise<void> {
    const { reader, actor } = req.context;
    const place = placeOf(reader, mailbox);
    const outcome = await saveOAuthTyped(app, actor as Actor, reader, place, req.body, mailbox);
    if ('form' in outcome)
      return page(res, 'mail/mailbox', mailboxPage(app, reader, { oauthForm: outcome.form }, mailbox), 422);
    say(res, { kind: 'good', text: reader.t('mail.mailbox.saved', { address: outcome.saved.address }) });
    res.redirect(303, mailboxPath(outcome.saved, isFromSetup(req.query)));
  }

  function show(req: Request, res: Response, mailbox: MailboxRow, news: SignInNews = {}, status = 200): void {
    const { reader } = req.context;
    const all = { setup: isFromSetup(req.query), ...news };
    const model = oauthMailboxPage(app, reader, placeOf(reader, mailbox), mailbox, all);
    page(res, 'mail/mailbox', model, status);
  }

  const mailboxOf = (req: Request) => mailboxFor(app, req.params['id']);

  const applicationPlace = (req: Request): ApplicationPlace => ({
    mailbox: knownMailbox(app, req.query['mailbox']),
    setup: isFromSetup(req.query),
  });

  const sessionOf = (req: Request) => sessionMark(app, readSessionCookie(req));

  return router;
}

function providerFor(req: Request): OAuthProviderName {
  const name = req.params['provider'];
  if (!isOAuthProvider(name)) throw NotFound();
  return name;
}
