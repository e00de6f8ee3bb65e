// Rectification (Art. 16): an agent corrects what is held about a customer.
import type { App } from '../app';
import { type Actor, record } from '../events';
import type { CustomerRow } from './customer';
import { updateCustomer } from './queries';

/** Past messages keep the name they were written under; lists and search follow the new one. */
export function changeCustomer(
  app: App,
  actor: Actor,
  customer: CustomerRow,
  to: { name: string; language: string | null },
): void {
  updateCustomer(app.db, to.name, to.language, app.clock.now(), customer.id);
  record(app, 'customer.changed', actor, customer, { name: customer.name !== to.name });
}
