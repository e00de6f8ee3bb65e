// What a browser can ask of chats: agents here; websites, visitors and admins in files of their own.
import type { Request } from 'express';
import type { Agent } from '../agents';
import type { App } from '../app';
import { can } from '../roles';
import { ticketFor } from '../tickets';
import { createRouter, fragment, page, type Reader, say } from '../web';
import { endChat } from './end-chat';
import { plainRoutes } from './plain-routes';
import { chatsPage } from './present-agents';
import { siteRoutes } from './site-routes';
import { takeChat } from './take-chat';
import { widgetRoutes } from './widget-routes';

export function chatRoutes(app: App) {
  const router = createRouter();
  const actorOf = (req: Request) => req.context.actor as Agent;

  router.get('/chats', can('chat.read'), (req, res) =>
    page(res, 'chat/index', chatsPage(app, actorOf(req), req.context.reader)),
  );

  router.get('/chats/list', can('chat.read'), (req, res) =>
    fragment(res, 'chat/_list', chatsPage(app, actorOf(req), req.context.reader)),
  );

  router.post('/tickets/:number/chat/take', can('chat.answer'), async (req, res) => {
    const ticket = ticketFor(app, actorOf(req), req.params['number']);
    const outcome = await app.write(() => takeChat(app, actorOf(req), ticket));
    if (!outcome.taken) say(res, { kind: 'warn', text: lost(req.context.reader, outcome.by) });
    res.redirect(303, `/tickets/${ticket.number}`);
  });

  router.post('/tickets/:number/chat/end', can('chat.answer'), async (req, res) => {
    const ticket = ticketFor(app, actorOf(req), req.params['number']);
    await app.write(() => endChat(app, actorOf(req), ticket));
    res.redirect(303, `/tickets/${ticket.number}`);
  });

  router.use(widgetRoutes(app), plainRoutes(app), siteRoutes(app));
  return router;
}

const lost = ({ t }: Reader, by: string | undefined) =>
  by === undefined ? t('chat.taken.over') : t('chat.taken.lost', { who: by });
