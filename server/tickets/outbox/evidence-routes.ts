// The evidence about a message's mail: as a page, as plain text, as JSON.
import type { Request, Response } from 'express';
import type { App } from '../../app';
import { contentDisposition } from '../../attachments';
import { NotFound } from '../../lib/errors';
import { can } from '../../roles';
import { createRouter, FILE_POLICY, page } from '../../web';
import { ticketFor } from '../access';
import { agentOfRequest } from '../request';
import { messageFor } from '../writing/compose-reply';
import { type Evidence, evidenceOf } from './evidence';
import { evidencePage, evidenceText } from './present-evidence';

export function evidenceRoutes(app: App) {
  const router = createRouter();
  const path = '/tickets/:number/messages/:message';

  router.get(`${path}/evidence`, can('tickets.read'), (req, res) => {
    const { evidence, here } = evidenceFor(req);
    page(res, 'tickets/evidence', evidencePage(req.context.reader, evidence, here));
  });

  router.get(`${path}/evidence.txt`, can('tickets.read'), (req, res) => {
    const { evidence, name } = evidenceFor(req);
    give(res, `${name}.txt`, 'text/plain; charset=utf-8', evidenceText(req.context.reader, evidence));
  });

  router.get(`${path}/evidence.json`, can('tickets.read'), (req, res) => {
    const { evidence, name } = evidenceFor(req);
    give(
      res,
      `${name}.json`,
      'application/json; charset=utf-8',
      `${JSON.stringify(evidence, undefined, 2)}\n`,
    );
  });

  function evidenceFor(req: Request): { evidence: Evidence; here: string; name: string } {
    const ticket = ticketFor(app, agentOfRequest(req), req.params['number']);
    const message = messageFor(app, ticket, Number(req.params['message']) || 0);
    const evidence = message && evidenceOf(app, ticket, message);
    if (!message || !evidence) throw NotFound('This message was not sent by mail.');
    return {
      evidence,
      here: `/tickets/${ticket.number}/messages/${message.id}/evidence`,
      name: `${ticket.number}-${message.sequence}-evidence`,
    };
  }

  return router;
}

function give(res: Response, name: string, type: string, text: string): void {
  res.set('Content-Security-Policy', FILE_POLICY).set('Content-Type', type);
  res.set('Content-Disposition', contentDisposition('attachment', name));
  res.send(text);
}
