// Customers and organizations as files for a spreadsheet, a page of rows at a time; whose data somebody took along is noted (P12).
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { change, query } from '../../db';
import { record } from '../../events';
import { BOM, csvLine } from '../../lib/csv';

const A_PAGE = 500;

/** Words of the file, not of a language: a file that goes out in one language comes in in another. */
const HEADINGS = ['name', 'addresses', 'organization', 'language', 'time_zone', 'created', 'tickets'];

interface CustomerLine {
  id: number;
  name: string;
  addresses: string | null;
  organization: string | null;
  language: string | null;
  time_zone: string | null;
  created_at: number;
  tickets: number;
}

/** An address that was only typed names nobody (C8), so it does not go out as theirs. */
const findCustomerLines = query<[after: number, limit: number], CustomerLine[]>(`
  SELECT customers.id, customers.name, organizations.name AS organization, customers.language, customers.time_zone, customers.created_at,
         (SELECT group_concat(address, '; ') FROM (
            SELECT address FROM customer_addresses WHERE customer_id = customers.id AND verified_at IS NOT NULL ORDER BY id)) AS addresses,
         (SELECT count(*) FROM tickets WHERE tickets.customer_id = customers.id AND tickets.deleted_at IS NULL) AS tickets
    FROM customers LEFT JOIN organizations ON organizations.id = organization_id
   WHERE customers.id > ? AND customers.deleted_at IS NULL AND customers.merged_into_id IS NULL ORDER BY customers.id LIMIT ?`);
const insertReads = change<[at: number, agentId: number, ids: string]>(`
  INSERT INTO read_log (at, agent_id, act, customer_id) SELECT ?, ?, 'exported', value FROM json_each(?)`);

const day = (at: number) => new Date(at).toISOString().slice(0, 10);

/** What is noted of a page is written before the page leaves. */
export async function* customersCsv(app: App, agent: Agent): AsyncGenerator<string> {
  await app.write(() => record(app, 'customers.exported', agent, { id: 0 }));
  yield BOM + csvLine(HEADINGS);
  for (let after = 0; ; ) {
    const lines = findCustomerLines(app.db, after, A_PAGE);
    if (lines.length === 0) return;
    await app.write(() =>
      insertReads(app.db, app.clock.now(), agent.id, JSON.stringify(lines.map(({ id }) => id))),
    );
    yield lines.map(lineOf).join('');
    after = lines.at(-1)?.id as number;
  }
}

const lineOf = (row: CustomerLine) =>
  csvLine([
    row.name,
    row.addresses ?? '',
    row.organization ?? '',
    row.language ?? '',
    row.time_zone ?? '',
    day(row.created_at),
    row.tickets,
  ]);

const findOrganizationLines = query<
  [after: number, limit: number],
  { id: number; name: string; domains: string | null; customers: number; notes: string; created_at: number }[]
>(`
  SELECT id, name, notes, created_at,
         (SELECT group_concat(domain, '; ') FROM organization_domains WHERE organization_id = organizations.id) AS domains,
         (SELECT count(*) FROM customers WHERE organization_id = organizations.id AND deleted_at IS NULL AND merged_into_id IS NULL) AS customers
    FROM organizations WHERE id > ? ORDER BY id LIMIT ?`);

export async function* organizationsCsv(app: App, agent: Agent): AsyncGenerator<string> {
  await app.write(() => record(app, 'organizations.exported', agent, { id: 0 }));
  yield BOM + csvLine(['name', 'domains', 'customers', 'created', 'note']);
  for (let after = 0; ; ) {
    const lines = findOrganizationLines(app.db, after, A_PAGE);
    if (lines.length === 0) return;
    yield lines
      .map((row) => csvLine([row.name, row.domains ?? '', row.customers, day(row.created_at), row.notes]))
      .join('');
    after = lines.at(-1)?.id as number;
  }
}
