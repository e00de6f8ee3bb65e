// A macro: a prepared reply with what is done to the ticket when it is sent.
import type { Agent } from '../../agents';
import { mayRole } from '../../roles';
import { PRIORITIES, type Priority } from '../ticket';

/** What a reply may leave its ticket in; closing is a decision of its own. */
export const REPLY_STATUSES = ['open', 'pending', 'on hold', 'solved'] as const;
export type ReplyStatus = (typeof REPLY_STATUSES)[number];

/** What happens to the ticket when a reply is sent, each only where it is said. */
export interface Deeds {
  status?: ReplyStatus;
  priority?: Priority;
  tag?: string;
  /** The ticket is assigned to whoever sends. */
  take?: true;
}

export interface MacroRow {
  id: number;
  public_id: string;
  /** Whose own it is; null for everybody's. */
  agent_id: number | null;
  name: string;
  words: string;
  status: ReplyStatus | null;
  priority: Priority | null;
  tag: string | null;
  takes: number;
  updated_at: number;
}

export const deedsOf = (macro: MacroRow): Deeds => ({
  ...(macro.status ? { status: macro.status } : {}),
  ...(macro.priority ? { priority: macro.priority } : {}),
  ...(macro.tag ? { tag: macro.tag } : {}),
  ...(macro.takes ? { take: true } : {}),
});

/** One's own; everybody's only for those who may write in everybody's name. */
export const mayChange = (agent: Agent, macro: Pick<MacroRow, 'agent_id'>): boolean =>
  macro.agent_id === null ? mayRole(agent.role, 'macros.share') : macro.agent_id === agent.id;

/** As a draft keeps them; whatever is no deed is left out. */
export function deedsIn(json: string): Deeds {
  const { status, priority, tag, take } = JSON.parse(json) as Record<string, unknown>;
  const known = {
    status: REPLY_STATUSES.find((one) => one === status),
    priority: PRIORITIES.find((one) => one === priority),
  };
  return {
    ...(known.status ? { status: known.status } : {}),
    ...(known.priority ? { priority: known.priority } : {}),
    ...(typeof tag === 'string' && tag ? { tag } : {}),
    ...(take === true ? { take } : {}),
  };
}
