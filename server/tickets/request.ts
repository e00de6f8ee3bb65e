// What tickets' routes read from a request besides its form.
import type { Request } from 'express';
import type { Agent } from '../agents';
import { FIRST, type ListKey, VIEWS, type View } from './list';

/** The agent whom the route's guard has let through. */
export const agentOfRequest = (req: Request) => req.context.actor as Agent;

export function viewOf(req: Request): View {
  const view = req.query['view'];
  return VIEWS.find((known) => known === view) ?? 'all';
}

/** `after=TIME-ID`; anything else begins at the newest. */
export function keyOf(req: Request): ListKey {
  const match = /^(\d{1,16})-(\d{1,16})$/.exec(String(req.query['after'] ?? ''));
  return match ? { at: Number(match[1]), id: Number(match[2]) } : FIRST;
}
