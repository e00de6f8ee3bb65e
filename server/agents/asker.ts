// Who asks, and from where, as the routes of accounts need it.
import type { RequestContext } from '../web';
import type { Agent } from './agent';
import type { Visit } from './sessions';

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
