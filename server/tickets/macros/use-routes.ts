// Macros beside a ticket: to choose one, to put it into the reply, and to leave out what it would do.
import type { Request } from 'express';
import type { App } from '../../app';
import { can } from '../../roles';
import { acceptUploads, createRouter, fragment, page, readForm, renderFragment } from '../../web';
import { ticketFor } from '../access';
import { asideForm } from '../forms';
import { writingPlace } from '../living';
import { agentOfRequest } from '../request';
import { deedsOfDraft, findDraft, keepDeeds, keepPageDraft } from '../writing/drafts';
import { newFilesOf } from '../writing/new-files';
import { showAgain } from '../writing/show-again';
import { macroFor } from './macros';
import { doing, macroChoicePage, macroChoices } from './present';
import { besidesOf, leaveOut, putMacro, wordsOfMacro } from './use-macro';

export function macroUseRoutes(app: App) {
  const router = createRouter();
  const uploads = acceptUploads(app.config.data);
  const asked = (req: Request) => String(req.query['q'] ?? '').slice(0, 80);

  router.get('/tickets/:number/macros', can('tickets.reply'), (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = ticketFor(app, actor, req.params['number']);
    page(res, 'tickets/macros', macroChoicePage(app, actor, req.context.reader, ticket, asked(req)));
  });

  router.get('/tickets/:number/macros/offered', can('tickets.reply'), (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = ticketFor(app, actor, req.params['number']);
    const macros = macroChoices(app, actor, req.context.reader, ticket, asked(req));
    fragment(res, 'tickets/_macro-options', { macros });
  });

  router.post('/tickets/:number/macros', can('tickets.reply'), uploads, async (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = writingPlace(app, actor, ticketFor(app, actor, req.params['number']));
    const form = readForm(asideForm, req);
    const files = await newFilesOf(app, req);
    if (!form.ok) return showAgain(app, req, res, ticket, 'reply', form, files);
    const { aside, words } = form.value;
    await app.write(() => {
      keepPageDraft(app, actor, ticket, 'reply', words, form.value, files);
      keepDeeds(app, actor, ticket, leaveOut(besidesOf(form.value), aside));
    });
    res.redirect(303, `/tickets/${ticket.number}${aside === 'macros' ? '/macros' : '?mode=reply#composer'}`);
  });

  router.post('/tickets/:number/macros/:macro', can('tickets.reply'), async (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = ticketFor(app, actor, req.params['number']);
    const macro = macroFor(app, actor, req.params['macro']);
    await app.write(() => putMacro(app, actor, ticket, macro));
    res.redirect(303, `/tickets/${ticket.number}?mode=reply#composer`);
  });

  router.post('/tickets/:number/macros/:macro/words', can('tickets.reply'), async (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = ticketFor(app, actor, req.params['number']);
    const words = await app.write(() =>
      wordsOfMacro(app, actor, ticket, macroFor(app, actor, req.params['macro'])),
    );
    const deeds = deedsOfDraft(findDraft(app.db, actor.id, ticket.id, 'reply'));
    const doingHtml = renderFragment(res, 'tickets/_doing', doing(req.context.reader, ticket, deeds));
    res.json({ words, status: deeds.status, doingHtml });
  });

  return router;
}
