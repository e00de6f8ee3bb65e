// What personal data the customers' own rows hold: who they are, what binds us to keep, who looked.
import { queryOne } from '../db';
import { goes, leadsTo, type PersonalDomain, personal, plain, told, unexported } from '../lib/personal';
import { findAddresses } from './queries';

const findName = queryOne<[id: number], { name: string; public_id: string }>(
  'SELECT name, public_id FROM customers WHERE id = ?',
);

const NEUTRAL =
  'public_id = :fresh, name = :label, organization_id = NULL, language = NULL, time_zone = NULL, restricted_at = NULL';

export const customersPersonal: PersonalDomain = {
  name: 'customers',
  tables: [
    {
      table: 'organizations',
      why: 'answering',
      kept: 'firm',
      // Whom somebody belongs to is told them; it stays when they go, without their name.
      of: {
        customer: {
          where: 'id = (SELECT organization_id FROM customers WHERE customers.id = :id)',
          erase: 'stay',
          deidentify: 'stay',
          retain: 'stay',
        },
      },
      columns: {
        ...plain('id', 'public_id', 'created_at', 'updated_at'),
        ...personal('anyone', 'content', 'words', 'name'),
        // About a firm and all its people: not one person's to have, but searched for whoever is erased.
        ...unexported('anyone', 'content', 'words', 'notes'),
      },
    },
    {
      table: 'organization_domains',
      why: 'answering',
      kept: 'firm',
      key: 'domain',
      columns: plain('domain', 'organization_id'),
    },
    {
      table: 'customers',
      why: 'answering',
      kept: 'customer',
      given: { column: 'merged_into_id' },
      of: { customer: { where: 'id = :id', erase: 'delete', deidentify: { set: NEUTRAL }, retain: 'stay' } },
      columns: {
        ...plain('id', 'deleted_at'),
        ...leadsTo('customer', 'organization_id', 'merged_into_id'),
        ...personal('customer', 'identifier', 'nothing', 'public_id'),
        ...personal('customer', 'contact', 'words', 'name'),
        ...personal('customer', 'technical', 'nothing', 'language', 'time_zone'),
        ...told('restricted_at', 'created_at', 'updated_at'),
      },
    },
    {
      table: 'customer_addresses',
      why: 'answering',
      kept: 'customer',
      given: { column: 'customer_id' },
      of: { customer: goes('customer_id = :id'), address: { ...goes('address_key = :id'), silent: true } },
      columns: {
        ...plain('id'),
        ...leadsTo('customer', 'customer_id'),
        ...personal('customer', 'contact', 'nothing', 'address'),
        ...unexported('customer', 'contact', 'nothing', 'address_key'),
        ...told('kind', 'verified_at', 'verified_how', 'failing_since', 'created_at'),
      },
    },
    {
      table: 'customer_notes',
      why: 'answering',
      kept: 'customer',
      given: { column: 'customer_id' },
      of: { customer: goes('customer_id = :id') },
      columns: {
        ...plain('id'),
        ...leadsTo('customer', 'customer_id'),
        ...leadsTo('agent', 'agent_id'),
        ...personal('customer', 'content', 'words', 'words'),
        ...told('created_at', 'edited_at'),
      },
    },
    {
      table: 'customer_merges',
      why: 'answering',
      kept: 'customer',
      key: 'customer_id',
      of: {
        customer: {
          where: 'customer_id = :id OR into_id = :id',
          erase: 'delete',
          deidentify: 'delete',
          retain: 'stay',
        },
      },
      columns: {
        ...plain('merged_at', 'moved', 'filled'),
        ...leadsTo('customer', 'customer_id', 'into_id'),
        ...leadsTo('agent', 'merged_by'),
      },
    },
    {
      table: 'holds',
      why: 'rights',
      kept: 'customer',
      given: { column: 'customer_id' },
      of: { customer: goes('customer_id = :id'), ticket: { ...goes('ticket_id = :id'), silent: true } },
      columns: {
        ...plain('id'),
        ...leadsTo('customer', 'customer_id', 'ticket_id'),
        ...leadsTo('agent', 'created_by'),
        ...personal('customer', 'content', 'words', 'reason'),
        ...told('ground', 'review_at', 'created_at', 'released_at'),
      },
    },
    {
      table: 'consents',
      why: 'rights',
      kept: 'customer',
      given: { column: 'customer_id' },
      of: { customer: goes('customer_id = :id') },
      columns: {
        ...plain('id'),
        ...leadsTo('customer', 'customer_id'),
        ...personal(
          'customer',
          'behaviour',
          'nothing',
          'purpose',
          'wording',
          'wording_version',
          'language',
          'page',
          'given_at',
          'withdrawn_at',
        ),
      },
    },
    {
      table: 'read_log',
      why: 'security',
      kept: 'reads',
      given: { column: 'customer_id' },
      // Who looked is kept as evidence of lawful use; after an erasure it is numbers that lead nowhere (P12).
      of: { customer: { where: 'customer_id = :id', erase: 'stay', deidentify: 'stay', retain: 'stay' } },
      columns: {
        ...plain('id'),
        ...leadsTo('customer', 'customer_id', 'ticket_id'),
        ...leadsTo('agent', 'agent_id'),
        ...personal('customer', 'behaviour', 'nothing', 'at', 'act'),
      },
    },
  ],
  identify: (app, customerId) => {
    const customer = findName(app.db, customerId);
    return {
      addresses: findAddresses(app.db, customerId).map((row) => row.address),
      ids: customer ? [customer.public_id] : [],
      names: customer ? [customer.name] : [],
    };
  },
};
