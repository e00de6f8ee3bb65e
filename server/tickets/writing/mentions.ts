// Colleagues named in a note: "@Ana Bērziņa", or "@Ana" while there is one of that name.
import { type Agent, type AgentRow, agentOf, findActiveAgents } from '../../agents';
import type { App } from '../../app';
import { numberFor } from '../access';
import { letFollow } from '../follow-ticket';
import type { MessageFacts, Ticket } from '../ticket';

export interface Mention {
  agent: AgentRow;
  /** As it is written, with its @. */
  as: string;
}

/** Not in the middle of a word or an address. */
const BEGINNING = /(?<![\p{L}\p{N}_.@/-])@/gu;
const GOES_ON = /^[\p{L}\p{N}_]/u;
/** A note that names more is no message to anybody. */
const MOST_NAMED = 50;

/** Each agent once, in the order of the words. The longest name that fits counts. */
export function mentionsIn(words: string, agents: AgentRow[]): Mention[] {
  const names = namesOf(agents);
  const found = new Map<number, Mention>();
  for (const { index } of words.matchAll(BEGINNING)) {
    const rest = words.slice(index + 1);
    const name = names.find(({ text }) => isAt(rest, text));
    if (!name) continue;
    const as = words.slice(index, index + 1 + name.text.length);
    for (const agent of name.agents) if (!found.has(agent.id)) found.set(agent.id, { agent, as });
    if (found.size >= MOST_NAMED) break;
  }
  return [...found.values()];
}

const isAt = (rest: string, name: string) =>
  rest.slice(0, name.length).toLowerCase() === name.toLowerCase() && !GOES_ON.test(rest.slice(name.length));

/** Longest first. Two of the same whole name are both meant; a first name that two have is nobody's. */
function namesOf(agents: AgentRow[]): { text: string; agents: AgentRow[] }[] {
  const whole = Map.groupBy(agents, ({ name }) => name.trim().toLowerCase());
  const first = Map.groupBy(agents, ({ name }) => firstOf(name));
  return [
    ...[...whole].map(([text, some]) => ({ text, agents: some })),
    ...[...first].flatMap(([text, some]) =>
      some.length === 1 && !whole.has(text) ? { text, agents: some } : [],
    ),
  ]
    .filter(({ text }) => text !== '')
    .toSorted((a, b) => b.text.length - a.text.length);
}

const firstOf = (name: string) => (name.trim().split(/\s+/)[0] ?? '').toLowerCase();

/** Named, and not allowed to see the ticket: they are not told, and the writer is, before it is saved (AC-47). */
export const namedInVain = (app: App, ticket: Ticket, words: string): AgentRow[] =>
  mentionsIn(words, findActiveAgents(app.db))
    .filter(({ agent }) => !maySee(app, agent, ticket))
    .map(({ agent }) => agent);

/** What the form says back, so that the same is not said twice. */
export const idsOf = (agents: AgentRow[]): string => agents.map(({ id }) => id).join(' ');

/** Inside the transaction of the note: who is named, may see the ticket and is somebody else follows it from now on. */
export function nameColleagues(app: App, actor: Agent, ticket: Ticket, words: string): MessageFacts {
  const named = mentionsIn(words, findActiveAgents(app.db)).filter(({ agent }) => maySee(app, agent, ticket));
  for (const { agent } of named) if (agent.id !== actor.id) letFollow(app, actor, ticket, agent);
  return named.length > 0 ? { mentions: named.map(({ agent, as }) => ({ id: agent.id, as })) } : {};
}

const maySee = (app: App, agent: AgentRow, ticket: Ticket) =>
  numberFor(app, agentOf(agent), ticket.id) !== undefined;

/** To choose from while somebody writes: whose name, or a word of it, begins so. */
export interface MentionOption {
  name: string;
  maySee: boolean;
}

const MOST_OFFERED = 8;

export function mentionOptions(app: App, actor: Agent, ticket: Ticket, typed: string): MentionOption[] {
  const begun = typed.trim().toLowerCase();
  const fits = (name: string) =>
    name.toLowerCase().startsWith(begun) ||
    name
      .toLowerCase()
      .split(/\s+/)
      .some((word) => word.startsWith(begun));
  return findActiveAgents(app.db)
    .filter(({ id, name }) => id !== actor.id && fits(name))
    .slice(0, MOST_OFFERED)
    .map((agent) => ({ name: agent.name, maySee: maySee(app, agent, ticket) }));
}
