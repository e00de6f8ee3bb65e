// The page on which an agent writes to a customer first.
import { type Agent, findTeams } from '../agents';
import type { App } from '../app';
import { queryValue } from '../db';
import { keyedHash } from '../lib/ids';
import { type FieldErrors, LARGEST_UPLOAD, type Reader } from '../web';
import { answeringAgents, isOnlyRead, sendingAddresses, wrongCopies } from './create';
import type { NewTicketPage } from './page-models';
import { peopleModel } from './writing/present-people';

const findLastNumber = queryValue<[], number>('SELECT last FROM ticket_numbers');

export function newTicketPage(
  app: App,
  agent: Agent,
  { t, format }: Reader,
  form?: { values: Record<string, unknown>; errors: FieldErrors; hadFiles: boolean },
): NewTicketPage {
  const typed = (name: string) =>
    typeof form?.values[name] === 'string' ? (form.values[name] as string) : '';
  const copies = { to: '', cc: typed('cc'), bcc: typed('bcc') };
  const wrong = form ? wrongCopies(app, { email: typed('email'), cc: copies.cc, bcc: copies.bcc }) : {};
  const addresses = sendingAddresses(app);
  const teams = findTeams(app.db);
  const clientId = keyedHash(app.key, `new ticket ${agent.id} ${findLastNumber(app.db)}`).slice(0, 32);
  return {
    title: t('tickets.new.title'),
    current: 'inbox',
    t,
    me: agent.id,
    action: '/tickets',
    clientId: /^[0-9a-f]{32}$/.test(typed('clientId')) ? typed('clientId') : clientId,
    values: {
      name: typed('name'),
      email: typed('email'),
      subject: typed('subject'),
      words: typed('words'),
      mailbox: typed('mailbox'),
      team: typed('team'),
      assignee: typed('assignee'),
      thenStatus: typed('thenStatus') || 'pending',
    },
    people: peopleModel(t, 'new', copies, wrong, ['cc', 'bcc']),
    mailboxes:
      addresses.length > 1 ? addresses.map(({ value, address }) => ({ value, text: address })) : undefined,
    teams:
      teams.length > 0
        ? [
            { value: '', text: t('tickets.team.none') },
            ...teams.map(({ id, name }) => ({ value: String(id), text: name })),
          ]
        : undefined,
    agents: [
      { value: '', text: t('tickets.assignee.nobody') },
      ...answeringAgents(app)
        .toSorted((a, b) => Number(b.id === agent.id) - Number(a.id === agent.id))
        .map(({ id, name, away_since: away }) => ({
          value: String(id),
          text: away === null ? name : t('tickets.away', { name }),
        })),
    ],
    errors: Object.fromEntries(Object.entries(form?.errors ?? {}).map(([field, key]) => [field, t(key)])),
    filesAgain: form?.hadFiles ? t('tickets.files.again') : undefined,
    largest: LARGEST_UPLOAD,
    tooLarge: t('tickets.files.tooLarge', { size: format.size(LARGEST_UPLOAD) }),
    from: addresses[0]?.address,
    noMailbox: t(isOnlyRead(app) ? 'tickets.new.onlyRead' : 'tickets.new.noMailbox'),
  };
}
