// What a page keeps of what somebody is writing: the words as they are typed, files as they are chosen (W4).
import type { App } from '../app';
import { can } from '../roles';
import { acceptUploads, createRouter, fragment, readForm } from '../web';
import { ticketFor } from './access';
import { addDraftFiles, type DraftKind, keepDraft, removeDraftFile } from './drafts';
import { draftForm } from './forms';
import { newFilesOf } from './new-files';
import { draftFiles } from './present-draft';
import { agentOfRequest } from './request';

const kindOf = (kind: unknown): DraftKind => (kind === 'note' ? 'note' : 'reply');

export function draftRoutes(app: App) {
  const router = createRouter();
  const uploads = acceptUploads(app.config.data);

  router.post('/tickets/:number/draft', can('tickets.note'), async (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = ticketFor(app, actor, req.params['number']);
    const form = readForm(draftForm, req);
    if (!form.ok) return void res.status(422).json({ saved: false });
    const draft = await app.write(() => keepDraft(app, actor, ticket, form.value.kind, form.value.words));
    res.json({ saved: true, clientId: draft.public_id });
  });

  router.post('/tickets/:number/draft/:kind/files', can('tickets.note'), uploads, async (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = ticketFor(app, actor, req.params['number']);
    const kind = kindOf(req.params['kind']);
    const files = await newFilesOf(app, req);
    const draft = await app.write(() => addDraftFiles(app, actor, ticket, kind, files));
    const { t, format } = req.context.reader;
    fragment(res, 'tickets/_kept-files', { t, kind, files: draftFiles(app, format, draft, ticket) });
  });

  router.post('/tickets/:number/draft/:kind/files/:file/remove', can('tickets.note'), async (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = ticketFor(app, actor, req.params['number']);
    const kind = kindOf(req.params['kind']);
    await app.write(() => removeDraftFile(app, actor, ticket, kind, Number(req.params['file']) || 0));
    res.redirect(303, `/tickets/${ticket.number}?mode=${kind}#composer`);
  });

  return router;
}
