// W4: drafts stay until they are sent or discarded.

import type { Agent } from '../../server/agents';
import type { NewFiles } from '../../server/tickets/forms';
import { findDraft, keepDraft, removeDraftFile } from '../../server/tickets/writing/drafts';
import { type Desk, openDesk } from '../support/desk';
import { reply, uploaded, words } from '../support/writing';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

test('W4: a draft is kept per agent, ticket and kind, and ends with what is sent', async () => {
  const ticket = desk.ticketFrom('Carla');
  const other = desk.ticketFrom('Dora');
  const keep = (agent: Agent, kind: 'reply' | 'note', text: string, on = ticket, files: NewFiles = []) =>
    desk.app.db.tx(() => keepDraft(desk.app, agent, on, kind, text, files));
  keep(desk.ana, 'reply', 'Dear Car');
  keep(desk.ana, 'reply', 'Dear Carla', ticket, [await uploaded(desk, 'manual.txt', 'turn it on')]);
  keep(desk.ana, 'note', 'ask Ben');
  keep(desk.ben, 'reply', 'Hello');
  keep(desk.ana, 'reply', 'Dear Dora', other);
  const draft = findDraft(desk.app.db, desk.ana.id, ticket.id, 'reply');

  const message = reply(desk, ticket, words('Dear Carla, here it is', { clientId: draft?.public_id ?? '' }));

  expect(findDraft(desk.app.db, desk.ana.id, ticket.id, 'reply')).toBeUndefined();
  expect(desk.rows('SELECT words FROM drafts ORDER BY id')).toEqual([
    { words: 'ask Ben' },
    { words: 'Hello' },
    { words: 'Dear Dora' },
  ]);
  expect(desk.rows('SELECT owner_kind, owner_id, name FROM attachments')).toEqual([
    { owner_kind: 'message', owner_id: message.id, name: 'manual.txt' },
  ]);
  const [mail] = desk.rows<{ mail: string }>('SELECT mail FROM outbox');
  expect(JSON.parse(mail?.mail ?? '').attachments).toMatchObject([{ name: 'manual.txt' }]);
});

test('W4: a file of a draft can be taken off by whoever writes it, by nobody else', async () => {
  const ticket = desk.ticketFrom('Carla');
  const files = [await uploaded(desk, 'wrong.txt', 'no'), await uploaded(desk, 'right.txt', 'yes')];
  desk.app.db.tx(() => keepDraft(desk.app, desk.ana, ticket, 'reply', 'Here it is', files));
  const [wrong, right] = desk.rows<{ id: number }>('SELECT id FROM attachments ORDER BY id');

  desk.app.db.tx(() => removeDraftFile(desk.app, desk.ben, ticket, 'reply', right?.id ?? 0));
  desk.app.db.tx(() => removeDraftFile(desk.app, desk.ana, ticket, 'note', right?.id ?? 0));
  desk.app.db.tx(() => removeDraftFile(desk.app, desk.ana, ticket, 'reply', wrong?.id ?? 0));

  expect(desk.rows('SELECT name FROM attachments')).toEqual([{ name: 'right.txt' }]);
  expect(findDraft(desk.app.db, desk.ana.id, ticket.id, 'reply')?.words).toBe('Here it is');
});
