// What a browser can ask of one message: its rich HTML, its files, its raw mail, and what becomes of its delivery.
import type { Request } from 'express';
import type { App } from '../app';
import { contentDisposition, findAttachment, findAttachments, sendAttachment } from '../attachments';
import { NotFound } from '../lib/errors';
import { findInboundMail, findOutboxOfMessage, readRaw } from '../mail';
import { can } from '../roles';
import { createRouter, FILE_POLICY, fragment, say } from '../web';
import { ticketFor } from './access';
import { formAgain, undoForward } from './forwarding/undo-forward';
import { writingPlace } from './living';
import { decideUncertain, dismissMail, sendAgain } from './outbox/delivery';
import { messageHref, type Part, placeImages } from './present-message';
import { agentOfRequest } from './request';
import { factsOf, type MessageRow, type Ticket } from './ticket';
import { messageFor } from './writing/compose-reply';
import { sendNow } from './writing/send-later';
import { undoReply } from './writing/undo';

/** A mail's own HTML: no script, its styles, our images; remote ones only on the reader's wish (DESIGN 4). */
const bodyPolicy = (remote: boolean) =>
  `default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:${remote ? ' https: http:' : ''}; font-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'`;

export function messageRoutes(app: App) {
  const router = createRouter();
  const path = '/tickets/:number/messages/:message';

  router.get(`${path}/body`, can('tickets.read'), (req, res) => {
    const { ticket, message } = messageOf(app, req);
    const part: Part =
      req.query['part'] === 'quote' || req.query['part'] === 'signature' ? req.query['part'] : 'words';
    const remote = req.query['images'] === '1';
    const html = message[`html_${part}`];
    if (!html) throw NotFound();
    res.set('Content-Security-Policy', bodyPolicy(remote)).set('X-Frame-Options', 'SAMEORIGIN');
    const files = findAttachments(app.db, 'message', message.id);
    fragment(res, 'tickets/body', {
      lang: req.context.reader.locale,
      bodyHtml: placeImages(html, messageHref(ticket, message), files, remote),
    });
  });

  router.get(`${path}/attachments/:attachment`, can('tickets.read'), (req, res) => {
    const { message } = messageOf(app, req);
    const attachment = findAttachment(app.db, 'message', message.id, Number(req.params['attachment']) || 0);
    if (!attachment) throw NotFound('There is no such file on this message.');
    sendAttachment(app, res, attachment);
  });

  router.get(`${path}/raw`, can('tickets.read'), async (req, res) => {
    const { ticket, message } = messageOf(app, req);
    const mail =
      message.inbound_mail_id === null ? undefined : findInboundMail(app.db, message.inbound_mail_id);
    if (!mail?.disk_name) throw NotFound('The original of this mail is not kept any more.');
    res.set('Content-Security-Policy', FILE_POLICY).set('Content-Type', 'application/octet-stream');
    res.set(
      'Content-Disposition',
      contentDisposition('attachment', `${ticket.number}-${message.sequence}.eml`),
    );
    res.send(await readRaw(app, mail.disk_name));
  });

  router.post(`${path}/undo`, can('tickets.reply'), async (req, res) => {
    const { ticket, message } = messageOf(app, req);
    const { forwarded } = factsOf(message);
    const actor = agentOfRequest(req);
    const outcome = await app.write(() =>
      forwarded
        ? undoForward(app, actor, ticket, message, forwarded)
        : undoReply(app, actor, ticket, message),
    );
    if (outcome === 'too-late')
      say(res, { kind: 'warn', text: req.context.reader.t('tickets.undo.tooLate') });
    if (forwarded && outcome === 'undone') return res.redirect(303, formAgain(ticket, forwarded));
    const { number } = outcome === 'undone' ? writingPlace(app, actor, ticket) : ticket;
    res.redirect(303, `/tickets/${number}${outcome === 'undone' ? '?mode=reply' : ''}#composer`);
  });

  router.post(`${path}/now`, can('tickets.deliver'), async (req, res) => {
    const { ticket, message } = messageOf(app, req);
    await app.write(() => sendNow(app, agentOfRequest(req), ticket, message));
    res.redirect(303, `/tickets/${ticket.number}#message-${message.id}`);
  });

  router.post(`${path}/resend`, can('tickets.deliver'), async (req, res) => {
    const { ticket, message } = messageOf(app, req);
    const actor = agentOfRequest(req);
    await app.write(() =>
      message.state === 'uncertain'
        ? decideUncertain(app, actor, ticket, message, false)
        : sendAgain(app, actor, ticket, message),
    );
    res.redirect(303, `/tickets/${ticket.number}#message-${message.id}`);
  });

  router.post(`${path}/arrived`, can('tickets.deliver'), async (req, res) => {
    const { ticket, message } = messageOf(app, req);
    await app.write(() => decideUncertain(app, agentOfRequest(req), ticket, message, true));
    res.redirect(303, `/tickets/${ticket.number}#message-${message.id}`);
  });

  router.post(`${path}/dismissal`, can('tickets.deliver'), async (req, res) => {
    const { ticket, message } = messageOf(app, req);
    const mail = findOutboxOfMessage(app.db, message.id);
    if (!mail) throw NotFound('This message has no mail.');
    await app.write(() => dismissMail(app, agentOfRequest(req), mail, { ticket, message }));
    say(res, {
      kind: 'good',
      text: req.context.reader.t('outbox.dismissed'),
      undo: { action: `/outbox/${mail.id}/dismissal/undo`, fields: { was: mail.state } },
    });
    res.redirect(303, `/tickets/${ticket.number}#message-${message.id}`);
  });

  return router;
}

/** Loaded through the ticket, and that through the person who asks (AC-46). */
function messageOf(app: App, req: Request): { ticket: Ticket; message: MessageRow } {
  const ticket = ticketFor(app, agentOfRequest(req), req.params['number']);
  const message = messageFor(app, ticket, Number(req.params['message']) || 0);
  if (!message) throw NotFound('There is no such message on this ticket.');
  return { ticket, message };
}
