// A forgotten password: a link by mail, and a new password with it.
import type { App } from '../app';
import { record, SYSTEM } from '../events';
import { enqueue, type JobWork } from '../jobs';
import { addressKey } from '../mail';
import { mailNotice, mailPasswordLink } from './account-mail';
import { type Agent, agentOf } from './agent';
import { makeLink, useLink } from './links';
import { countOpenLinks, findAgentByEmail, updatePassword } from './queries';
import { closeAllSessions } from './sessions';

export const PASSWORD_LINK = 'password link';
/** Whoever keeps asking in somebody's name shall not fill their mailbox. */
const MOST_OPEN = 3;

/**
 * Notes the wish. Whether anybody has this address is looked up later, by the worker, so neither the answer nor its
 * time tells (AC-40). Within a transaction.
 */
export function askForPasswordLink(app: App, email: string): void {
  enqueue(app, PASSWORD_LINK, { email }, { key: `${PASSWORD_LINK} ${addressKey(email)}` });
}

/** The worker's part: nothing happens for an address nobody signs in with. */
export const sendPasswordLink: JobWork = async (app: App, { email }: { email: string }) => {
  const agent = findAgentByEmail(app.db, addressKey(email));
  if (agent?.state !== 'active') return;
  if ((countOpenLinks(app.db, agent.id, 'reset', app.clock.now()) ?? 0) >= MOST_OPEN) return;
  await app.write(() => {
    record(app, 'agent.password-link-made', SYSTEM, agent, { how: 'mail' });
    mailPasswordLink(app, agent, makeLink(app, agent.id, 'reset'));
  });
};

/** Ends every session of the agent; undefined when the link opens nothing any more. */
export function setForgottenPassword(app: App, token: unknown, passwordHash: string): Agent | undefined {
  const row = useLink(app, token, 'reset');
  if (!row) return undefined;
  const agent = agentOf(row);
  updatePassword(app.db, passwordHash, agent.id);
  closeAllSessions(app, agent, agent.id);
  record(app, 'agent.password-changed', agent, agent, { how: 'link' });
  mailNotice(app, agent, 'passwordChanged', agent.email);
  return agent;
}
