// An admin asks somebody to join.
import type { App } from '../app';
import { record } from '../events';
import { NotAllowed } from '../lib/errors';
import { randomId } from '../lib/ids';
import { addressKey } from '../mail';
import type { Role } from '../roles';
import { firmOf } from '../settings';
import { mailInvitation } from './account-mail';
import type { Agent, AgentRow } from './agent';
import { makeLink } from './links';
import { findAgentByEmail, findAgentById, insertAgent, updateInvitedAgain } from './queries';
import { mayDecideAbout } from './staff';

export interface Invitation {
  name: string;
  email: string;
  role: Role;
}

/** The link's path is for handing over by hand; `mailed` says whether a mail carries it too. */
export type InviteOutcome = { agent: AgentRow; path: string; mailed: boolean } | { taken: AgentRow };

/**
 * Makes the person and their link, good for 72 hours. Somebody who was removed is asked again under the same
 * identity, so that their name stays on what they wrote; by owners only, when they were an owner or admin (throws
 * NotAllowed). The caller has checked that the role may be given.
 */
export function inviteAgent(app: App, actor: Agent, invitation: Invitation, byMail = true): InviteOutcome {
  const { name, email, role } = invitation;
  const known = findAgentByEmail(app.db, addressKey(email));
  if (known && known.state !== 'removed') return { taken: known };
  if (known && !mayDecideAbout(actor.role, known.role)) throw NotAllowed();
  const { language, timeZone } = firmOf(app);
  const now = app.clock.now();
  if (known) updateInvitedAgain(app.db, name, email, role, known.id);
  const id =
    known?.id ??
    insertAgent(
      app.db,
      randomId(),
      name,
      email,
      addressKey(email),
      role,
      null,
      language,
      timeZone,
      'invited',
      now,
    );
  record(app, 'agent.invited', actor, { id }, { role });
  return sendInvitation(app, actor, id, byMail);
}

/** A new link for somebody who has not joined yet; the earlier one is void. */
export function inviteAgain(app: App, actor: Agent, agent: AgentRow, byMail: boolean): InviteOutcome {
  record(app, 'agent.invited-again', actor, agent);
  return sendInvitation(app, actor, agent.id, byMail);
}

function sendInvitation(app: App, actor: Agent, id: number, byMail: boolean): InviteOutcome {
  const agent = findAgentById(app.db, id) as AgentRow;
  const path = makeLink(app, id, 'invite');
  return { agent, path, mailed: byMail && mailInvitation(app, actor, agent, path) };
}
