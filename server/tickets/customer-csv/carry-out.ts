// Does what was shown of one row, and nothing else: where somebody has changed the customer since, it is refused.
import type { App } from '../../app';
import {
  addProvenAddress,
  changeCustomer,
  findCustomerById,
  findOrganizationNamed,
  knowCustomerByMail,
  placeCustomer,
  saveOrganization,
  updateTimeZone,
} from '../../customers';
import type { Actor } from '../../events';
import type { FileRow } from './import';
import { type Cells, judge, type Verdict } from './row';

/** Inside a transaction. What has become of the row. */
export function carryOut(app: App, actor: Actor, row: FileRow): Verdict {
  const cells = JSON.parse(row.cells) as Cells;
  const now = judge(app, cells);
  const isAsShown = now.outcome === row.outcome && sameText(JSON.stringify(now.changes), row.changes);
  // Done already, by another file or by hand.
  if (now.outcome === 'same') return now;
  if (!isAsShown) return { outcome: 'refused', why: now.why ?? 'meanwhile', changes: [] };
  return {
    ...now,
    customer: now.outcome === 'new' ? create(app, actor, cells) : update(app, actor, cells, now),
  };
}

/** An organization that an earlier row has made may be written in other capitals. */
const sameText = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

function create(app: App, actor: Actor, cells: Cells): number {
  const [address = ''] = cells.addresses;
  const customer = knowCustomerByMail(app, actor, { name: cells.name, address }, cells.language || null);
  complete(app, actor, customer.id, cells);
  return customer.id;
}

function update(app: App, actor: Actor, cells: Cells, { customer: id = 0 }: Verdict): number {
  const customer = findCustomerById(app.db, id);
  if (!customer) return id;
  changeCustomer(app, actor, customer, {
    name: cells.name || customer.name,
    language: cells.language || customer.language,
  });
  complete(app, actor, id, cells);
  return id;
}

function complete(app: App, actor: Actor, id: number, cells: Cells): void {
  for (const address of cells.addresses) addProvenAddress(app, actor, { id }, address, 'agent');
  if (cells.time_zone) updateTimeZone(app.db, cells.time_zone, app.clock.now(), id);
  const customer = findCustomerById(app.db, id);
  if (customer && cells.organization) placeCustomer(app, actor, customer, organizationOf(app, actor, cells));
}

function organizationOf(app: App, actor: Actor, { organization: name }: Cells): number {
  const known = findOrganizationNamed(app.db, name);
  if (known) return known.id;
  const saved = saveOrganization(app, actor, undefined, { name, domains: [], notes: '' });
  if (!('id' in saved)) throw new Error('an organization that was not there could not be made');
  return saved.id;
}
