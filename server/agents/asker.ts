// Who asks, and from where, as the routes of accounts need it.
import type { App } from '../app';
import { type RequestContext, readSessionCookie } from '../web';
import type { Agent } from './agent';
import { closeSession, openSession, sessionOf, type Visit } from './sessions';

interface Asking {
  context: RequestContext;
  headers: { 'user-agent'?: string };
}

/** Behind a guard there is always somebody. */
export const askerOf = (req: Asking) => req.context.actor as Agent;

export const visitOf = (req: Asking): Visit => ({
  shortIp: req.context.shortIp,
  browser: req.headers['user-agent'] ?? '',
});

/**
 * A new session for the browser that asks, whoever it belonged to before: that session ends (AC-38). Returns the token for
 * the cookie. Within a transaction.
 */
export function startSession(app: App, req: Parameters<typeof readSessionCookie>[0], agent: Agent): string {
  const before = sessionOf(app, readSessionCookie(req));
  if (before) closeSession(app, before.agent, before.sessionId);
  return openSession(app, agent, visitOf(req));
}
