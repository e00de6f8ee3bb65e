// A form of the composer that was not understood: what was typed and chosen is kept, and the page shows what is wrong.
import type { Request, Response } from 'express';
import type { App } from '../../app';
import { type BadForm, page } from '../../web';
import type { NewFiles } from '../forms';
import { ticketPage } from '../present-ticket';
import { agentOfRequest, viewOf } from '../request';
import type { Ticket } from '../ticket';
import { type DraftKind, keepTyped } from './drafts';

export async function showAgain(
  app: App,
  req: Request,
  res: Response,
  ticket: Ticket,
  kind: Extract<DraftKind, 'reply' | 'note'>,
  form: BadForm,
  files: NewFiles,
): Promise<void> {
  const actor = agentOfRequest(req);
  await app.write(() => keepTyped(app, actor, ticket, kind, form, files));
  const asked = { view: viewOf(req) };
  page(
    res,
    'tickets/show',
    ticketPage(app, actor, req.context.reader, ticket, asked, { mode: kind, form }),
    422,
  );
}
