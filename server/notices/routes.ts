// What a browser can ask of what somebody was told.
import { askerOf } from '../agents';
import type { App } from '../app';
import { Invalid } from '../lib/errors';
import { can } from '../roles';
import { ticketFor } from '../tickets';
import { createRouter, page, readForm } from '../web';
import { readNoticesForm } from './forms';
import { noticesPage } from './present';
import { unreadOf } from './queries';
import { readAllNotices, readNotices } from './read';

export function noticeRoutes(app: App) {
  const router = createRouter();

  router.get('/notices', can('account.own'), (req, res) => {
    const agent = askerOf(req);
    const before = /^\d{1,15}$/.exec(String(req.query['before'] ?? ''))?.[0];
    const isAnyUnread = unreadOf(app.db, agent).size > 0;
    const from = before === undefined ? undefined : Number(before);
    page(res, 'notices/index', noticesPage(app, agent, req.context.reader, isAnyUnread, from));
  });

  router.post('/notices', can('account.own'), async (req, res) => {
    const agent = askerOf(req);
    const form = readForm(readNoticesForm, req);
    if (!form.ok) throw Invalid('What you have read could not be understood.');
    const read = form.value;
    if ('upTo' in read) await app.write(() => readAllNotices(app, agent, read.upTo));
    else {
      const ticket = ticketFor(app, agent, read.number);
      await app.write(() => readNotices(app, agent, [ticket.id]));
    }
    res.redirect(303, '/notices');
  });

  return router;
}
