// `hearthdesk demo`: a desk to look at and to measure.
import { type Agent, agentOf, findActiveAgents, findAgentById, hashPassword, insertAgent } from '../agents';
import type { App } from '../app';
import { Invalid } from '../lib/errors';
import { randomId, randomToken } from '../lib/ids';
import { isSetUp, setUpFirm } from '../setup';
import { countTickets } from '../tickets';
import { fillDesk } from './fill';

const MOST_TICKETS = 2_000_000;
const COLLEAGUES = [
  'Ana Bērziņa',
  'Ben Nilsen',
  'Carl Fossum',
  'Dace Liepa',
  'Emma Harper',
  'Finn Dahl',
  'Gunta Roze',
  'Henry Sutton',
  'Ida Moen',
  'Jānis Ozols',
];

type Values = Record<string, string | undefined>;

/** Throws Invalid for a folder that has tickets already. A folder without an owner gets one, whose password is printed. */
export async function demo(app: App, values: Values) {
  const tickets = wholeNumber(values['tickets'] ?? '1000', 'tickets', MOST_TICKETS);
  const seed = wholeNumber(values['seed'] ?? '1', 'seed', 4_294_967_295);
  const lines: string[] = [];
  if (!isSetUp(app)) lines.push(await setUpDemo(app));
  const [first] = findActiveAgents(app.db);
  const counts = first ? countTickets(app, agentOf(first)) : undefined;
  if (!first || !counts || counts.all + counts.snoozed + counts.solved + counts.closed + counts.spam > 0) {
    throw Invalid('This data folder has tickets already; the demo fills only an empty one.');
  }
  const agents = await app.write(() => colleagues(app));
  const filled = await fillDesk(app, agents, { tickets, seed });
  app.followers.catchUp();
  return {
    exit: 0,
    lines: [...lines, `${filled.tickets} tickets of ${filled.customers} customers are there.`],
    facts: { ...filled },
  };
}

async function setUpDemo(app: App): Promise<string> {
  const password = randomToken().slice(0, 16);
  const passwordHash = await hashPassword(password);
  const owner = { name: 'Olga Demo', email: 'owner@teapot.example', passwordHash };
  await app.write(() =>
    setUpFirm(app, { company: 'Teapot', language: 'en', timeZone: 'Europe/Oslo', owner }),
  );
  return `Sign in as ${owner.email} with the password ${password}`;
}

/** Colleagues without passwords: they own tickets, and nobody can sign in as them. */
function colleagues(app: App): Agent[] {
  return COLLEAGUES.map((name, i) => {
    const email = `colleague.${i + 1}@teapot.example`;
    const id = insertAgent(
      app.db,
      randomId(),
      name,
      email,
      email,
      'agent',
      null,
      'en',
      'Europe/Oslo',
      'active',
      app.clock.now(),
    );
    return agentOf(findAgentById(app.db, id) as NonNullable<ReturnType<typeof findAgentById>>);
  });
}

function wholeNumber(text: string, option: string, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > most)
    throw Invalid(`--${option} is "${text}", but it takes a whole number up to ${most}.`);
  return number;
}
