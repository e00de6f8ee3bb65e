// Merging two customers, as a page that says what will happen; and taking it back for an hour.
import type { App } from '../../app';
import {
  findCustomerByPublicId,
  findStayingCustomer,
  mergeCustomers,
  noteLook,
  unmergeCustomer,
} from '../../customers';
import { NotFound } from '../../lib/errors';
import { can } from '../../roles';
import { createRouter, page, readForm, say } from '../../web';
import { customerMergeForm } from '../forms';
import { signalTicket } from '../live';
import { agentOfRequest } from '../request';
import { customerMergePage } from './present';

/** Open pages of more tickets than these come up to date when they are next looked at. */
const MOST_SIGNALLED = 200;

export function customerMergeRoutes(app: App) {
  const router = createRouter();

  router.get('/customers/:id/merge', can('customers.merge'), (req, res) => {
    const customer = customerFor(req.params['id']);
    const other = req.query['with'] ? findStayingCustomer(app, String(req.query['with'])) : undefined;
    const q = String(req.query['q'] ?? '').slice(0, 200);
    for (const { id } of other ? [customer, other] : [customer])
      noteLook(app, { agent: agentOfRequest(req).id, act: 'opened', customer: id });
    page(res, 'customers/merge', customerMergePage(app, req.context.reader, customer, { q, other }));
  });

  router.post('/customers/:id/merge', can('customers.merge'), async (req, res) => {
    const customer = customerFor(req.params['id']);
    const actor = agentOfRequest(req);
    const { reader } = req.context;
    const form = readForm(customerMergeForm, req);
    const other = form.ok ? findStayingCustomer(app, form.value.with) : undefined;
    const into = form.ok ? form.value.into : undefined;
    const stays = [customer, other].find((one) => one?.public_id === into);
    const refuse = (refused: Parameters<typeof customerMergePage>[3]['refused'], status: number) =>
      page(
        res,
        'customers/merge',
        customerMergePage(app, reader, customer, { q: '', other, into, refused }),
        status,
      );
    if (!other || !stays) return refuse('choose', 422);
    const goes = stays === customer ? other : customer;
    const outcome = await mergeCustomers(app, actor, goes, stays);
    if ('refused' in outcome) return refuse(outcome.refused, 409);
    signal(outcome.moved['tickets']);
    say(res, {
      kind: 'good',
      text: reader.t('customers.merge.done', { name: goes.name, into: stays.name }),
      undo: { action: `/customers/${goes.public_id}/unmerge`, fields: {} },
    });
    res.redirect(303, `/customers/${stays.public_id}`);
  });

  router.post('/customers/:id/unmerge', can('customers.merge'), async (req, res) => {
    const customer = findCustomerByPublicId(app.db, String(req.params['id']));
    if (!customer) throw NotFound('There is no such customer.');
    const { outcome, moved } = await unmergeCustomer(app, agentOfRequest(req), customer);
    signal(moved?.['tickets']);
    const { t } = req.context.reader;
    say(res, {
      kind: outcome === 'undone' ? 'good' : 'warn',
      text: t(`customers.unmerge.${outcome}`, { name: customer.name }),
    });
    const now = findStayingCustomer(app, customer.public_id);
    res.redirect(303, now ? `/customers/${now.public_id}` : '/customers');
  });

  const signal = (tickets: number[] = []) => {
    for (const id of tickets.slice(-MOST_SIGNALLED)) signalTicket(app, id);
  };

  function customerFor(id: unknown) {
    const customer = findStayingCustomer(app, String(id));
    if (!customer) throw NotFound('There is no such customer.');
    return customer;
  }

  return router;
}
