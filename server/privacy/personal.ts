// What personal data this domain holds itself: exports until they expire, and hashes of what must not come back.
import { goes, leadsTo, type PersonalDomain, personal, plain, told, unexported } from '../lib/personal';

export const privacyPersonal: PersonalDomain = {
  name: 'privacy',
  tables: [
    {
      table: 'retention_rules',
      why: 'rights',
      kept: 'firm',
      columns: {
        ...plain('id', 'kind', 'days', 'is_on', 'created_at', 'switched_at'),
        ...leadsTo('agent', 'created_by'),
      },
    },
    {
      table: 'retention_runs',
      why: 'rights',
      kept: 'evidence',
      columns: {
        ...plain('id', 'rule_id', 'started_at', 'ended_at', 'counts', 'error'),
        ...leadsTo('agent', 'started_by'),
      },
    },
    {
      table: 'erasures',
      why: 'rights',
      kept: 'evidence',
      columns: {
        ...plain(
          'id',
          'public_id',
          'kind',
          'state',
          'step',
          'waits_for',
          'started_at',
          'ended_at',
          'certificate',
          'error',
        ),
        ...unexported('customer', 'content', 'nothing', 'plan'),
        ...leadsTo('agent', 'requested_by'),
      },
    },
    {
      table: 'erased_keys',
      why: 'rights',
      kept: 'hashes',
      key: 'key_hash',
      columns: {
        ...plain('kind', 'erased_at', 'off_server'),
        ...unexported('customer', 'identifier', 'nothing', 'key_hash'),
      },
    },
    {
      table: 'exports',
      why: 'rights',
      kept: 'export',
      file: { column: 'disk_name', folder: 'exports' },
      given: { column: 'customer_id' },
      of: { customer: goes('customer_id = :id'), address: goes('address_key = :id') },
      columns: {
        ...plain('id', 'public_id', 'disk_name', 'done', 'total', 'error'),
        ...unexported('customer', 'identifier', 'nothing', 'address_key'),
        ...leadsTo('customer', 'customer_id'),
        ...leadsTo('agent', 'requested_by'),
        ...personal('customer', 'content', 'json', 'withheld'),
        ...told('state', 'size', 'created_at', 'ended_at', 'expires_at'),
      },
    },
  ],
};
