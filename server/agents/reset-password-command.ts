// `hearthdesk reset-password`: a link for somebody who can't get one by mail; works while the server runs.
import type { App } from '../app';
import { record, SYSTEM } from '../events';
import { Invalid } from '../lib/errors';
import { addressKey } from '../mail';
import { publicUrlOf } from '../settings';
import { makeLink } from './links';
import { findAgentByEmail } from './queries';

/** `values` are options; `readPublicUrl` checks the one that is an address. */
export async function resetPasswordCommand(
  app: App,
  values: Record<string, string | undefined>,
  readPublicUrl: (text: string) => string,
) {
  const email = values['email'];
  if (!email) throw Invalid('hearthdesk reset-password needs --email, the address of an agent.');
  const agent = findAgentByEmail(app.db, addressKey(email.trim()));
  if (!agent || agent.state === 'removed')
    throw Invalid(`--email is "${email}", but no agent signs in with that address.`);
  const given = values['public-url'];
  const address = given === undefined ? publicUrlOf(app) : readPublicUrl(given);
  if (!address)
    throw Invalid(
      'Nobody has said where this Hearthdesk is reached; add --public-url https://desk.example.com.',
    );
  const purpose = agent.state === 'invited' ? 'invite' : 'reset';
  const path = await app.write(() => {
    record(app, 'agent.password-link-made', SYSTEM, agent, { how: 'command' });
    return makeLink(app, agent.id, purpose);
  });
  const link = `${address}${path}`;
  const lasts = purpose === 'invite' ? '72 hours' : '60 minutes';
  return {
    exit: 0,
    lines: [`${agent.name} sets a new password here, once, within ${lasts}:`, link],
    facts: { link },
  };
}
