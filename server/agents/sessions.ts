// Sessions live on the server: signing out anywhere takes effect at the next click (AC-38).
import type { App } from '../app';
import { type Actor, record } from '../events';
import { DAY, MINUTE } from '../lib/clock';
import { randomToken, tokenHash } from '../lib/ids';
import { type Agent, agentOf } from './agent';
import { browserName } from './browser-name';
import {
  deleteSession,
  deleteSessionsOfAgent,
  findSession,
  insertSession,
  updateAgentSeen,
  updateSessionSeen,
} from './queries';

/** Since the last visit. */
const SESSION_LENGTH = 14 * DAY;
const SEEN_EVERY = 5 * MINUTE;
/** Somebody who sends a new cookie with every request shall not fill the memory of an idle server. */
const MOST_REMEMBERED = 5_000;

/** Where a session comes from; `browser` is the User-Agent header, of which only a short name is kept. */
export interface Visit {
  shortIp: string;
  browser: string;
}

/** Opens a session under a fresh random token (AC-38); the token is returned once and stored as a hash. */
export function openSession(app: App, agent: Agent, from: Visit): string {
  const token = randomToken();
  const now = app.clock.now();
  insertSession(
    app.db,
    tokenHash(token),
    agent.id,
    now,
    now,
    now + SESSION_LENGTH,
    from.shortIp,
    browserName(from.browser),
  );
  updateAgentSeen(app.db, now, agent.id);
  record(app, 'agent.signed-in', agent, agent);
  return token;
}

export interface KnownSession {
  agent: Agent;
  sessionId: number;
  seenAt: number;
  expiresAt: number;
}

/** Whose session a token is, straight from the database. */
export function sessionOf(app: App, token: string | undefined): KnownSession | undefined {
  const row = token === undefined ? undefined : findSession(app.db, tokenHash(token), app.clock.now());
  return (
    row && {
      agent: agentOf(row),
      sessionId: row.session_id,
      seenAt: row.session_seen_at,
      expiresAt: row.session_expires_at,
    }
  );
}

/** Looks sessions up and remembers them until the next commit of anything (SPEED: +24 %). */
export class Sessions {
  private known = new Map<string, KnownSession | undefined>();
  private epoch = -1;

  constructor(private readonly app: App) {}

  find(token: string): KnownSession | undefined {
    const { app } = this;
    if (this.epoch !== app.db.epoch || this.known.size > MOST_REMEMBERED) {
      this.known.clear();
      this.epoch = app.db.epoch;
    }
    if (!this.known.has(token)) this.known.set(token, sessionOf(app, token));
    const session = this.known.get(token);
    return session && session.expiresAt > app.clock.now() ? session : undefined;
  }

  /** Notes the visit now and then; false when it was noted a moment ago. */
  isDueToBeSeen = (session: KnownSession): boolean => this.app.clock.now() - session.seenAt > SEEN_EVERY;

  see(session: KnownSession): void {
    const now = this.app.clock.now();
    updateSessionSeen(this.app.db, now, now + SESSION_LENGTH, session.sessionId);
    updateAgentSeen(this.app.db, now, session.agent.id);
  }
}

/** Ends one session of the agent, its open sockets included (AC-51); false when they have no such session. */
export function closeSession(app: App, agent: Agent, sessionId: number): boolean {
  if (deleteSession(app.db, sessionId, agent.id) === 0) return false;
  record(app, 'agent.signed-out', agent, agent);
  app.db.afterCommit(() => app.hub.signal(`session:${sessionId}`, 'session:ended', {}));
  return true;
}

/** Signs somebody out everywhere, at once, open sockets included (AC-51). */
export function closeAllSessions(app: App, actor: Actor, agentId: number): void {
  deleteSessionsOfAgent(app.db, agentId);
  record(app, 'agent.signed-out-everywhere', actor, { id: agentId });
  app.db.afterCommit(() => app.hub.signal(`agent:${agentId}`, 'session:ended', {}));
}
