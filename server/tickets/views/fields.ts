// The closed table of what a saved view can ask for. Words that people type are values, never SQL.
import { DAY, HOUR } from '../../lib/clock';
import { PRIORITIES, STATUSES } from '../ticket';

/** A piece of a WHERE over `tickets` and `viewers`; each `?` takes one value, some of which depend on the time. */
export interface Piece {
  sql: string;
  values: ((now: number) => string | number)[];
}

/** A choice of words and, where it has ids, of numbers of rows. */
export interface ListField {
  kind: 'list';
  words: readonly string[];
  hasIds: boolean;
  /** Whether it has "all of these" besides "any of these" and "none of these". */
  hasAll: boolean;
  /** It means something else for each viewer when it has one of these. */
  personal: readonly string[];
  sql(words: string[], ids: number[], all: boolean): Piece;
}

export interface FlagField {
  kind: 'flag';
  isPersonal: boolean;
  sql: string;
}

export interface AgeField {
  kind: 'age';
  column: 'tickets.created_at' | 'tickets.activity_at';
}

export interface DomainField {
  kind: 'domain';
}

export type Field = ListField | FlagField | AgeField | DomainField;

export const UNITS = { hours: HOUR, days: DAY } as const;
export type Unit = keyof typeof UNITS;

const constant = (value: string | number) => () => value;
const inList = (expression: string, values: (string | number)[]): Piece => ({
  sql: `${expression} IN (SELECT value FROM json_each(?))`,
  values: [constant(JSON.stringify(values))],
});
const either = (...pieces: (Piece | false)[]): Piece => {
  const meant = pieces.filter((piece) => piece !== false);
  return {
    sql: `(${meant.map(({ sql }) => sql).join(' OR ')})`,
    values: meant.flatMap(({ values }) => values),
  };
};
const words = (column: 'status' | 'priority' | 'channel', known: readonly string[]): ListField => ({
  kind: 'list',
  words: known,
  hasIds: false,
  hasAll: false,
  personal: [],
  sql: (chosen) => inList(`tickets.${column}`, chosen),
});
const flag = (sql: string, isPersonal = false): FlagField => ({ kind: 'flag', isPersonal, sql });

/** `tags` of a ticket among some, all of them or any. */
function tagged(ids: number[], all: boolean): Piece {
  const found = inList('tag_id', ids);
  const of = `FROM ticket_tags WHERE ticket_tags.ticket_id = tickets.id AND ${found.sql}`;
  return all
    ? { sql: `(SELECT count(*) ${of}) = ?`, values: [...found.values, constant(new Set(ids).size)] }
    : { sql: `EXISTS (SELECT 1 ${of})`, values: found.values };
}

export const FIELDS = {
  status: words('status', STATUSES),
  priority: words('priority', PRIORITIES),
  assignee: {
    kind: 'list',
    words: ['me', 'nobody'],
    hasIds: true,
    hasAll: false,
    personal: ['me'],
    sql: (chosen, ids) =>
      either(
        chosen.includes('me') && { sql: 'ifnull(tickets.assignee_id, 0) = viewers.id', values: [] },
        inList('ifnull(tickets.assignee_id, 0)', chosen.includes('nobody') ? [0, ...ids] : ids),
      ),
  },
  team: {
    kind: 'list',
    words: ['mine', 'none'],
    hasIds: true,
    hasAll: false,
    personal: ['mine'],
    sql: (chosen, ids) =>
      either(
        chosen.includes('mine') && {
          sql: 'ifnull(tickets.team_id, 0) IN (SELECT team_id FROM team_members WHERE team_members.agent_id = viewers.id)',
          values: [],
        },
        inList('ifnull(tickets.team_id, 0)', chosen.includes('none') ? [0, ...ids] : ids),
      ),
  },
  tag: {
    kind: 'list',
    words: [],
    hasIds: true,
    hasAll: true,
    personal: [],
    sql: (_, ids, all) => tagged(ids, all),
  },
  channel: words('channel', ['email', 'chat', 'form']),
  mailbox: {
    kind: 'list',
    words: [],
    hasIds: true,
    hasAll: false,
    personal: [],
    sql: (_, ids) => inList('ifnull(tickets.mailbox_id, 0)', ids),
  },
  domain: { kind: 'domain' },
  created: { kind: 'age', column: 'tickets.created_at' },
  activity: { kind: 'age', column: 'tickets.activity_at' },
  awaits: flag('tickets.awaits_us = 1'),
  undelivered: flag('tickets.undelivered > 0'),
  followed: flag(
    'EXISTS (SELECT 1 FROM ticket_followers WHERE ticket_followers.ticket_id = tickets.id AND ticket_followers.agent_id = viewers.id)',
    true,
  ),
  snoozed: flag('tickets.snoozed_at IS NOT NULL'),
  spam: flag('tickets.is_spam = 1'),
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof FIELDS;
export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];
export const fieldOf = (name: FieldName): Field => FIELDS[name];

/** What their addresses end in: `firm.example`, not what is below it. */
export const ofDomains = (domains: string[]): Piece => {
  const found = inList("substr(address_key, instr(address_key, '@') + 1)", domains);
  return {
    sql: `EXISTS (SELECT 1 FROM customer_addresses WHERE customer_addresses.customer_id = tickets.customer_id
                     AND customer_addresses.kind = 'email' AND ${found.sql})`,
    values: found.values,
  };
};

/** Older or newer than so many ms before now. */
export const ofAge = ({ column }: AgeField, isOlder: boolean, ms: number): Piece => ({
  sql: `${column} ${isOlder ? '<=' : '>'} ?`,
  values: [(now) => now - ms],
});

/** The highest comes first. Priorities are further apart than any two times. */
export const SORTS = {
  activity: 'tickets.activity_at',
  'activity-old': '-tickets.activity_at',
  created: 'tickets.created_at',
  'created-old': '-tickets.created_at',
  priority: `(CASE tickets.priority WHEN 'urgent' THEN 3 WHEN 'high' THEN 2 WHEN 'normal' THEN 1 ELSE 0 END)
    * 10000000000000 + tickets.activity_at`,
} as const;
export type Sort = keyof typeof SORTS;
export const SORT_NAMES = Object.keys(SORTS) as Sort[];
