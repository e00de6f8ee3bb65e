// What admins can ask about blocked senders.
import type { App } from '../app';
import type { Actor } from '../events';
import { NotFound } from '../lib/errors';
import { can } from '../roles';
import { createRouter, page, readForm, say } from '../web';
import { blockForm, blockSender, findBlockedById, unblockSender } from './blocked-senders';
import { blockedPage } from './present-blocked';

const LIST = '/settings/blocked-senders';

export function blockedRoutes(app: App) {
  const router = createRouter();

  router.get(LIST, can('mail.blocked'), (req, res) =>
    page(res, 'mail/blocked', blockedPage(app, req.context.reader)),
  );

  router.post(LIST, can('mail.blocked'), async (req, res) => {
    const { reader, actor } = req.context;
    const form = readForm(blockForm(app), req);
    if (!form.ok) return page(res, 'mail/blocked', blockedPage(app, reader, form), 422);
    const { sender } = form.value;
    await app.write(() => blockSender(app, actor as Actor, sender));
    say(res, { kind: 'good', text: reader.t('mail.blocked.done', { sender: sender.value }) });
    res.redirect(303, LIST);
  });

  router.post(`${LIST}/:id/removal`, can('mail.blocked'), async (req, res) => {
    const { reader, actor } = req.context;
    const blocked = findBlockedById(app.db, Number(/^\d{1,15}$/.exec(String(req.params['id']))?.[0] ?? 0));
    if (!blocked) throw NotFound();
    await app.write(() => unblockSender(app, actor as Actor, blocked.value));
    const undo = { action: LIST, fields: { sender: blocked.value } };
    say(res, { kind: 'good', text: reader.t('mail.blocked.undone', { sender: blocked.value }), undo });
    res.redirect(303, LIST);
  });

  return router;
}
