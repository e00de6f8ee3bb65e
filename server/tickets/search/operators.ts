// The closed table of search operators: what each value means to the index, which values there are, what is allowed.
import { type Agent, findEverybody } from '../../agents';
import type { App } from '../../app';
import { findOrganizationIds, findOrganizationNames } from '../../customers';
import { type Db, untilCommit } from '../../db';
import { findAliases, findMailboxes } from '../../mail';
import { findAllTags, findTag, tagKey } from '../tags';
import { type Channel, STATUSES } from '../ticket';
import { fold, foldedWordsIn } from '../words';
import { dateMeant, suggestedDates } from './dates';
import { MARKS } from './marks';
import type { OperatorName } from './terms';

/** Who asks, in whose language and zone. */
export interface Asking {
  app: App;
  agent: Agent;
}

/** An expression of the index's own language, made of what stands here and of quoted words alone; or a moment for a range. */
export type Meaning = { match: string } | { moment: number };

export interface Value {
  value: string;
  label: string;
}

export interface Operator {
  /** Undefined for a value that there is not. `unfinished`: the last word may be the beginning of one. */
  meaning(asking: Asking, value: string, unfinished: boolean): Meaning | undefined;
  /** What can be chosen, the likeliest first. */
  values(asking: Asking): Value[];
  /** A key of the catalogue for what is allowed, where it is no list of values. */
  allowed?: string;
}

const anyOf = (marks: string[]): Meaning | undefined =>
  marks.length === 0 ? undefined : { match: `(${marks.map((one) => `"${one}"`).join(' OR ')})` };

/** Shorter beginnings cost too much (SPEED). */
export const SHORTEST_BEGINNING = 4;
const MOST_IN_A_PHRASE = 12;

/** Words that have to stand one after the other; of a pasted page the first ones. */
export function phrase(all: string[], unfinished: boolean): string {
  const words = all.slice(0, MOST_IN_A_PHRASE);
  const isBeginning = unfinished && (words.at(-1)?.length ?? 0) >= SHORTEST_BEGINNING;
  return `"${words.join(' ')}"${isBeginning ? '*' : ''}`;
}

/** By its own word or by the reader's: `status:"on hold"`, `status:on-hold`, `status:"Satt på vent"`. */
const said = (text: string) =>
  fold(text)
    .replace(/[\s-]+/g, ' ')
    .trim();

function choice(choices: readonly { value: string; key: string; mark: string }[]): Operator {
  const label = ({ app, agent }: Asking, key: string) => app.catalogues[agent.language](key);
  return {
    meaning(asking, value) {
      const found = choices.filter(
        (one) => said(one.value) === said(value) || said(label(asking, one.key)) === said(value),
      );
      return anyOf(found.map((one) => one.mark));
    },
    values: (asking) => choices.map(({ value, key }) => ({ value, label: label(asking, key) })),
  };
}

const STATUS_CHOICES = [
  ...STATUSES.map((status) => ({
    value: status,
    key: `tickets.status.${status.replace(' ', '-')}`,
    mark: MARKS.status(status),
  })),
  { value: 'spam', key: 'tickets.spam', mark: MARKS.has('spam') },
];
const CHANNEL_CHOICES = (['email', 'chat', 'form'] satisfies Channel[]).map((channel) => ({
  value: channel,
  key: `tickets.channel.${channel}`,
  mark: MARKS.channel(channel),
}));
const HAS_CHOICES = [
  { value: 'attachment', key: 'tickets.search.attachment', mark: MARKS.has('attachment') },
];

const MOST_OFFERED = 200;
const allTags = untilCommit((db: Db, most: number) => findAllTags(db, most));
/** Of many firms that are called alike the first. */
const MOST_CALLED = 50;
const organizationNames = untilCommit((db: Db, most: number) => findOrganizationNames(db, most));
const everybody = untilCommit((db) => findEverybody(db));

/** Every word of what was typed begins one of theirs: "ana" or "ana b" for Ana Bērziņa. */
function isCalled(text: string, value: string): boolean {
  const own = foldedWordsIn(text);
  const asked = foldedWordsIn(value);
  return asked.length > 0 && asked.every((word) => own.some((part) => part.startsWith(word)));
}

const date: Operator = {
  meaning(asking, value) {
    const moment = dateMeant(asking, value);
    return moment === undefined ? undefined : { moment };
  },
  values: suggestedDates,
  allowed: 'tickets.search.allowed.date',
};

export const OPERATORS: Record<OperatorName, Operator> = {
  from: {
    meaning(_asking, value, unfinished) {
      const words = foldedWordsIn(value);
      return words.length === 0 ? undefined : { match: `sender : ${phrase(words, unfinished)}` };
    },
    values: () => [],
    allowed: 'tickets.search.allowed.person',
  },
  to: {
    meaning({ app }, value, unfinished) {
      const words = foldedWordsIn(value);
      if (words.length === 0) return undefined;
      const ours = findMailboxes(app.db).filter(({ address }) => isCalled(address, value));
      const aliases = findMailboxes(app.db)
        .flatMap(({ id }) => findAliases(app.db, id))
        .filter(({ address }) => isCalled(address, value));
      const marks = [
        ...ours.map(({ id }) => MARKS.mailbox(id)),
        ...aliases.map(({ id }) => MARKS.alias(id)),
      ].map((mark) => `"${mark}"`);
      return { match: `(${[`receiver : ${phrase(words, unfinished)}`, ...marks].join(' OR ')})` };
    },
    values: ({ app }) =>
      findMailboxes(app.db)
        .filter(({ is_local }) => !is_local)
        .flatMap(({ id, address, sender_name: label }) =>
          [address, ...findAliases(app.db, id).map((alias) => alias.address)].map((value) => ({
            value,
            label,
          })),
        ),
    allowed: 'tickets.search.allowed.person',
  },
  org: {
    meaning({ app }, value) {
      if (value === '') return undefined;
      const found = findOrganizationIds(app.db, value, `${value}\u{10FFFF}`, MOST_CALLED);
      return anyOf(found.map((id) => MARKS.organization(id)));
    },
    values: ({ app }) =>
      organizationNames(app.db, MOST_OFFERED).map((name) => ({
        value: name.replace(/["“”„«»]/g, ' '),
        label: '',
      })),
  },
  tag: {
    meaning({ app }, value) {
      const tag = findTag(app.db, tagKey(value));
      return tag && anyOf([MARKS.tag(tag.id)]);
    },
    values: ({ app }) => allTags(app.db, MOST_OFFERED).map(({ name }) => ({ value: name, label: '' })),
  },
  status: choice(STATUS_CHOICES),
  assignee: {
    meaning({ app, agent }, value) {
      const t = app.catalogues[agent.language];
      const is = (word: string, key: string) => said(value) === word || said(value) === said(t(key));
      if (is('me', 'tickets.search.me')) return anyOf([MARKS.assignee(agent.id)]);
      if (is('nobody', 'tickets.assignee.nobody')) return anyOf([MARKS.assignee(0)]);
      const named = everybody(app.db).filter(({ name, email }) => isCalled(`${name} ${email}`, value));
      return anyOf(named.map(({ id }) => MARKS.assignee(id)));
    },
    values({ app, agent }) {
      const t = app.catalogues[agent.language];
      const people = everybody(app.db).filter(({ state }) => state === 'active');
      return [
        { value: 'me', label: agent.name },
        { value: 'nobody', label: t('tickets.assignee.nobody') },
        ...people.map(({ name }) => ({ value: name, label: '' })),
      ];
    },
  },
  channel: choice(CHANNEL_CHOICES),
  has: choice(HAS_CHOICES),
  before: date,
  after: date,
};
