// The owner's first steps after setup, each of which can be skipped: mailbox, website, retention, and what to do next.
import type { Request } from 'express';
import { askerOf } from '../agents';
import type { App } from '../app';
import {
  addressOfDesk,
  createSite,
  findSites,
  inputFrom,
  inputOf,
  newSite,
  type SiteRow,
  siteForm,
  sitePage,
} from '../chat';
import { emptyAddressForm, mailboxPath, saveOAuthTyped, saveTyped, suggestMailbox, testTyped } from '../mail';
import { keepRetentionRule } from '../privacy';
import { can } from '../roles';
import { type BadForm, createRouter, page, type Reader, readForm, say } from '../web';
import { retentionForm } from './forms';
import { doneStep, mailboxStep, retentionStep, websiteStep } from './present';
import { stepPath } from './steps';

const MAILBOX = stepPath('mailbox');
const WEBSITE = stepPath('website');
const RETENTION = stepPath('retention');

export function welcomeRoutes(app: App) {
  const router = createRouter();

  router.get(MAILBOX, can('mailboxes.change'), (req, res) => {
    const { reader } = req.context;
    page(res, 'setup/mailbox', mailboxStep(reader, { address: addressForm(reader) }));
  });

  router.post(`${MAILBOX}/suggestion`, can('mailboxes.change'), async (req, res) => {
    const { reader } = req.context;
    const suggested = await suggestMailbox(app, reader, placeOf(reader), req.body);
    if ('again' in suggested)
      return page(res, 'setup/mailbox', mailboxStep(reader, { address: suggested.again }), 422);
    page(res, 'setup/mailbox', mailboxStep(reader, suggested));
  });

  router.post(`${MAILBOX}/test`, can('mailboxes.change'), async (req, res) => {
    const { reader } = req.context;
    const { form, status } = await testTyped(app, askerOf(req), reader, placeOf(reader), req.body);
    page(res, 'setup/mailbox', mailboxStep(reader, { form }), status);
  });

  router.post(MAILBOX, can('mailboxes.change'), async (req, res) => {
    const { reader } = req.context;
    const outcome = await saveTyped(app, askerOf(req), reader, placeOf(reader), req.body);
    if ('form' in outcome)
      return page(res, 'setup/mailbox', mailboxStep(reader, { form: outcome.form }), outcome.status);
    say(res, { kind: 'good', text: reader.t('mail.mailbox.saved', { address: outcome.saved.address }) });
    res.redirect(303, WEBSITE);
  });

  router.post(`${MAILBOX}/oauth`, can('mailboxes.change'), async (req, res) => {
    const { reader } = req.context;
    const outcome = await saveOAuthTyped(app, askerOf(req), reader, placeOf(reader), req.body);
    if ('form' in outcome)
      return page(res, 'setup/mailbox', mailboxStep(reader, { oauthForm: outcome.form }), 422);
    res.redirect(303, mailboxPath(outcome.saved, true));
  });

  router.get(WEBSITE, can('sites.change'), (req, res) => {
    const [site] = findSites(app.db);
    page(res, 'setup/website', websiteStep(req.context.reader, siteModel(req, site)));
  });

  router.post(WEBSITE, can('sites.change'), async (req, res) => {
    const form = readForm(siteForm, req);
    if (!form.ok)
      return page(
        res,
        'setup/website',
        websiteStep(req.context.reader, siteModel(req, undefined, form)),
        422,
      );
    await app.write(() => createSite(app, askerOf(req), inputFrom(form.value)));
    res.redirect(303, WEBSITE);
  });

  router.get(RETENTION, can('privacy.retention'), (req, res) => {
    page(res, 'setup/retention', retentionStep(app, req.context.reader));
  });

  router.post(RETENTION, can('privacy.retention'), async (req, res) => {
    const { reader } = req.context;
    const form = readForm(retentionForm, req);
    if (!form.ok) return page(res, 'setup/retention', retentionStep(app, reader, form), 422);
    const { choice, days } = form.value;
    if (choice === 'on') {
      await app.write(() => keepRetentionRule(app, askerOf(req), { kind: 'solved-tickets', days, on: true }));
      say(res, { kind: 'good', text: reader.t('setup.retention.on.done', { days }) });
    }
    res.redirect(303, stepPath('done'));
  });

  router.get(stepPath('done'), can('settings.change'), (req, res) => {
    page(res, 'setup/done', doneStep(app, req.context.reader, findSites(app.db)));
  });

  const siteModel = (req: Request, site?: SiteRow, form?: BadForm) =>
    sitePage(
      app,
      req.context.reader,
      site,
      site ? inputOf(site) : newSite(app),
      addressOfDesk(app, req),
      form,
    );

  return router;
}

const placeOf = ({ t }: Reader) => ({
  action: MAILBOX,
  testAction: `${MAILBOX}/test`,
  oauthAction: `${MAILBOX}/oauth`,
  addressAction: `${MAILBOX}/suggestion`,
  submit: t('setup.mailbox.submit'),
  other: { href: WEBSITE, text: t('setup.skip') },
});

const addressForm = (reader: Reader) =>
  emptyAddressForm(reader, `${MAILBOX}/suggestion`, placeOf(reader).other);
