// What people do with organizations: make, change and remove one, and say who belongs to it.
import type { App } from '../../app';
import { type Actor, record } from '../../events';
import { randomId } from '../../lib/ids';
import { domainOf } from '../../mail';
import type { CustomerRow } from '../customer';
import {
  type DomainProblem,
  isOpenToAnybody,
  type OrganizationInput,
  type OrganizationRow,
} from './organization';
import {
  deleteDomain,
  deleteOrganization,
  findDomainsOf,
  findOrganizationNamed,
  findOrganizationOfDomain,
  findUnplaced,
  insertDomain,
  insertOrganization,
  updateCustomerOrganization,
  updateOrganization,
} from './queries';

export type OrganizationOutcome = { id: number; publicId: string } | { taken: true } | DomainProblem;

/** Inside a transaction. Nothing is written when its name or one of its domains is another's. */
export function saveOrganization(
  app: App,
  actor: Actor,
  known: OrganizationRow | undefined,
  input: OrganizationInput,
): OrganizationOutcome {
  const namesake = findOrganizationNamed(app.db, input.name);
  if (namesake && namesake.id !== known?.id && input.name !== known?.name) return { taken: true };
  const problem = input.domains.map((domain) => domainProblem(app, known, domain)).find(Boolean);
  if (problem) return problem;

  const now = app.clock.now();
  const publicId = known?.public_id ?? randomId();
  const id = known?.id ?? insertOrganization(app.db, publicId, input.name, input.notes, now, now);
  if (known) updateOrganization(app.db, input.name, input.notes, now, id);
  const before = findDomainsOf(app.db, id);
  for (const domain of before) if (!input.domains.includes(domain)) deleteDomain(app.db, domain, id);
  for (const domain of input.domains) if (!before.includes(domain)) insertDomain(app.db, domain, id);
  record(app, known ? 'organization.changed' : 'organization.created', actor, { id });
  return { id, publicId };
}

function domainProblem(
  app: App,
  known: OrganizationRow | undefined,
  domain: string,
): DomainProblem | undefined {
  if (isOpenToAnybody(domain)) return { key: 'organizations.domains.open', domain };
  const owner = findOrganizationOfDomain(app.db, domain);
  if (!owner || owner.id === known?.id) return undefined;
  return { key: 'organizations.domains.taken', domain, organization: owner.name };
}

/** Its customers stay, and belong nowhere. */
export function removeOrganization(app: App, actor: Actor, organization: OrganizationRow): void {
  if (deleteOrganization(app.db, organization.id) > 0)
    record(app, 'organization.removed', actor, organization);
}

/** Says whom a customer belongs to; null: nobody. */
export function placeCustomer(
  app: App,
  actor: Actor,
  customer: Pick<CustomerRow, 'id' | 'organization_id'>,
  organizationId: number | null,
): void {
  if (customer.organization_id === organizationId) return;
  updateCustomerOrganization(app.db, organizationId, app.clock.now(), customer.id);
  customer.organization_id = organizationId;
  record(app, 'customer.placed', actor, customer, { organization: organizationId });
}

/** An address has proved itself: whoever belongs nowhere yet belongs to the organization of its domain. */
export function placeByAddress(app: App, actor: Actor, customer: CustomerRow, addressKey: string): void {
  if (customer.organization_id !== null) return;
  const organization = findOrganizationOfDomain(app.db, domainOf(addressKey));
  if (organization) placeCustomer(app, actor, customer, organization.id);
}

/** So many at once hold nobody up. */
const A_STEP = 50;

/** One step of taking in whoever is known by an address at its domains; false when there was nobody left. */
export function takeInSome(app: App, actor: Actor, organizationId: number): boolean {
  const found = findUnplaced(app.db, organizationId, A_STEP);
  for (const customer of found) placeCustomer(app, actor, customer, organizationId);
  return found.length === A_STEP;
}
