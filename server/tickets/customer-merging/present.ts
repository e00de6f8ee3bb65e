// Merging customers as pages show it: the two, which of them stays, what goes along; and how it is undone.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import {
  type CustomerMergeRefusal,
  type CustomerRow,
  canUnmergeCustomer,
  findAddresses,
  findMergedInto,
  whyNotMergeCustomers,
} from '../../customers';
import { queryOne } from '../../db';
import { mayRole } from '../../roles';
import type { Reader } from '../../web';
import { findCustomers } from '../find-customers';
import { customerLine } from '../organizations/present';
import { personOf } from '../present-list';
import type { CustomerMergePage, MergeSide } from './page-models';

const MOST_FOUND = 10;

interface Counts {
  tickets: number;
  chats: number;
  consents: number;
  holds: number;
}
const countWhat = queryOne<[id: number, ...same: [number, number, number]], Counts>(`
  SELECT (SELECT count(*) FROM tickets WHERE customer_id = ?) AS tickets,
         (SELECT count(*) FROM visitors WHERE customer_id = ?) AS chats,
         (SELECT count(*) FROM consents WHERE customer_id = ?) AS consents,
         (SELECT count(*) FROM holds WHERE customer_id = ? AND released_at IS NULL) AS holds`);

export interface AskedMerge {
  q: string;
  other?: CustomerRow;
  /** Which was chosen to stay. */
  into?: string;
  refused?: CustomerMergeRefusal | 'choose';
}

export function customerMergePage(
  app: App,
  reader: Reader,
  customer: CustomerRow,
  asked: AskedMerge,
): CustomerMergePage {
  const { t } = reader;
  const { other } = asked;
  const href = `/customers/${customer.public_id}`;
  const both = other ? [customer, other] : [customer];
  const stays = both.find(({ public_id: id }) => id === asked.into) ?? olderOf(both);
  const refused = asked.refused ?? (other && whyNotMergeCustomers(app, customer, other));
  const { rows } = findCustomers(app, { q: asked.q || customer.name, after: '' });
  return {
    title: t('customers.merge'),
    current: 'customers',
    t,
    action: `${href}/merge`,
    ...(refused ? { error: t(`customers.merge.refused.${refused}`) } : {}),
    sides: other ? both.map((one) => sideOf(app, reader, one, one === stays)) : [],
    other: other?.public_id,
    q: asked.q,
    found: other
      ? []
      : rows
          .filter(({ id }) => id !== customer.id)
          .slice(0, MOST_FOUND)
          .map((row) => ({ ...customerLine(reader, row), href: `${href}/merge?with=${row.public_id}` })),
    back: href,
  };
}

/** Whoever has been known for longer. */
const olderOf = (both: CustomerRow[]) =>
  both.toSorted((a, b) => a.created_at - b.created_at || a.id - b.id)[0];

function sideOf(app: App, { t, format }: Reader, customer: CustomerRow, isChosen: boolean): MergeSide {
  const { id } = customer;
  const counts = countWhat(app.db, id, id, id, id) as Counts;
  return {
    id: customer.public_id,
    person: personOf(customer.name),
    addresses: findAddresses(app.db, id)
      .map(({ address }) => address)
      .join(', '),
    facts: t('customers.merge.facts', { ...counts }),
    since: format.day(customer.created_at),
    isChosen,
  };
}

/** Who was merged into a customer, with the way back while there is one. */
export function mergedInto(app: App, agent: Agent, { t }: Reader, customer: CustomerRow) {
  const may = mayRole(agent.role, 'customers.merge');
  return findMergedInto(app.db, customer.id).map((one) => ({
    words: t('customers.merged.here', { name: one.name }),
    ...(may && canUnmergeCustomer(app, one) ? { undo: `/customers/${one.public_id}/unmerge` } : {}),
  }));
}
