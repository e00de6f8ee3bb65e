// Bringing customers in from a file: first what would become of each row, then, when somebody has looked, the doing.
import type { Request } from 'express';
import { z } from 'zod';
import type { App } from '../../app';
import { NotFound } from '../../lib/errors';
import { can } from '../../roles';
import { acceptUploads, checkbox, createRouter, page, readForm, say, uploadsOf } from '../../web';
import { agentOfRequest } from '../request';
import {
  beginCustomerImport,
  findImport,
  forgetCustomerImport,
  type ImportRow,
  LARGEST_FILE,
  readCustomers,
} from './import';
import { customerImportPage, LIST, newCustomerImportPage } from './present-import';

/** Seconds after which the page asks again while there is work. */
const REFRESH = '2';
const LIMITS = {
  folder: 'files/incoming',
  largest: LARGEST_FILE,
  most: 1,
  says: 'A file of customers may have 10 MB.',
};
const beginForm = z.strictObject({ changes: checkbox() });

export function customerImportRoutes(app: App) {
  const router = createRouter();
  const uploads = acceptUploads(app.config.data, LIMITS);

  router.get('/customer-imports', can('customers.import'), (req, res) =>
    page(res, 'customers/import-new', newCustomerImportPage(app, req.context.reader)),
  );

  router.post('/customer-imports', can('customers.import'), uploads, async (req, res) => {
    const [upload] = uploadsOf(req).filter(({ size }) => size > 0);
    const read = upload ? await readCustomers(app, agentOfRequest(req), upload.path) : 'none';
    if (typeof read !== 'number')
      return page(res, 'customers/import-new', newCustomerImportPage(app, req.context.reader, read), 422);
    res.redirect(303, `${LIST}/${read}`);
  });

  router.get('/customer-imports/:id', can('customers.import'), (req, res) => {
    const run = importFor(req);
    if (run.state === 'reading' || run.state === 'running') res.set('Refresh', REFRESH);
    const asked = { show: String(req.query['show'] ?? ''), after: Number(req.query['after']) || 0 };
    page(res, 'customers/import', customerImportPage(app, req.context.reader, run, asked));
  });

  router.post('/customer-imports/:id/begin', can('customers.import'), async (req, res) => {
    const run = importFor(req);
    const form = readForm(beginForm, req);
    const changesToo = form.ok && form.value.changes;
    await app.write(() => beginCustomerImport(app, agentOfRequest(req), run, changesToo));
    res.redirect(303, `${LIST}/${run.id}`);
  });

  router.post('/customer-imports/:id/removal', can('customers.import'), async (req, res) => {
    const run = importFor(req);
    const isForgotten = await app.write(() => forgetCustomerImport(app, run));
    if (!isForgotten) return res.redirect(303, `${LIST}/${run.id}`);
    say(res, { kind: 'good', text: req.context.reader.t('customers.import.forgotten') });
    res.redirect(303, '/customers');
  });

  function importFor(req: Request): ImportRow {
    const id = /^\d{1,15}$/.exec(String(req.params['id']))?.[0];
    const run = id === undefined ? undefined : findImport(app.db, Number(id));
    if (!run) throw NotFound('There is no such import, or it was forgotten.');
    return run;
  }

  return router;
}
