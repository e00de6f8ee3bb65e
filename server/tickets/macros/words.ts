// The words of macros: text with {{placeholders}} from a closed list. Nothing is computed in them, and nothing a value says is read
// as a placeholder again.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { findAddresses, findCustomerById } from '../../customers';
import { fillPlaceholders, unknownPlaceholder } from '../../lib/placeholders';
import { firmOf } from '../../settings';
import type { Ticket } from '../ticket';

interface Situation {
  app: App;
  agent: Agent;
  ticket: Ticket;
}

const firstName = (name: string) => name.trim().split(/\s+/)[0] ?? '';
const customerOf = ({ app, ticket }: Situation) => findCustomerById(app.db, ticket.customer_id);

const VALUES = {
  'customer.name': (given: Situation) => customerOf(given)?.name ?? '',
  'customer.first name': (given: Situation) => firstName(customerOf(given)?.name ?? ''),
  'customer.email': ({ app, ticket }: Situation) =>
    findAddresses(app.db, ticket.customer_id).find(({ kind }) => kind === 'email')?.address ?? '',
  'ticket.number': ({ ticket }: Situation) => `#${ticket.number}`,
  'ticket.subject': ({ ticket }: Situation) => ticket.subject,
  'agent.name': ({ agent }: Situation) => agent.name,
  'agent.first name': ({ agent }: Situation) => firstName(agent.name),
  'firm.name': ({ app }: Situation) => firmOf(app).company,
} satisfies Record<string, (given: Situation) => string>;

export type Placeholder = keyof typeof VALUES;
export const PLACEHOLDERS = Object.keys(VALUES) as Placeholder[];

const isKnown = (name: string): name is Placeholder => Object.hasOwn(VALUES, name);

/** The first placeholder that there is not, as it was typed. */
export const unknownIn = (words: string): string | undefined => unknownPlaceholder(words, isKnown);

/** The text for one ticket, as plain text: whoever shows it as HTML escapes the whole, as with everything that is typed. */
export const filledIn = (words: string, given: Situation): string =>
  fillPlaceholders(words, (name) => (isKnown(name) ? VALUES[name](given) : undefined));
