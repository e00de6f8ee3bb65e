// The chat as a plain page, for browsers without script (C5): the same ticket, the token in a cookie that only this page gets.
import type { Request, Response } from 'express';
import type { App } from '../app';
import { sendAttachment } from '../attachments';
import { formats } from '../i18n';
import { DAY } from '../lib/clock';
import { NotFound, TooMany } from '../lib/errors';
import { randomId, randomToken } from '../lib/ids';
import { anyone } from '../roles';
import { findMessageByClientId } from '../tickets';
import { type BadForm, cookieIn, createRouter, formWithError, readForm, renderPage, typedIn } from '../web';
import { type Conversation, conversationFor, siteFor } from './access';
import { isClosed } from './chat';
import { endChat } from './end-chat';
import { continueForm, sendForm, startForm } from './forms';
import { ChatLimits } from './limits';
import { visitorLooked } from './presence';
import { plainPage } from './present-plain';
import { findShownFile } from './present-visitor';
import { sayInChat } from './say';
import { visitorSaw } from './seen';
import type { SiteRow } from './site';
import { startChat } from './start-chat';

const WHY = anyone('visitors of the website');
const SLOWLY = 'This page was opened very often in a short time. Please wait a moment.';
const KEPT_FOR = 90 * DAY;

export function plainRoutes(app: App) {
  const router = createRouter();
  const limits = new ChatLimits(app);
  const formatFor = formats();

  const show = (
    res: Response,
    site: SiteRow,
    conversation: Conversation | undefined,
    form?: BadForm,
    status = 200,
    before?: number,
  ) => {
    const format = formatFor(site.language, site.time_zone);
    // A form that failed is sent again under the names it had, so that it is still the same start and the same message (C1).
    const kept = (field: string, fresh: () => string) =>
      typeof form?.values[field] === 'string' ? (form.values[field] as string) : fresh();
    const token = conversation ? undefined : kept('token', randomToken);
    const model = plainPage(app, site, {
      format,
      token,
      clientId: kept('clientId', randomId),
      conversation,
      form,
      before,
    });
    res
      .status(status)
      .set('Cache-Control', 'no-store')
      .type('html')
      .send(renderPage(res, 'chat/plain', model));
  };

  // The conversation was closed or erased meanwhile: what was typed becomes the words of a new question.
  const askAnew = (res: Response, site: SiteRow, typed: Record<string, unknown>) => {
    const form = formWithError({ words: typedIn(typed, 'words') }, 'words', 'chat.plain.gone');
    show(res, site, undefined, form, 409);
  };

  router.get('/chat/:site', WHY, async (req, res) => {
    const site = siteFor(app, req.params['site']);
    if (!limits.mayLook(req.context.shortIp)) throw TooMany(SLOWLY);
    const conversation = conversationFor(app, site, tokenIn(req));
    if (conversation) await app.write(() => look(app, conversation));
    const before = /^\d{1,9}$/.test(String(req.query['before'])) ? Number(req.query['before']) : undefined;
    show(res, site, conversation, undefined, 200, before);
  });

  router.post('/chat/:site', WHY, async (req, res) => {
    const site = siteFor(app, req.params['site']);
    const form = readForm(startForm, req);
    if (!form.ok) return show(res, site, undefined, form, 422);
    const { token } = form.value;
    if (!conversationFor(app, site, token) && !limits.mayStart(req.context.shortIp)) {
      return show(res, site, undefined, formWithError(form.values, 'words', 'chat.plain.tooMany'), 429);
    }
    await app.write(() => startChat(app, site, { ...form.value, page: '' }, false));
    keepToken(res, site, token);
    res.redirect(303, `/chat/${site.public_id}`);
  });

  router.post('/chat/:site/messages', WHY, async (req, res) => {
    const site = siteFor(app, req.params['site']);
    const conversation = conversationFor(app, site, tokenIn(req));
    const form = readForm(sendForm, req);
    if (!conversation) return askAnew(res, site, form.values);
    if (!form.ok) return show(res, site, conversation, form, 422);
    if (!limits.mayWrite(req.context.shortIp, conversation.visitor.id)) {
      return show(res, site, conversation, formWithError(form.values, 'words', 'chat.plain.tooMany'), 429);
    }
    const said = await app.write(() => {
      const now = conversationFor(app, site, tokenIn(req));
      const isOver = !now || (isClosed(now.ticket) && !isStored(app, now, form.value.clientId));
      return isOver ? undefined : sayInChat(app, now, form.value);
    });
    if (!said) return askAnew(res, site, form.values);
    res.redirect(303, `/chat/${site.public_id}`);
  });

  router.post('/chat/:site/end', WHY, async (req, res) => {
    const site = siteFor(app, req.params['site']);
    const conversation = conversationFor(app, site, tokenIn(req));
    if (conversation) await app.write(() => endChat(app, undefined, conversation.ticket));
    forgetToken(res, site);
    res.redirect(303, `/chat/${site.public_id}`);
  });

  // After the end, whoever ended it: this browser forgets it, and something else can be asked.
  router.post('/chat/:site/new', WHY, (req, res) => {
    const site = siteFor(app, req.params['site']);
    forgetToken(res, site);
    res.redirect(303, `/chat/${site.public_id}`);
  });

  router.get('/chat/:site/files/:sequence/:file', WHY, (req, res) => {
    const site = siteFor(app, req.params['site']);
    const conversation = conversationFor(app, site, tokenIn(req) ?? tokenOfWidget(req));
    const { sequence, file } = req.params;
    const found = conversation && findShownFile(app, conversation, Number(sequence) || 0, Number(file) || 0);
    if (!found) throw NotFound('There is no such file in this conversation.');
    sendAttachment(app, res, found);
  });

  // The widget hands its conversation over when nothing else gets through.
  router.post('/chat/:site/continue', WHY, (req, res) => {
    const site = siteFor(app, req.params['site']);
    const form = readForm(continueForm, req);
    if (form.ok && conversationFor(app, site, form.value.token)) keepToken(res, site, form.value.token);
    res.redirect(303, `/chat/${site.public_id}`);
  });

  return router;
}

const isStored = (app: App, { ticket }: Conversation, clientId: string): boolean =>
  findMessageByClientId(app.db, ticket.id, clientId) !== undefined;

/** Opening the page is a sign of life, and everything on it is seen. */
function look(app: App, conversation: Conversation): void {
  visitorLooked(app, conversation);
  visitorSaw(app, conversation, conversation.ticket.visitor_sequence);
}

const cookieName = (res: Response) => (res.req.secure ? '__Secure-hearthdesk-chat' : 'hearthdesk-chat');

/** The widget has no cookie; it asks for files by script, with its token in a header. */
const tokenOfWidget = (req: Request) => /^Bearer ([\w-]+)$/.exec(req.headers.authorization ?? '')?.[1];

const tokenIn = (req: Request) => cookieIn(req.headers.cookie, cookieName(req.res as Response));

const forgetToken = (res: Response, site: SiteRow) =>
  res.clearCookie(cookieName(res), { path: `/chat/${site.public_id}` });

function keepToken(res: Response, site: SiteRow, token: string): void {
  const path = `/chat/${site.public_id}`;
  res.cookie(cookieName(res), token, {
    httpOnly: true,
    sameSite: 'lax',
    secure: res.req.secure,
    path,
    maxAge: KEPT_FOR,
    encode: String,
  });
}
