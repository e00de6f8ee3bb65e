// What a browser can ask of privacy: exports, erasures, the rules and the map. Admins only.
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Request } from 'express';
import type { Agent } from '../agents';
import type { App } from '../app';
import { contentDisposition } from '../attachments';
import { enqueue } from '../jobs';
import { NotFound } from '../lib/errors';
import { can } from '../roles';
import { checkForm, createRouter, page, readForm, say } from '../web';
import { BACKUP_JOB } from './backups';
import { forgetCopies } from './copies';
import { tryErasuresAgain } from './erase';
import { erasureRoutes, REFRESH } from './erasure-routes';
import { exportFileOf, noteExport } from './exports';
import { goneForm, ruleForm } from './forms';
import { personRoutes } from './person-routes';
import { mapPage, privacyPage } from './present';
import { backupsPage } from './present-backups';
import { exportPage } from './present-export';
import { retentionPage } from './present-retention';
import { findExportByPublicId } from './queries';
import { RETENTION_JOB } from './retention';
import { keepRetentionRule } from './rules';

const agentOf = (req: Request) => req.context.actor as Agent;

export function privacyRoutes(app: App) {
  const router = createRouter();

  router.get('/privacy', can('privacy.export'), (req, res) =>
    page(res, 'privacy/index', privacyPage(app, req.context.reader)),
  );
  router.get('/privacy/map', can('privacy.export'), (req, res) =>
    page(res, 'privacy/map', mapPage(req.context.reader)),
  );

  personRoutes(app, router);

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

  erasureRoutes(app, router);

  router.get('/privacy/retention', can('privacy.retention'), (req, res) => {
    const { reader } = req.context;
    const { days, on } = req.query;
    if (days === undefined) return page(res, 'privacy/retention', retentionPage(app, reader, {}));
    const form = checkForm(ruleForm, { days, ...(on === undefined ? {} : { on }) });
    if (!form.ok) return page(res, 'privacy/retention', retentionPage(app, reader, {}, form), 422);
    page(res, 'privacy/retention', retentionPage(app, reader, { days: form.value.days }));
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
