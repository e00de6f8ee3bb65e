// Customers and organizations as files: out, and customers in.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { App } from '../../app';
import { can } from '../../roles';
import { createRouter } from '../../web';
import { agentOfRequest } from '../request';
import { customersCsv, organizationsCsv } from './export';

export function customerCsvRoutes(app: App) {
  const router = createRouter();

  // Sent as forms, because taking data along is noted, and nothing is written by following a link (AC-49).
  router.post('/customers.csv', can('privacy.export'), (req, res) =>
    sendFile(res, 'customers', customersCsv(app, agentOfRequest(req))),
  );
  router.post('/organizations.csv', can('privacy.export'), (req, res) =>
    sendFile(res, 'organizations', organizationsCsv(app, agentOfRequest(req))),
  );

  async function sendFile(res: Response, name: string, lines: AsyncGenerator<string>): Promise<void> {
    const today = new Date(app.clock.now()).toISOString().slice(0, 10);
    res.set('Content-Type', 'text/csv; charset=utf-8').set('Cache-Control', 'no-store');
    res.set('Content-Disposition', `attachment; filename="${name}-${today}.csv"`);
    await pipeline(Readable.from(lines), res);
  }

  return router;
}
