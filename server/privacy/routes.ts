// What a browser can ask of privacy: exports, erasures, the rules and the map. Admins only.
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Request } from 'express';
import type { Agent } from '../agents';
import type { App } from '../app';
import { contentDisposition } from '../attachments';
import { type CustomerRow, findCustomerByPublicId } from '../customers';
import { enqueue } from '../jobs';
import { NotFound } from '../lib/errors';
import { can } from '../roles';
import { createRouter, formWithError, page, readForm, say } from '../web';
import { BACKUP_JOB } from './backups';
import { forgetCopies } from './copies';
import { beginErasure, enqueueErasure, tryErasuresAgain } from './erase';
import { erasureRoutes, REFRESH } from './erasure-routes';
import { ticketsOf } from './export-data';
import { beginExport, exportFileOf, noteExport } from './exports';
import { eraseForm, exportForm, goneForm, ruleForm } from './forms';
import { claimantsOf, planFor } from './identity';
import { mapPage, privacyPage } from './present';
import { backupsPage } from './present-backups';
import { erasePage, wordToType } from './present-erasure';
import { exportPage, newExportPage } from './present-export';
import { retentionPage } from './present-retention';
import { findExportByPublicId } from './queries';
import { RETENTION_JOB } from './retention';
import { keepRetentionRule } from './rules';
import { surveyOf } from './survey';

const agentOf = (req: Request) => req.context.actor as Agent;

export function privacyRoutes(app: App) {
  const router = createRouter();

  router.get('/privacy', can('privacy.export'), (req, res) =>
    page(res, 'privacy/index', privacyPage(app, req.context.reader)),
  );
  router.get('/privacy/map', can('privacy.export'), (req, res) =>
    page(res, 'privacy/map', mapPage(req.context.reader)),
  );

  router.get('/customers/:id/export', can('privacy.export'), (req, res) => {
    const customer = customerOf(app, req);
    page(
      res,
      'privacy/export-new',
      newExportPage(app, req.context.reader, customer, countTickets(app, customer)),
    );
  });

  router.post('/customers/:id/export', can('privacy.export'), async (req, res) => {
    const customer = customerOf(app, req);
    const form = readForm(exportForm, req);
    if (!form.ok) {
      return page(
        res,
        'privacy/export-new',
        newExportPage(app, req.context.reader, customer, countTickets(app, customer), form),
        422,
      );
    }
    const publicId = await app.write(() => beginExport(app, agentOf(req), customer, form.value));
    res.redirect(303, `/privacy/exports/${publicId}`);
  });

  router.get('/privacy/exports/:publicId', can('privacy.export'), (req, res) => {
    const row = findExportByPublicId(app.db, String(req.params['publicId']));
    if (!row) throw NotFound();
    if (row.state === 'running') res.set('Refresh', REFRESH);
    page(res, 'privacy/export', exportPage(app, req.context.reader, row));
  });

  router.get('/privacy/exports/:publicId/file', can('privacy.export'), async (req, res) => {
    const { row, path } = exportFileOf(app, findExportByPublicId(app.db, String(req.params['publicId'])));
    await app.write(() => noteExport(app, agentOf(req).id, row.customer_id));
    res.set('Content-Type', 'application/zip').set('Content-Length', String(row.size));
    res.set(
      'Content-Disposition',
      contentDisposition('attachment', `export-${row.public_id.slice(0, 8)}.zip`),
    );
    res.set('Cache-Control', 'no-store');
    await pipeline(createReadStream(path), res);
  });

  router.get('/customers/:id/erase', can('privacy.erase'), async (req, res) => {
    const customer = customerOf(app, req);
    page(res, 'privacy/erase', erasePage(app, req.context.reader, customer, await survey(app, customer)));
  });

  router.post('/customers/:id/erase', can('privacy.erase'), async (req, res) => {
    const customer = customerOf(app, req);
    const form = readForm(eraseForm, req);
    const word = wordToType(app, customer);
    const isTyped = form.ok && form.value.typed.toLowerCase() === word.toLowerCase();
    if (!form.ok || !isTyped) {
      const returned = form.ok ? formWithError(form.values, 'typed', 'privacy.erase.typed.other') : form;
      return page(
        res,
        'privacy/erase',
        erasePage(app, req.context.reader, customer, await survey(app, customer), returned),
        422,
      );
    }
    const { kind, othersFiles, ground, claimants, alsoOnServer } = form.value;
    const decision = othersFiles === 'keep' ? { othersFiles, ground } : { othersFiles };
    const people = [customer, ...(claimants ? claimantsOf(app, customer) : [])];
    const begun = await beginErasure(app, agentOf(req), people, { kind, decision, alsoOnServer });
    await enqueueErasure(app, begun.id);
    res.redirect(303, `/privacy/erasures/${begun.publicId}`);
  });

  erasureRoutes(app, router);

  router.get('/privacy/retention', can('privacy.retention'), (req, res) => {
    const days = /^[1-9]\d{0,4}$/.test(String(req.query['days'])) ? Number(req.query['days']) : undefined;
    page(res, 'privacy/retention', retentionPage(app, req.context.reader, { days }));
  });

  router.post('/privacy/retention', can('privacy.retention'), async (req, res) => {
    const { reader } = req.context;
    const form = readForm(ruleForm, req);
    if (!form.ok) return page(res, 'privacy/retention', retentionPage(app, reader, {}, form), 422);
    await app.write(() => keepRetentionRule(app, agentOf(req), { kind: 'solved-tickets', ...form.value }));
    say(res, {
      kind: 'good',
      text: reader.t(form.value.on ? 'privacy.retention.isOn' : 'privacy.retention.isOff'),
    });
    res.redirect(303, '/privacy/retention');
  });

  router.post('/privacy/retention/run', can('privacy.retention'), async (req, res) => {
    await app.write(() => enqueue(app, RETENTION_JOB, { agent: agentOf(req).id }, { key: RETENTION_JOB }));
    say(res, { kind: 'good', text: req.context.reader.t('privacy.retention.begun') });
    res.redirect(303, '/privacy/retention');
  });

  router.get('/settings/backups', can('system.read'), (req, res) =>
    page(res, 'privacy/backups', backupsPage(app, req.context.reader)),
  );

  router.post('/settings/backups', can('settings.change'), async (req, res) => {
    await app.write(() => enqueue(app, BACKUP_JOB, {}, { key: BACKUP_JOB }));
    say(res, { kind: 'good', text: req.context.reader.t('privacy.backups.begun') });
    res.redirect(303, '/settings/backups');
  });

  router.post('/settings/backups/gone', can('settings.change'), async (req, res) => {
    const form = readForm(goneForm, req);
    if (
      form.ok &&
      (await app.write(() => forgetCopies(app, agentOf(req), form.value.place, form.value.which)))
    ) {
      await tryErasuresAgain(app);
      say(res, { kind: 'good', text: req.context.reader.t('privacy.backups.gone.said') });
    }
    res.redirect(303, '/settings/backups');
  });

  return router;
}

/** Throws NotFound for an address that leads to nobody. */
function customerOf(app: App, req: Request): CustomerRow {
  const customer = findCustomerByPublicId(app.db, String(req.params['id']));
  if (!customer || customer.deleted_at !== null) throw NotFound('There is no such customer.');
  return customer;
}

function countTickets(app: App, customer: CustomerRow): { own: number; joint: number } {
  const tickets = ticketsOf(app, customer);
  const own = tickets.filter((ticket) => ticket.own).length;
  return { own, joint: tickets.length - own };
}

const survey = (app: App, customer: CustomerRow) =>
  surveyOf(app, planFor(app, [customer, ...claimantsOf(app, customer)], { othersFiles: 'remove' }), 'erase');
