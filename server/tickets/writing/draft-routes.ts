// What a page keeps of what somebody is writing: the words as they are typed, files as they are chosen (W4).
import type { Request } from 'express';
import type { App } from '../../app';
import { can } from '../../roles';
import { acceptUploads, createRouter, fragment, readForm } from '../../web';
import { ticketFor } from '../access';
import { draftForm } from '../forms';
import { writingPlace } from '../living';
import { agentOfRequest } from '../request';
import { addDraftFiles, baseOf, type DraftKind, findDraft, keepPageDraft, removeDraftFile } from './drafts';
import { newFilesOf } from './new-files';
import { draftFiles } from './present-draft';

const kindOf = (kind: unknown): DraftKind => (kind === 'note' || kind === 'forward' ? kind : 'reply');

/** The message that a form forwards. */
const forwarded = (req: Request) => Number(req.query['message']) || undefined;

export function draftRoutes(app: App) {
  const router = createRouter();
  const uploads = acceptUploads(app.config.data);

  router.get('/tickets/:number/draft/:kind', can('tickets.note'), (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = writingPlace(app, actor, ticketFor(app, actor, req.params['number']));
    const draft = findDraft(app.db, actor.id, ticket.id, kindOf(req.params['kind']));
    res.json({ words: draft?.words ?? '', clientId: draft?.public_id, base: baseOf(draft) });
  });

  router.post('/tickets/:number/draft', can('tickets.note'), async (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = writingPlace(app, actor, ticketFor(app, actor, req.params['number']));
    const form = readForm(draftForm, req);
    if (!form.ok) return void res.status(422).json({ saved: false });
    const { kind, words, ...page } = form.value;
    const { draft, wasMerged } = await app.write(() => keepPageDraft(app, actor, ticket, kind, words, page));
    const merged = wasMerged ? { words: draft.words } : {};
    res.json({ saved: true, clientId: draft.public_id, base: baseOf(draft), ...merged });
  });

  router.post('/tickets/:number/draft/:kind/files', can('tickets.note'), uploads, async (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = writingPlace(app, actor, ticketFor(app, actor, req.params['number']));
    const kind = kindOf(req.params['kind']);
    const files = await newFilesOf(app, req);
    const draft = await app.write(() => addDraftFiles(app, actor, ticket, kind, files));
    const { t, format } = req.context.reader;
    fragment(res, 'tickets/_kept-files', {
      t,
      kind,
      files: draftFiles(app, format, draft, ticket, forwarded(req)),
    });
  });

  router.post('/tickets/:number/draft/:kind/files/:file/remove', can('tickets.note'), async (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = writingPlace(app, actor, ticketFor(app, actor, req.params['number']));
    const kind = kindOf(req.params['kind']);
    await app.write(() => removeDraftFile(app, actor, ticket, kind, Number(req.params['file']) || 0));
    const message = forwarded(req);
    const form = message === undefined ? 'forward' : `forward?message=${message}`;
    const back = kind === 'forward' ? `/${form}` : `?mode=${kind}#composer`;
    res.redirect(303, `/tickets/${ticket.number}${back}`);
  });

  return router;
}
