// One-time links for joining and for a new password: 256 random bits, stored as a hash, bound to purpose and agent (AC-41).
import type { App } from '../app';
import { HOUR, MINUTE } from '../lib/clock';
import { randomToken, tokenHash } from '../lib/ids';
import type { AgentRow, AgentState } from './agent';
import {
  deleteOpenLinks,
  findAgentById,
  findOpenLink,
  insertLink,
  type LinkPurpose,
  type LinkRow,
  updateLinkUsed,
} from './queries';

export const LINK_LIFE: Record<LinkPurpose, number> = { invite: 72 * HOUR, reset: 60 * MINUTE };

const PATH: Record<LinkPurpose, string> = { invite: '/invite/', reset: '/reset-password/' };
/** An invitation is worth nothing to somebody who has joined, and a new password nothing to somebody who has not. */
const STATE: Record<LinkPurpose, AgentState> = { invite: 'invited', reset: 'active' };
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/**
 * The path of a new link. A new invitation makes the earlier one void; a link for a new password does not, or strangers
 * who ask for one could close the door on the one that is just being used. Within a transaction.
 */
export function makeLink(app: App, agentId: number, purpose: LinkPurpose): string {
  const token = randomToken();
  const now = app.clock.now();
  if (purpose === 'invite') deleteOpenLinks(app.db, agentId);
  insertLink(app.db, agentId, purpose, tokenHash(token), now, now + LINK_LIFE[purpose]);
  return `${PATH[purpose]}${token}`;
}

/** Whom a link opens the door for; undefined when it is used, too old, void, for another purpose, or no link at all. */
export function agentOfLink(app: App, token: unknown, purpose: LinkPurpose): AgentRow | undefined {
  return openLink(app, token, purpose)?.agent;
}

/** Uses the link up, all others of its agent too, and says for whom; undefined when somebody was quicker. Within a transaction. */
export function useLink(app: App, token: unknown, purpose: LinkPurpose): AgentRow | undefined {
  const open = openLink(app, token, purpose);
  if (!open || updateLinkUsed(app.db, app.clock.now(), open.link.id) === 0) return undefined;
  deleteOpenLinks(app.db, open.agent.id);
  return open.agent;
}

function openLink(
  app: App,
  token: unknown,
  purpose: LinkPurpose,
): { link: LinkRow; agent: AgentRow } | undefined {
  if (typeof token !== 'string' || !TOKEN.test(token)) return undefined;
  const link = findOpenLink(app.db, tokenHash(token), purpose, app.clock.now());
  const agent = link && findAgentById(app.db, link.agent_id);
  return link && agent?.state === STATE[purpose] ? { link, agent } : undefined;
}
