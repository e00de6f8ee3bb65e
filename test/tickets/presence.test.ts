// W1: who is looking at a ticket and who is writing, as it is kept in memory.
import type { Agent } from '../../server/agents';
import { SECOND } from '../../server/lib/clock';
import { Presence } from '../../server/tickets/presence';

let now: number;
let presence: Presence;
const ana = { id: 1, name: 'Ana' } as Agent;
const ben = { id: 2, name: 'Ben' } as Agent;

beforeEach(() => {
  now = 0;
  presence = new Presence(() => now);
});

test('W1: each is there once, with what they do now', () => {
  expect(presence.note(7, ana, 'looking')).toBe(true);
  expect(presence.note(7, ana, 'looking')).toBe(false);
  expect(presence.note(7, ana, 'writing')).toBe(true);
  presence.note(7, ben, 'looking');
  presence.note(8, ben, 'writing');

  expect(presence.on(7)).toEqual([
    { agentId: 1, name: 'Ana', doing: 'writing' },
    { agentId: 2, name: 'Ben', doing: 'looking' },
  ]);
});

test('W1: it disappears 25 s after the last sign of life, and not before', () => {
  presence.note(7, ana, 'writing');
  now = 20 * SECOND;
  presence.note(7, ben, 'looking');
  now = 25 * SECOND;
  expect(presence.sweep()).toEqual([]);

  now = 25 * SECOND + 1;
  expect(presence.sweep()).toEqual([7]);
  expect(presence.on(7).map(({ name }) => name)).toEqual(['Ben']);
});

test('whoever goes leaves nothing behind', () => {
  presence.note(7, ana, 'looking');
  presence.leave(7, 1);
  presence.leave(7, 1);
  presence.leave(99, 1);

  expect(presence.on(7)).toEqual([]);
  expect(presence.sweep()).toEqual([]);
});
