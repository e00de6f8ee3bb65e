// A visitor writes on.
import { sayInChat } from '../../server/chat';
import { endChat } from '../../server/chat/end-chat';
import { takeChat } from '../../server/chat/take-chat';
import { randomId } from '../../server/lib/ids';
import { moveTicket } from '../../server/tickets';
import { type Asked, ask, openSite, say } from '../support/chatting';
import { type Desk, openDesk } from '../support/desk';

let desk: Desk;
let carla: Asked;

beforeEach(() => {
  desk = openDesk();
  carla = ask(desk, openSite(desk));
  desk.signals();
});
afterEach(() => desk.close());

test('C1: the same client id stores the message once', () => {
  const clientId = randomId();

  const first = say(desk, carla, 'Before Friday?', clientId);
  const second = say(desk, carla, 'Before Friday?', clientId);

  expect(second.id).toBe(first.id);
  expect(desk.messagesOf(carla.ticket).map(({ words }) => words)).toEqual([
    'Do you ship to Svalbard?',
    'Before Friday?',
  ]);
  expect(desk.events('ticket.customer-wrote')).toHaveLength(1);
});

test('agents and the visitor’s own other windows hear of it', () => {
  say(desk, carla, 'Before Friday?');

  expect(desk.signals()).toEqual(
    expect.arrayContaining([
      { room: 'agents', event: 'ticket:changed' },
      { room: `visitor-ticket:${carla.ticket.id}`, event: 'chat:changed' },
    ]),
  );
});

test('a ticket that waits for the customer, or is solved, is open again', () => {
  for (const status of ['pending', 'solved'] as const) {
    desk.app.db.tx(() => moveTicket(desk.app, desk.ana, desk.ticketNow(carla.ticket), status));

    say(desk, carla, `After ${status}`);

    expect(desk.ticketNow(carla.ticket).status).toBe('open');
  }
});

test('a chat that an agent ended waits in the queue again when the visitor writes', () => {
  desk.app.db.tx(() => takeChat(desk.app, desk.ana, carla.ticket));
  desk.app.db.tx(() => endChat(desk.app, desk.ana, carla.ticket));

  say(desk, carla, 'One more thing');

  expect(carla.now().chat).toMatchObject({ state: 'queued', taken_by: null, ended_at: null });
  expect(desk.ticketNow(carla.ticket).chat_state).toBe('queued');
});

test('nothing joins a closed ticket', () => {
  desk.app.db.tx(() => moveTicket(desk.app, desk.ana, desk.ticketNow(carla.ticket), 'closed'));

  expect(() => say(desk, carla, 'Hello?')).toThrow('This conversation is closed.');
  expect(desk.messagesOf(carla.ticket).filter(({ kind }) => kind === 'reply')).toHaveLength(1);
});

test('a throw later in the transaction leaves no message, no event and no signal', () => {
  const before = desk.events().length;

  expect(() =>
    desk.app.db.tx(() => {
      sayInChat(desk.app, carla.now(), { clientId: randomId(), words: 'Lost' });
      throw new Error('the disk is full');
    }),
  ).toThrow('the disk is full');

  expect(desk.messagesOf(carla.ticket)).toHaveLength(1);
  expect(desk.events()).toHaveLength(before);
  expect(desk.signals()).toEqual([]);
});
