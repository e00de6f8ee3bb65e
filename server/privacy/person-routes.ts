// What a browser can ask about one person: a copy of everything, to be erased. Customers, and whoever was only copied.
import type { Request, Response, Router } from 'express';
import type { Agent } from '../agents';
import type { App } from '../app';
import { type CustomerRow, findCustomerById, findStayingCustomer } from '../customers';
import { NotFound, Problem } from '../lib/errors';
import { can } from '../roles';
import { formWithError, page, readForm } from '../web';
import { type Copied, copiedAt, pageOf } from './copied';
import { beginErasure, enqueueErasure } from './erase';
import { type Person, ticketsOf } from './export-data';
import { beginExport } from './exports';
import { eraseForm, exportForm, findForm } from './forms';
import { claimantsOf, planFor } from './identity';
import { personBy } from './meant';
import { privacyPage } from './present';
import { copiedPage } from './present-copied';
import { erasePage, type Returned, wordToType } from './present-erasure';
import { newExportPage } from './present-export';
import { surveyOf } from './survey';

type PersonOf = (req: Request) => CustomerRow | Copied;

const agentOf = (req: Request) => req.context.actor as Agent;

export function personRoutes(app: App, router: Router): void {
  /** Throws NotFound for an address that leads to nobody. */
  const customerOf = (req: Request): CustomerRow => {
    const customer = findStayingCustomer(app, String(req.params['id']));
    if (!customer) throw NotFound('There is no such customer.');
    return customer;
  };
  const copiedOf = (req: Request): Copied => {
    const copied = copiedAt(app, String(req.params['id']));
    if (!copied) throw NotFound('Nobody is only copied there.');
    return copied;
  };

  router.post('/privacy', can('privacy.export'), async (req, res) => {
    const form = readForm(findForm, req);
    const meant = form.ok ? await find(app, form.value.address) : undefined;
    if (meant) return res.redirect(303, pageOf(app, meant));
    const returned = form.ok ? formWithError(form.values, 'address', 'privacy.find.nobody') : form;
    page(res, 'privacy/index', privacyPage(app, req.context.reader, returned), 422);
  });

  router.get('/privacy/copied', can('privacy.export'), (_req, res) => res.redirect(303, '/privacy'));
  router.get('/privacy/copied/:id', can('privacy.export'), (req, res) =>
    page(res, 'privacy/copied', copiedPage(app, req.context.reader, copiedOf(req))),
  );

  exportRoutes(app, router, '/customers/:id/export', customerOf);
  exportRoutes(app, router, '/privacy/copied/:id/export', copiedOf);
  eraseRoutes(app, router, '/customers/:id/erase', customerOf);
  eraseRoutes(app, router, '/privacy/copied/:id/erase', copiedOf);
}

async function find(app: App, address: string): Promise<Person | undefined> {
  try {
    const meant = await personBy(app, 'privacy', address, false);
    return 'customer' in meant ? meant.customer : meant.copied;
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

function exportRoutes(app: App, router: Router, path: string, personOf: PersonOf): void {
  const show = (req: Request, res: Response, person: Person, returned?: Returned, status?: number) => {
    const model = newExportPage(
      app,
      req.context.reader,
      person,
      pageOf(app, person),
      countTickets(app, person),
      returned,
    );
    page(res, 'privacy/export-new', model, status);
  };

  router.get(path, can('privacy.export'), (req, res) => show(req, res, personOf(req)));

  router.post(path, can('privacy.export'), async (req, res) => {
    const person = personOf(req);
    const form = readForm(exportForm, req);
    if (!form.ok) return show(req, res, person, form, 422);
    const publicId = await app.write(() => beginExport(app, agentOf(req), person, form.value));
    res.redirect(303, `/privacy/exports/${publicId}`);
  });
}

function eraseRoutes(app: App, router: Router, path: string, personOf: PersonOf): void {
  const show = async (req: Request, res: Response, person: Person, returned?: Returned, status?: number) => {
    const survey = await surveyOf(app, planOf(app, person), 'erase');
    page(
      res,
      'privacy/erase',
      erasePage(app, req.context.reader, person, pageOf(app, person), survey, returned),
      status,
    );
  };

  router.get(path, can('privacy.erase'), (req, res) => show(req, res, personOf(req)));

  router.post(path, can('privacy.erase'), async (req, res) => {
    const person = personOf(req);
    const form = readForm(eraseForm, req);
    const word = wordToType(app, person);
    const isTyped = form.ok && form.value.typed.toLowerCase() === word.toLowerCase();
    if (!form.ok || !isTyped) {
      const returned = form.ok ? formWithError(form.values, 'typed', 'privacy.erase.typed.other') : form;
      return show(req, res, person, returned, 422);
    }
    const { kind, othersFiles, ground, claimants, alsoOnServer } = form.value;
    const decision = othersFiles === 'keep' ? { othersFiles, ground } : { othersFiles };
    const { people, copiedAs } = peopleOf(app, person, claimants);
    const begun = await beginErasure(app, agentOf(req), people, { kind, decision, copiedAs, alsoOnServer });
    await enqueueErasure(app, begun.id);
    res.redirect(303, `/privacy/erasures/${begun.publicId}`);
  });
}

/** Who goes: a customer with visitors who typed the same address, or an address that has no row. */
function peopleOf(
  app: App,
  person: Person,
  claimants: boolean,
): { people: CustomerRow[]; copiedAs: string[] } {
  if (person.copiedAs !== undefined) return { people: [], copiedAs: [person.copiedAs] };
  const customer = findCustomerById(app.db, person.id) as CustomerRow;
  return { people: [customer, ...(claimants ? claimantsOf(app, customer) : [])], copiedAs: [] };
}

function planOf(app: App, person: Person) {
  const { people, copiedAs } = peopleOf(app, person, true);
  return planFor(app, people, { othersFiles: 'remove' }, copiedAs);
}

function countTickets(app: App, person: Person): { own: number; joint: number } {
  const tickets = ticketsOf(app, person);
  const own = tickets.filter((ticket) => ticket.own).length;
  return { own, joint: tickets.length - own };
}
