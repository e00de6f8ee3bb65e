// What a browser can ask of what somebody was told.
import { askerOf } from '../agents';
import type { App } from '../app';
import { Invalid, NotFound } from '../lib/errors';
import { can } from '../roles';
import { ticketFor } from '../tickets';
import { createRouter, page, readForm, say } from '../web';
import { choicesOf, choose } from './choices';
import { choicesForm, readNoticesForm } from './forms';
import { NOTICE_KINDS } from './notice';
import { noticesPage, wordsOf } from './present';
import { choicesPage } from './present-choices';
import { countUnread } from './queries';
import { readAllNotices, readNotices } from './read';

const CHOICES = '/settings/notices';

export function noticeRoutes(app: App) {
  const router = createRouter();

  router.get('/notices', can('account.own'), (req, res) => {
    const agent = askerOf(req);
    const before = /^\d{1,15}$/.exec(String(req.query['before'] ?? ''))?.[0];
    const isAnyUnread = countUnread(app.db, agent) > 0;
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

  // For the browser's own notifications, whose words are nobody's HTML.
  router.get('/notices/:id/words', can('account.own'), (req, res) => {
    const agent = askerOf(req);
    const id = /^\d{1,15}$/.exec(String(req.params['id']))?.[0];
    const isWished = choicesOf(app.db, agent.id).inBrowser;
    const words = isWished && id ? wordsOf(app, agent, req.context.reader, Number(id)) : undefined;
    if (!words) throw NotFound('There is nothing to tell.');
    res.set('Cache-Control', 'no-store').json(words);
  });

  router.get(CHOICES, can('account.own'), (req, res) =>
    page(res, 'notices/choices', choicesPage(app, askerOf(req), req.context.reader)),
  );

  router.post(CHOICES, can('account.own'), async (req, res) => {
    const agent = askerOf(req);
    const { reader } = req.context;
    const form = readForm(choicesForm, req);
    if (!form.ok) return page(res, 'notices/choices', choicesPage(app, agent, reader, form), 422);
    const { inBrowser, byMail, awayMinutes, withWords } = form.value;
    const kinds = NOTICE_KINDS.filter((kind) => form.value[kind]);
    await app.write(() => choose(app, agent, { kinds, inBrowser, byMail, awayMinutes, withWords }));
    say(res, { kind: 'good', text: reader.t('notices.choices.saved') });
    res.redirect(303, CHOICES);
  });

  return router;
}
