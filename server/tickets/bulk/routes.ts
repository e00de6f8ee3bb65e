// What a browser can ask of many tickets at once.
import type { Request, Response } from 'express';
import type { App } from '../../app';
import { Invalid, NotFound } from '../../lib/errors';
import { can } from '../../roles';
import { createRouter, page, readForm, say } from '../../web';
import { MOST_MERGED } from '../merging/merge';
import { countOfView } from '../present-views';
import { findTicketByNumber } from '../queries';
import { agentOfRequest, viewNamed } from '../request';
import { isPossible } from './change';
import { bulkForm, changeOf } from './form';
import { bulkPage, bulkRunPage, summaryOf } from './present';
import { type BulkRun, findRun } from './queries';
import { beginRun, beginUndo, editionOf, runAtOnce } from './run';

/** The page of a run asks again by itself while it runs, in s. */
const REFRESH = '2';

export function bulkRoutes(app: App) {
  const router = createRouter();

  router.post('/tickets/bulk', can('tickets.change'), async (req, res) => {
    const actor = agentOfRequest(req);
    const { reader } = req.context;
    const form = readForm(bulkForm, req);
    if (!form.ok) throw Invalid('Which tickets are to be changed, and how, could not be read.');
    const { everything, tag, sure } = form.value;
    const view = viewNamed(form.value.list);
    const numbers = [form.value.ticket ?? []].flat();
    const tickets = numbers.flatMap((number) => findTicketByNumber(app.db, number)?.id ?? []);
    const count = everything ? countOfView(app, actor, view) : tickets.length;
    const ask = (errors: Record<string, string>, status: number) =>
      page(res, 'tickets/bulk', bulkPage(app, actor, reader, form.values, count, view, errors), status);

    if (!everything && tickets.length === 0) return ask({ form: 'tickets.bulk.nothing' }, 422);
    if (form.value.change === 'merge') {
      // Which of them stays is asked on a page of its own.
      if (everything || tickets.length < 2 || tickets.length > MOST_MERGED)
        return ask({ change: 'tickets.merge.few' }, 422);
      return res.redirect(303, `/merge?tickets=${numbers.join(',')}`);
    }
    const change = changeOf(form.value.change, tag, actor);
    if (!change || !isPossible(app, change)) {
      const needsTag = /^(un)?tag$/.test(form.value.change);
      return ask(needsTag ? { tag: 'errors.field.required' } : { change: 'tickets.bulk.choose' }, 422);
    }
    const edition = everything ? editionOf(app, actor, view) : 0;
    if (edition === undefined) return ask({ form: 'tickets.bulk.filling' }, 422);
    if (everything && sure !== edition)
      return ask(sure === undefined ? {} : { form: 'tickets.bulk.other' }, 422);

    const run = await app.write(() =>
      beginRun(app, actor, change, everything ? { list: view, edition } : { tickets }),
    );
    await answer(req, res, run, `/tickets?view=${view}`);
  });

  router.get('/bulk/:id', can('tickets.change'), (req, res) => {
    const run = runFor(req);
    if (run.state === 'running') res.set('Refresh', REFRESH);
    page(res, 'tickets/bulk-run', bulkRunPage(app, req.context.reader, run));
  });

  router.post('/bulk/:id/undo', can('tickets.change'), async (req, res) => {
    const run = runFor(req);
    const undo = await app.write(() => beginUndo(app, agentOfRequest(req), run));
    if (undo === undefined) return res.redirect(303, `/bulk/${run.id}`);
    await answer(req, res, undo, run.list === null ? '/tickets' : `/tickets?view=${run.list}`);
  });

  /** What is done in a moment is said beside the list; for the rest there is a page that shows how far it is. */
  async function answer(req: Request, res: Response, id: number, list: string): Promise<void> {
    const isDone = await runAtOnce(app, id);
    const run = findRun(app.db, id) as BulkRun;
    if (!isDone || run.refused > 0 || run.state === 'stopped') return res.redirect(303, `/bulk/${id}`);
    const canUndo = run.undoes_id === null && run.changed > 0;
    say(res, {
      kind: 'good',
      text: summaryOf(req.context.reader, run),
      ...(canUndo ? { undo: { action: `/bulk/${id}/undo`, fields: {} } } : {}),
    });
    res.redirect(303, list);
  }

  /** Only whoever asked for it. */
  function runFor(req: Request): BulkRun {
    const id = String(req.params['id']);
    const run = /^\d{1,15}$/.test(id) ? findRun(app.db, Number(id)) : undefined;
    if (!run || run.agent_id !== agentOfRequest(req).id) throw NotFound();
    return run;
  }

  return router;
}
