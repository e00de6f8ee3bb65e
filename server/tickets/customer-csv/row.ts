// One row of a file of customers: what it says, whom it is about, and what would become of it.
import type { App } from '../../app';
import {
  type CustomerRow,
  findAddresses,
  findCustomerByAddress,
  findOrganizationById,
  findOrganizationNamed,
} from '../../customers';
import { isTimeZone, LOCALES } from '../../i18n';
import { addressKey, isOwnAddress, validAddress } from '../../mail';

/** What a heading may be called, in our languages and as other programs export it; compared in lower case, `_` as a space. */
const HEADINGS: Record<Field, readonly string[]> = {
  name: ['name', 'full name', 'customer', 'navn', 'kunde', 'vārds', 'klients'],
  addresses: [
    ...['addresses', 'address', 'email', 'e-mail', 'mail', 'emails', 'email address', 'e-mail address'],
    ...['e-post', 'epost', 'e-postadresse', 'adresse', 'e-pasts', 'epasts', 'adrese'],
  ],
  organization: [
    'organization',
    'organisation',
    'company',
    'firm',
    'organisasjon',
    'firma',
    'organizācija',
    'uzņēmums',
  ],
  language: ['language', 'locale', 'språk', 'valoda'],
  time_zone: ['time zone', 'timezone', 'tidssone', 'laika josla'],
};
export type Field = 'name' | 'addresses' | 'organization' | 'language' | 'time_zone';
export const FIELDS = Object.keys(HEADINGS) as Field[];

/** Which column holds what; undefined for one that is not there. */
export type Columns = Partial<Record<Field, number>>;

export function columnsIn(headings: string[]): Columns {
  const said = headings.map((heading) => heading.toLowerCase().replaceAll('_', ' ').trim());
  const found = FIELDS.flatMap((field) => {
    const at = said.findIndex((heading) => HEADINGS[field].includes(heading));
    return at < 0 ? [] : [[field, at] as const];
  });
  return Object.fromEntries(found);
}

/** Empty where the file says nothing: that never takes anything away. */
export interface Cells {
  name: string;
  addresses: string[];
  organization: string;
  language: string;
  time_zone: string;
}

export type Why =
  | 'noAddress'
  | 'address'
  | 'own'
  | 'name'
  | 'language'
  | 'zone'
  | 'organization'
  | 'twice'
  | 'several'
  | 'restricted'
  | 'erased'
  | 'meanwhile';

export type Change = [field: Field, was: string, becomes: string];

export interface Verdict {
  outcome: 'new' | 'changed' | 'same' | 'refused';
  why?: Why;
  customer?: number;
  changes: Change[];
}

const refused = (why: Why): Verdict => ({ outcome: 'refused', why, changes: [] });
const LONGEST = 200;
const MOST_ADDRESSES = 20;

export function cellsOf(columns: Columns, cells: string[]): Cells {
  const said = (field: Field) =>
    (cells[columns[field] ?? -1] ?? '').replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  return {
    name: said('name'),
    addresses: addressesIn(said('addresses')),
    organization: said('organization'),
    language: said('language').toLowerCase(),
    time_zone: said('time_zone'),
  };
}

/** As mail stores them, so that a domain in letters and the same in punycode are one; what is no address stays as written, to be shown. */
function addressesIn(text: string): string[] {
  const typed = text.split(/[\s,;]+/).filter(Boolean);
  return [...new Set(typed.map((one) => validAddress(one) ?? one))];
}

/** What is wrong with it, whoever it is about. */
function whyNot(app: App, cells: Cells): Why | undefined {
  if (cells.addresses.length === 0) return 'noAddress';
  if (
    cells.addresses.length > MOST_ADDRESSES ||
    cells.addresses.some((one) => validAddress(one) === undefined)
  )
    return 'address';
  if (cells.addresses.some((address) => isOwnAddress(app, address))) return 'own';
  if (cells.name.length > LONGEST) return 'name';
  if (cells.organization.length > LONGEST) return 'organization';
  if (cells.language !== '' && !(LOCALES as readonly string[]).includes(cells.language)) return 'language';
  if (cells.time_zone !== '' && !isTimeZone(cells.time_zone)) return 'zone';
  return cells.addresses.some((address) => app.hooks.erasedAt(app, addressKey(address)) !== undefined)
    ? 'erased'
    : undefined;
}

/** What would become of a row as things stand now. */
export function judge(app: App, cells: Cells): Verdict {
  const why = whyNot(app, cells);
  if (why) return refused(why);
  const known = new Map<number, CustomerRow>();
  for (const address of cells.addresses) {
    const customer = findCustomerByAddress(app.db, addressKey(address));
    if (customer) known.set(customer.id, customer);
  }
  if (known.size > 1) return refused('several');
  const [customer] = known.values();
  if (!customer) return { outcome: 'new', changes: [] };
  const changes = changesOf(app, customer, cells);
  if (changes.length === 0) return { outcome: 'same', customer: customer.id, changes };
  if (customer.restricted_at !== null) return { ...refused('restricted'), customer: customer.id };
  return { outcome: 'changed', customer: customer.id, changes };
}

function changesOf(app: App, customer: CustomerRow, cells: Cells): Change[] {
  const changes: Change[] = [];
  const differs = (field: Field, was: string, becomes: string) => {
    if (becomes !== '' && becomes !== was) changes.push([field, was, becomes]);
  };
  differs('name', customer.name, cells.name);
  const organization =
    customer.organization_id === null ? undefined : findOrganizationById(app.db, customer.organization_id);
  const named = findOrganizationNamed(app.db, cells.organization);
  differs('organization', organization?.name ?? '', named?.name ?? cells.organization);
  differs('language', customer.language ?? '', cells.language);
  differs('time_zone', customer.time_zone ?? '', cells.time_zone);
  const own = findAddresses(app.db, customer.id).filter((row) => row.verified_at !== null);
  const keys = new Set(own.map((row) => row.address_key));
  const added = cells.addresses.filter((address) => !keys.has(addressKey(address)));
  if (added.length > 0)
    changes.push(['addresses', own.map(({ address }) => address).join(', '), added.join(', ')]);
  return changes;
}
