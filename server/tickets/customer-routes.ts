// What a browser can ask of customers: the list, and one with everything they wrote about.
import type { Request, Response } from 'express';
import type { App } from '../app';
import {
  type CustomerRow,
  changeCustomer,
  findOrganizationNamed,
  findStayingCustomer,
  needStaying,
  noteLook,
  placeCustomer,
} from '../customers';
import { Invalid, NotFound } from '../lib/errors';
import { can } from '../roles';
import { type BadForm, createRouter, formWithError, page, readForm, say } from '../web';
import { fieldsOf } from './fields/fields';
import { readTyped } from './fields/form';
import { saidOf, writeValues } from './fields/values';
import { findCustomers } from './find-customers';
import { customerForm } from './forms';
import { customerPage, customersPage } from './present-customer';
import { agentOfRequest } from './request';

export function customerRoutes(app: App) {
  const router = createRouter();

  router.get('/customers', can('customers.read'), (req, res) => {
    const asked = {
      q: String(req.query['q'] ?? '').slice(0, 200),
      after: String(req.query['after'] ?? '').slice(0, 64),
    };
    const found = findCustomers(app, asked);
    if (asked.q !== '')
      for (const { id } of found.rows)
        noteLook(app, { agent: agentOfRequest(req).id, act: 'searched', customer: id });
    page(res, 'customers/index', customersPage(agentOfRequest(req), req.context.reader, asked, found));
  });

  router.get('/customers/:id', can('customers.read'), (req, res) => {
    const before = Number(req.query['before']) || undefined;
    const actor = agentOfRequest(req);
    const customer = customerFor(app, req);
    if (customer.public_id !== req.params['id']) return leadOn(res, customer);
    noteLook(app, { agent: actor.id, act: 'opened', customer: customer.id });
    page(res, 'customers/show', customerPage(app, actor, req.context.reader, customer, { before }));
  });

  router.post('/customers/:id', can('customers.change'), async (req, res) => {
    const customer = customerFor(app, req);
    if (customer.public_id !== req.params['id']) {
      say(res, { kind: 'warn', text: req.context.reader.t('customers.merged.meanwhile') });
      return leadOn(res, customer);
    }
    const form = readForm(customerForm, req);
    const actor = agentOfRequest(req);
    const refuse = (bad: BadForm) =>
      page(res, 'customers/show', customerPage(app, actor, req.context.reader, customer, {}, bad), 422);
    if (!form.ok) return refuse(form);
    const named = form.value.organization;
    const organization = named ? findOrganizationNamed(app.db, named) : undefined;
    if (named && !organization)
      return refuse(formWithError(form.values, 'organization', 'organizations.unknown'));
    await app.write(() => {
      const staying = needStaying(app, customer);
      changeCustomer(app, actor, staying, form.value);
      if (named !== undefined) placeCustomer(app, actor, staying, organization?.id ?? null);
    });
    res.redirect(303, `/customers/${customer.public_id}`);
  });

  router.post('/customers/:id/fields', can('customers.change'), async (req, res) => {
    const customer = customerFor(app, req);
    const actor = agentOfRequest(req);
    const { reader } = req.context;
    const form = readTyped(fieldsOf(app, 'customer'), req);
    if (!form.ok) throw Invalid('These fields could not be read; they may have changed meanwhile.');
    const outcome = await app.write(() =>
      writeValues(app, actor, 'customer', needStaying(app, customer), form.value),
    );
    if ('errors' in outcome) {
      const fields = { ok: false as const, values: form.values, errors: outcome.errors };
      const model = customerPage(app, actor, reader, customer, {}, undefined, { fields });
      return page(res, 'customers/show', model, 422);
    }
    say(res, saidOf(reader.t, outcome));
    res.redirect(303, `/customers/${customer.public_id}`);
  });

  return router;
}

/** From the address of somebody who was merged to whoever stays. */
const leadOn = (res: Response, { public_id: id }: CustomerRow) => res.redirect(303, `/customers/${id}`);

function customerFor(app: App, req: Request): CustomerRow {
  const customer = findStayingCustomer(app, String(req.params['id']));
  if (!customer) throw NotFound('There is no such customer.');
  return customer;
}
