// What an admin can ask of imports of old mail.
import type { Request, RequestHandler } from 'express';
import type { App } from '../../app';
import type { Actor } from '../../events';
import { NotFound } from '../../lib/errors';
import { findMailboxes, localMailbox, type MailboxRow } from '../../mail';
import { can } from '../../roles';
import { acceptUploads, createRouter, formWithError, page, readForm, say, uploadsOf } from '../../web';
import { assertRoom, type Brought, removeBrought, takeUpload } from './brought';
import { beginImport, cancelImport, continueImport, pauseImport, undoImport } from './change';
import { importForm } from './forms';
import { findRun, IMPORTS, type ImportRun, mayUndo } from './import';
import { importPage, importsPage, LIST, undoPage } from './present';

/** Seconds after which a page without script asks again while there is work. */
const REFRESH = '2';
const LIMITS = {
  folder: IMPORTS,
  largest: 50_000_000_000,
  most: 5_000,
  says: 'A file may have 50 GB, and 5,000 files may come at once: bring more with the command "hearthdesk import".',
};

export function importRoutes(app: App) {
  const router = createRouter();
  const uploads = acceptUploads(app.config.data, LIMITS);
  /** Said before an hour of sending, not after it. */
  const room: RequestHandler = async (req, _res, next) => {
    await assertRoom(app, Number(req.headers['content-length'] ?? 0));
    next();
  };

  router.get(LIST, can('mail.import'), (req, res) =>
    page(res, 'moving-in/index', importsPage(app, req.context.reader)),
  );

  router.post(LIST, can('mail.import'), room, uploads, async (req, res) => {
    const { reader, actor } = req.context;
    const form = readForm(importForm, req);
    const refuse = (bad: Parameters<typeof importsPage>[2]) =>
      page(res, 'moving-in/index', importsPage(app, reader, bad), 422);
    if (!form.ok) return refuse(form);
    const mailbox = mailboxOf(form.value.mailbox);
    if (!mailbox) return refuse(formWithError(form.values, 'mailbox', 'errors.field.invalid'));
    const sent = uploadsOf(req).filter(({ name, size }) => name !== '' || size > 0);
    if (sent.length === 0) return refuse(formWithError(form.values, 'files', 'moving.files.none'));
    const files: Brought[] = [];
    for (const upload of sent) {
      const taken = await takeUpload(app, upload);
      if (typeof taken === 'string') {
        await removeBrought(
          app,
          files.map(({ diskName }) => diskName),
        );
        const bad = formWithError(form.values, 'files', `moving.files.${taken}`);
        return refuse({ ...bad, file: upload.name });
      }
      files.push(taken);
    }
    const { openDays, ownAddresses } = form.value;
    const id = await app.write(() =>
      beginImport(app, actor as Actor, mailbox(), { openDays, ownAddresses }, files),
    );
    res.redirect(303, `${LIST}/${id}`);
  });

  router.get(`${LIST}/:id`, can('mail.import'), (req, res) => {
    const run = runFor(req);
    if (run.state === 'running' || run.state === 'undoing') res.set('Refresh', REFRESH);
    page(res, 'moving-in/import', importPage(app, req.context.reader, run));
  });

  router.post(`${LIST}/:id/pause`, can('mail.import'), (req, res) => decide(req, res, pauseImport));
  router.post(`${LIST}/:id/continue`, can('mail.import'), (req, res) => decide(req, res, continueImport));
  router.post(`${LIST}/:id/cancel`, can('mail.import'), (req, res) => decide(req, res, cancelImport));

  router.get(`${LIST}/:id/undo`, can('mail.import'), (req, res) => {
    const run = runFor(req);
    if (!mayUndo(run, app.clock.now())) return res.redirect(303, `${LIST}/${run.id}`);
    page(res, 'moving-in/undo', undoPage(app, req.context.reader, run));
  });

  router.post(`${LIST}/:id/undo`, can('mail.import'), (req, res) => decide(req, res, undoImport));

  /** Somebody else may have decided meanwhile: then the page shows what is. */
  async function decide(
    req: Request,
    res: Parameters<RequestHandler>[1],
    act: (app: App, actor: Actor, run: ImportRun) => boolean,
  ): Promise<void> {
    const run = runFor(req);
    const { actor, reader } = req.context;
    const isDone = await app.write(() => act(app, actor as Actor, run));
    if (!isDone) say(res, { kind: 'info', text: reader.t('moving.late') });
    res.redirect(303, `${LIST}/${run.id}`);
  }

  function runFor(req: Request): ImportRun {
    const id = /^\d{1,15}$/.exec(String(req.params['id']))?.[0];
    const run = id === undefined ? undefined : findRun(app.db, Number(id));
    if (!run) throw NotFound();
    return run;
  }

  /** Asked in the transaction, because the built-in one is made when it is needed; undefined for one that is not there. */
  function mailboxOf(id: string): (() => MailboxRow) | undefined {
    const known = findMailboxes(app.db).filter(({ is_local: isLocal }) => !isLocal);
    if (id === '') return () => known[0] ?? localMailbox(app);
    const named = known.find((mailbox) => mailbox.id === Number(id));
    return named && (() => named);
  }

  return router;
}
