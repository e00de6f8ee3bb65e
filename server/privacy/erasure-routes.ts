// What a browser can ask of an erasure that was begun: how far it is, what it waits for, its certificate. Admins only.
import type { Request, Response, Router } from 'express';
import type { Agent } from '../agents';
import type { App } from '../app';
import { contentDisposition } from '../attachments';
import { NotFound } from '../lib/errors';
import { can } from '../roles';
import { page, readForm, say } from '../web';
import { forgetCopies } from './copies';
import { decideHits } from './decide';
import { enqueueErasure, tryErasuresAgain } from './erase';
import { decideForm, placeForm } from './forms';
import { leaveMails } from './outside';
import { erasurePage } from './present-erasure';
import { type ErasureRow, findErasureByPublicId, updateErasureStep } from './queries';

/** Seconds after which a page about work under way asks again, without script. */
export const REFRESH = '2';

export function erasureRoutes(app: App, router: Router): void {
  /** What waits or failed is tried again, by the queue. */
  const goOn = async (row: ErasureRow, res: Response) => {
    if (row.state === 'waiting') await app.write(() => updateErasureStep(app.db, 'outside', row.id));
    if (row.state === 'failed' || row.state === 'waiting') await enqueueErasure(app, row.id);
    res.redirect(303, `/privacy/erasures/${row.public_id}`);
  };

  router.get('/privacy/erasures', can('privacy.erase'), (_req, res) => res.redirect(303, '/privacy'));

  router.get('/privacy/erasures/:publicId', can('privacy.erase'), (req, res) => {
    const row = erasureOf(app, req);
    if (row.state === 'running') res.set('Refresh', REFRESH);
    page(res, 'privacy/erasure', erasurePage(app, req.context.reader, row));
  });

  router.post('/privacy/erasures/:publicId/again', can('privacy.erase'), async (req, res) => {
    await goOn(erasureOf(app, req), res);
  });

  router.post('/privacy/erasures/:publicId/leave-mails', can('privacy.erase'), async (req, res) => {
    const row = erasureOf(app, req);
    await app.write(() => leaveMails(app, row.id));
    await goOn(row, res);
  });

  router.post('/privacy/erasures/:publicId/decide', can('privacy.erase'), async (req, res) => {
    const row = erasureOf(app, req);
    const { t } = req.context.reader;
    const form = readForm(decideForm, req);
    const decided = form.ok
      ? await app.write(() =>
          decideHits(app, req.context.actor as Agent, row, form.value.which, form.value.belongs),
        )
      : 0;
    if (decided === 0) say(res, { kind: 'warn', text: t('privacy.owed.decide.nothing') });
    await goOn(row, res);
  });

  router.post('/privacy/erasures/:publicId/place-gone', can('settings.change'), async (req, res) => {
    const row = erasureOf(app, req);
    const form = readForm(placeForm, req);
    if (form.ok) {
      await app.write(() => forgetCopies(app, req.context.actor as Agent, form.value.place, 'all'));
      await tryErasuresAgain(app);
    }
    await goOn(row, res);
  });

  router.get('/privacy/erasures/:publicId/certificate', can('privacy.erase'), (req, res) => {
    const row = erasureOf(app, req);
    if (!row.certificate) throw NotFound('This erasure has no certificate yet.');
    res.set(
      'Content-Disposition',
      contentDisposition('attachment', `certificate-${row.public_id.slice(0, 8)}.json`),
    );
    res.set('Cache-Control', 'no-store').type('application/json').send(row.certificate);
  });
}

function erasureOf(app: App, req: Request): ErasureRow {
  const row = findErasureByPublicId(app.db, String(req.params['publicId']));
  if (!row) throw NotFound();
  return row;
}
