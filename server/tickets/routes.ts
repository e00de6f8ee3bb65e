// What a browser can ask of tickets.
import type { Request, Response } from 'express';
import { findAgentById } from '../agents';
import type { App } from '../app';
import { validAddress } from '../mail';
import { can } from '../roles';
import {
  acceptUploads,
  bytesOf,
  createRouter,
  fragment,
  page,
  readForm,
  renderFragment,
  say,
  send,
  uploadsOf,
} from '../web';
import { ticketFor } from './access';
import { bulkRoutes } from './bulk/routes';
import { careRoutes } from './care-routes';
import { changeRoutes } from './change-routes';
import { messageModels } from './conversation';
import { createTicket, wrongCopies, wrongFirstWords } from './create';
import { customerImportRoutes } from './customer-csv/import-routes';
import { customerCsvRoutes } from './customer-csv/routes';
import { customerMergeRoutes } from './customer-merging/routes';
import { customerNoteRoutes } from './customer-notes/routes';
import { customerRoutes } from './customer-routes';
import { fieldRoutes } from './fields/routes';
import { neededWords } from './fields/values';
import { placeRoutes } from './filing/routes';
import { type NewFiles, newTicketForm, noteForm, replyForm } from './forms';
import { forwardRoutes } from './forwarding/routes';
import type { RowModel } from './list-models';
import { writingPlace } from './living';
import { macroRoutes } from './macros/routes';
import { macroUseRoutes } from './macros/use-routes';
import { mergeRoutes } from './merging/routes';
import { messageRoutes } from './message-routes';
import { importRoutes } from './moving-in/routes';
import { organizationRoutes } from './organizations/routes';
import { evidenceRoutes } from './outbox/evidence-routes';
import { outboxRoutes } from './outbox/routes';
import { inboxOf, inboxPage, RowFragments } from './present-list';
import { newTicketPage } from './present-new';
import { ticketPage } from './present-ticket';
import { findMessagesAfter, findParticipants } from './queries';
import { agentOfRequest, keyOf, viewOf } from './request';
import { ruleRoutes } from './rules/routes';
import { searchRoutes } from './search/routes';
import { factsOf, type Ticket } from './ticket';
import { trashRoutes } from './trash/routes';
import { savedViewRoutes } from './views/routes';
import { draftRoutes } from './writing/draft-routes';
import { type DraftKind, type DraftPage, keepPageDraft } from './writing/drafts';
import { idsOf, mentionOptions, namedInVain } from './writing/mentions';
import { newFilesOf } from './writing/new-files';
import { peopleRoutes } from './writing/people-routes';
import { noteOnTicket, replyToTicket } from './writing/reply';
import { sendAtOf } from './writing/send-later';
import { showAgain } from './writing/show-again';
import { chosenIn, wrongRecipients } from './writing/typed-recipients';

const MOST_AT_ONCE = 200;

export function ticketRoutes(app: App) {
  const router = createRouter();
  const rows = new RowFragments();
  const fragments = (res: Response) => ({
    rows,
    render: (row: RowModel) => renderFragment(res, 'tickets/_row', row),
  });
  const uploads = acceptUploads(app.config.data);

  router.get('/tickets', can('tickets.read'), (req, res) => {
    const { reader } = req.context;
    const inbox = inboxOf(app, agentOfRequest(req), reader, fragments(res), viewOf(req), keyOf(req));
    page(res, 'tickets/index', inboxPage(reader, inbox.model), 200, inbox.rows);
  });

  router.get('/tickets/list', can('tickets.read'), (req, res) => {
    const { reader } = req.context;
    const inbox = inboxOf(app, agentOfRequest(req), reader, fragments(res), viewOf(req), keyOf(req));
    fragment(res, 'tickets/_inbox', inbox.model, inbox.rows);
  });

  router.get('/tickets/new', can('tickets.create'), (req, res) => {
    page(res, 'tickets/new', newTicketPage(app, agentOfRequest(req), req.context.reader));
  });

  router.post('/tickets', can('tickets.create'), uploads, async (req, res) => {
    const actor = agentOfRequest(req);
    const form = readForm(newTicketForm, req);
    const errors = form.ok ? wrongFirstWords(app, form.value) : form.errors;
    const hasWrongCopies = form.ok && Object.keys(wrongCopies(app, form.value)).length > 0;
    if (!form.ok || Object.keys(errors).length > 0 || hasWrongCopies) {
      return page(
        res,
        'tickets/new',
        newTicketPage(app, actor, req.context.reader, {
          values: form.values,
          errors,
          hadFiles: uploadsOf(req).length > 0,
        }),
        422,
      );
    }
    const files = await newFilesOf(app, req);
    const email = validAddress(form.value.email) as string;
    const ticket = await app.write(() => createTicket(app, actor, { ...form.value, email }, files));
    res.redirect(303, `/tickets/${ticket.number}`);
  });

  router.get('/tickets/:number', can('tickets.read'), async (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = ticketFor(app, actor, req.params['number']);
    await app.hooks.ticketOpened(app, actor, ticket);
    const before = Number(req.query['before']) || undefined;
    const mode = req.query['mode'] === 'note' ? 'note' : undefined;
    page(
      res,
      'tickets/show',
      ticketPage(app, actor, req.context.reader, ticket, { view: viewOf(req), before, mode }),
    );
  });

  router.get('/tickets/:number/messages', can('tickets.read'), (req, res) => {
    const { reader } = req.context;
    const ticket = ticketFor(app, agentOfRequest(req), req.params['number']);
    const found = findMessagesAfter(app.db, ticket.id, Number(req.query['after']) || 0, MOST_AT_ONCE);
    const models = messageModels(
      app,
      agentOfRequest(req),
      reader,
      ticket,
      findParticipants(app.db, ticket.id),
      found,
    );
    send(res, bytesOf(models.map((model) => renderFragment(res, 'tickets/_message', model)).join('')));
  });

  router.post('/tickets/:number/replies', can('tickets.reply'), uploads, async (req, res) => {
    const actor = agentOfRequest(req);
    const { reader } = req.context;
    const ticket = ticketFor(app, actor, req.params['number']);
    const form = readForm(replyForm, req);
    const asked = { view: viewOf(req) };
    const files = await newFilesOf(app, req);
    if (!form.ok) return showAgain(app, req, res, ticket, 'reply', form, files);

    if (ticket.merged_into_id !== null) return goOnWriting(req, res, ticket, 'reply', form.value, files);
    const chosen = chosenIn(form.value);
    if (chosen && Object.keys(wrongRecipients(app, chosen)).length > 0) {
      const { words, thenStatus } = form.value;
      await app.write(() => keepPageDraft(app, actor, ticket, 'reply', words, form.value, files));
      const returned = { mode: 'reply' as const, words, thenStatus, hasWrongPeople: true };
      return page(res, 'tickets/show', ticketPage(app, actor, reader, ticket, asked, returned), 422);
    }
    const { sendLater, later, laterAt, ...written } = form.value;
    const sendAt = sendAtOf({ sendLater, later, laterAt }, app.clock.now(), reader.zone);
    if (sendAt === null) {
      const wrong = { ok: false as const, values: form.value, errors: { laterAt: 'tickets.later.wrong' } };
      return showAgain(app, req, res, ticket, 'reply', wrong, files);
    }
    const outcome = await app.write(() =>
      replyToTicket(app, actor, ticket, { ...written, ...(sendAt === undefined ? {} : { sendAt }) }, files),
    );
    if (outcome.held) {
      const { words: typed, thenStatus } = form.value;
      const { words } = (
        await app.write(() => keepPageDraft(app, actor, ticket, 'reply', typed, form.value, files))
      ).draft;
      const isUnseen = outcome.because === 'unseen';
      const why =
        outcome.because === 'unfilled' ? neededWords(app, reader.t, ticket) : reader.t('tickets.kept');
      const flash = isUnseen ? undefined : { kind: 'warn' as const, text: why };
      const returned = {
        mode: 'reply' as const,
        words,
        thenStatus,
        later: { sendLater, later, laterAt },
        unseen: isUnseen ? outcome.unseen : undefined,
        flash,
      };
      return page(res, 'tickets/show', ticketPage(app, actor, reader, ticket, asked, returned), 409);
    }
    if (outcome.takenBy !== undefined) {
      const who = outcome.takenBy === null ? '' : (findAgentById(app.db, outcome.takenBy)?.name ?? '');
      say(res, {
        kind: 'warn',
        text: reader.t(who ? 'tickets.assign.taken' : 'tickets.assign.free', { who }),
      });
    }
    if (sendAt !== undefined && factsOf(outcome.message).later === sendAt) {
      const at = reader.format.time(sendAt).text;
      say(res, { kind: 'good', text: reader.t('tickets.later.said', { at, zone: reader.zone }) });
    }
    res.redirect(303, `/tickets/${ticket.number}#message-${outcome.message.id}`);
  });

  router.get('/tickets/:number/mentions', can('tickets.note'), (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = ticketFor(app, actor, req.params['number']);
    const people = mentionOptions(app, actor, ticket, String(req.query['q'] ?? '').slice(0, 80));
    fragment(res, 'tickets/_mention-options', { t: req.context.reader.t, people });
  });

  router.post('/tickets/:number/notes', can('tickets.note'), uploads, async (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = ticketFor(app, actor, req.params['number']);
    const form = readForm(noteForm, req);
    const files = await newFilesOf(app, req);
    if (!form.ok) return showAgain(app, req, res, ticket, 'note', form, files);
    if (ticket.merged_into_id !== null) return goOnWriting(req, res, ticket, 'note', form.value, files);
    const inVain = namedInVain(app, ticket, form.value.words);
    if (inVain.length > 0 && idsOf(inVain) !== form.value.inVain) {
      const { words } = form.value;
      await app.write(() => keepPageDraft(app, actor, ticket, 'note', words, form.value, files));
      const returned = { mode: 'note' as const, words, inVain };
      const asked = { view: viewOf(req) };
      return page(
        res,
        'tickets/show',
        ticketPage(app, actor, req.context.reader, ticket, asked, returned),
        422,
      );
    }
    const message = await app.write(() => noteOnTicket(app, actor, ticket, form.value, files));
    res.redirect(303, `/tickets/${ticket.number}?mode=note#message-${message.id}`);
  });

  /** Somebody merged the ticket while this was written: it is kept where the conversation goes on, and can be sent there. */
  async function goOnWriting(
    req: Request,
    res: Response,
    ticket: Ticket,
    kind: DraftKind,
    written: DraftPage & { words: string },
    files: NewFiles,
  ): Promise<void> {
    const actor = agentOfRequest(req);
    const place = writingPlace(app, actor, ticket);
    await app.write(() => keepPageDraft(app, actor, place, kind, written.words, written, files));
    say(res, { kind: 'warn', text: req.context.reader.t('tickets.merged.kept') });
    res.redirect(303, `/tickets/${place.number}?mode=${kind}#composer`);
  }

  router.use(
    draftRoutes(app),
    peopleRoutes(app),
    macroUseRoutes(app),
    messageRoutes(app),
    placeRoutes(app),
    forwardRoutes(app),
    evidenceRoutes(app),
    changeRoutes(app),
    careRoutes(app),
  );
  router.use(outboxRoutes(app), searchRoutes(app), customerRoutes(app), macroRoutes(app), ruleRoutes(app));
  router.use(customerCsvRoutes(app), customerImportRoutes(app), fieldRoutes(app));
  router.use(
    customerMergeRoutes(app),
    customerNoteRoutes(app),
    organizationRoutes(app),
    savedViewRoutes(app),
    bulkRoutes(app),
  );
  router.use(mergeRoutes(app), trashRoutes(app), importRoutes(app));
  return router;
}
