// Sessions live on the server: signing out anywhere takes effect at the next click (AC-38).
import type { App } from '../app';
import { record } from '../events';
import { DAY, MINUTE } from '../lib/clock';
import { randomToken, tokenHash } from '../lib/ids';
import { type Agent, agentOf } from './agent';
import {
  deleteSession,
  deleteSessionsOfAgent,
  findSession,
  insertSession,
  updateAgentSeen,
  updateSessionSeen,
} from './queries';

export const SESSION_LENGTH = 14 * DAY;
const SEEN_EVERY = 5 * MINUTE;

/** Opens a session under a fresh random token; the token is returned once and stored as a hash. */
export function openSession(app: App, agent: Agent, from: { shortIp: string; browser: string }): string {
  const token = randomToken();
  const now = app.clock.now();
  insertSession(app.db, tokenHash(token), agent.id, now, now, now + SESSION_LENGTH, from.shortIp, from.browser.slice(0, 200));
  updateAgentSeen(app.db, now, agent.id);
  record(app, 'agent.signed-in', agent, agent);
  return token;
}

export interface KnownSession {
  agent: Agent;
  sessionId: number;
  seenAt: number;
}

/** Looks sessions up and remembers them until the next commit of anything (SPEED: +24 %). */
export class Sessions {
  private known = new Map<string, KnownSession | undefined>();
  private epoch = -1;

  constructor(private readonly app: App) {}

  find(token: string): KnownSession | undefined {
    const { app } = this;
    if (this.epoch !== app.db.epoch) {
      this.known.clear();
      this.epoch = app.db.epoch;
    }
    if (this.known.has(token)) return this.known.get(token);
    const row = findSession(app.db, tokenHash(token), app.clock.now());
    const session = row && { agent: agentOf(row), sessionId: row.session_id, seenAt: row.session_seen_at };
    this.known.set(token, session);
    return session;
  }

  /** Notes the visit now and then; false when it was noted a moment ago. */
  isDueToBeSeen = (session: KnownSession): boolean => this.app.clock.now() - session.seenAt > SEEN_EVERY;

  see(session: KnownSession): void {
    const now = this.app.clock.now();
    updateSessionSeen(this.app.db, now, now + SESSION_LENGTH, session.sessionId);
    updateAgentSeen(this.app.db, now, session.agent.id);
  }
}

export function closeSession(app: App, agent: Agent, token: string): void {
  deleteSession(app.db, tokenHash(token));
  record(app, 'agent.signed-out', agent, agent);
  app.db.afterCommit(() => app.hub.signal(`agent:${agent.id}`, 'session:ended', {}));
}

/** Signs somebody out everywhere, at once, open sockets included (AC-51). */
export function closeAllSessions(app: App, actor: Agent, agentId: number): void {
  deleteSessionsOfAgent(app.db, agentId);
  record(app, 'agent.signed-out-everywhere', actor, { id: agentId });
  app.db.afterCommit(() => app.hub.signal(`agent:${agentId}`, 'session:ended', {}));
}
