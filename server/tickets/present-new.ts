// The page on which an agent writes to a customer first.
import type { Agent } from '../agents';
import type { App } from '../app';
import { queryValue } from '../db';
import { keyedHash } from '../lib/ids';
import { findMailboxes } from '../mail';
import { type FieldErrors, LARGEST_UPLOAD, type Reader } from '../web';
import type { NewTicketPage } from './page-models';

const findLastNumber = queryValue<[], number>('SELECT last FROM ticket_numbers');

export function newTicketPage(
  app: App,
  agent: Agent,
  { t, format }: Reader,
  form?: { values: Record<string, unknown>; errors: FieldErrors; hadFiles: boolean },
): NewTicketPage {
  const typed = (name: string) =>
    typeof form?.values[name] === 'string' ? (form.values[name] as string) : '';
  const clientId = keyedHash(app.key, `new ticket ${agent.id} ${findLastNumber(app.db)}`).slice(0, 32);
  return {
    title: t('tickets.new.title'),
    current: 'inbox',
    t,
    me: agent.id,
    action: '/tickets',
    clientId: /^[0-9a-f]{32}$/.test(typed('clientId')) ? typed('clientId') : clientId,
    values: { name: typed('name'), email: typed('email'), subject: typed('subject'), words: typed('words') },
    errors: Object.fromEntries(Object.entries(form?.errors ?? {}).map(([field, key]) => [field, t(key)])),
    filesAgain: form?.hadFiles ? t('tickets.files.again') : undefined,
    largest: LARGEST_UPLOAD,
    tooLarge: t('tickets.files.tooLarge', { size: format.size(LARGEST_UPLOAD) }),
    from: findMailboxes(app.db).find(({ smtp }) => smtp)?.address,
  };
}
