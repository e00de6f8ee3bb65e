// What tickets' routes read from a request besides its form.
import type { Request } from 'express';
import type { Agent } from '../agents';
import { FIRST, type ListKey, VIEWS, type View } from './list';

/** The agent whom the route's guard has let through. */
export const agentOfRequest = (req: Request) => req.context.actor as Agent;

/** Whatever is no view is all of them. Whether one may see it is asked where it is shown. */
export const viewOf = (req: Request): View => viewNamed(String(req.query['view'] ?? ''));

export function viewNamed(view: string): View {
  if (/^(team|saved)-[1-9]\d{0,14}$/.test(view)) return view as View;
  return VIEWS.find((known) => known === view) ?? 'all';
}

/** `after=KEY-ID`; anything else begins at the first. */
export function keyOf(req: Request): ListKey {
  const match = /^(-?\d{1,16})-(\d{1,16})$/.exec(String(req.query['after'] ?? ''));
  return match ? { at: Number(match[1]), id: Number(match[2]) } : FIRST;
}
