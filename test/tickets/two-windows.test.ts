// W4: an agent has a ticket open in two windows, and neither writes over what was written in the other.
import type { Ticket } from '../../server/tickets';
import { baseOf, findDraft, keepPageDraft } from '../../server/tickets/writing/drafts';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { note, reply, words } from '../support/writing';

let desk: Desk;
let ticket: Ticket;
beforeEach(() => {
  desk = openDesk();
  ticket = desk.ticketFrom('Carla');
});
afterEach(() => desk.close());

const kept = () => findDraft(desk.app.db, desk.ana.id, ticket.id, 'reply');

/** A window as the page behaves in it: says what it had from the server last. */
function openWindow(draftWriter: string) {
  let draftBase = baseOf(kept());
  return {
    save(text: string) {
      const page = { draftBase, draftWriter };
      const { draft, wasMerged } = desk.app.db.tx(() =>
        keepPageDraft(desk.app, desk.ana, ticket, 'reply', text, page),
      );
      draftBase = baseOf(draft);
      return { words: draft.words, wasMerged };
    },
    /** The answer was lost on the way. */
    saveUnheard(text: string) {
      const page = { draftBase, draftWriter };
      desk.app.db.tx(() => keepPageDraft(desk.app, desk.ana, ticket, 'reply', text, page));
    },
    send: (text: string) => reply(desk, ticket, words(text, { draftBase, draftWriter })),
  };
}

test('W4: what a window saves that does not know the newer words of the other stands above them', () => {
  const [one, two] = [openWindow('one'), openWindow('two')];
  one.save('Dear Carla, a new one is on its way.');

  expect(two.save('Which model?')).toEqual({
    words: 'Which model?\n\nDear Carla, a new one is on its way.',
    wasMerged: true,
  });
  expect(two.save('Which model? The blue one?')).toEqual({
    words: 'Which model? The blue one?',
    wasMerged: false,
  });
});

test('W4: one window writes on, shortens and clears its words as it likes, also when an answer was lost', () => {
  const one = openWindow('one');
  one.save('Dear Carla');
  one.saveUnheard('Dear Carla, a new');
  expect(one.save('Dear')).toEqual({ words: 'Dear', wasMerged: false });
  expect(one.save('')).toEqual({ words: '', wasMerged: false });
});

test('W4: words that hold those of the other window take their place', () => {
  const [one, two] = [openWindow('one'), openWindow('two')];
  one.save('Dear Carla');
  expect(two.save('Dear Carla, thank you').wasMerged).toBe(false);
});

test('W4: merged words are not written over by a window that has not heard of them', () => {
  const [one, two] = [openWindow('one'), openWindow('two')];
  one.save('A new one is on its way.');
  two.saveUnheard('Which model?');
  expect(two.save('Which colour?').words).toContain('A new one is on its way.');
});

test('W4: what the other window wrote meanwhile survives that this one sends', () => {
  const [one, two] = [openWindow('one'), openWindow('two')];
  one.save('A new one is on its way.');

  two.send('Which model?');

  expect(kept()?.words).toBe('A new one is on its way.');
  expect(desk.messagesOf(ticket).at(-1)?.words).toBe('Which model?');
});

test('W4: what this window wrote itself ends with what it sends, however much it was changed after it was saved', () => {
  const one = openWindow('one');
  one.save('Dear Carla, a new one');
  one.saveUnheard('Dear Carla, a new kettle');
  one.send('Dear Mrs Berg');
  expect(kept()).toBeUndefined();
});

test('W4: the same holds for notes', () => {
  desk.app.db.tx(() => keepPageDraft(desk.app, desk.ana, ticket, 'note', 'Ask Ben', {}));
  note(desk, ticket, 'Ask Olga');
  expect(findDraft(desk.app.db, desk.ana.id, ticket.id, 'note')).toBeUndefined();
});

describe('over HTTP', () => {
  let doors: Doors;
  let ana: Person;
  beforeEach(async () => {
    doors = await openDoors(desk);
    ana = doors.as(desk.ana);
  });
  afterEach(() => doors.close());
  const draft = () => `/tickets/${ticket.number}/draft`;

  test('W4: a reply that is held keeps the words of the other window as well, on the page and as the draft', async () => {
    await ana.post(draft(), { kind: 'reply', words: 'From one', draftBase: '', draftWriter: 'one' });
    desk.customerWrites(ticket, 'Wait');
    const { clientId, words: typed } = words('From two');
    const form = {
      clientId,
      words: typed,
      thenStatus: 'pending',
      seenSequence: '1',
      draftBase: '',
      draftWriter: 'two',
    };
    const held = await ana.upload(`/tickets/${ticket.number}/replies`, form, []);

    expect(held.status).toBe(409);
    expect(held.html).toContain('From two\n\nFrom one</textarea>');
    expect(kept()?.words).toBe('From two\n\nFrom one');
  });

  test('W4, AC-46: a window may ask how its draft stands now; nobody else’s is told', async () => {
    await ana.post(draft(), { kind: 'reply', words: 'Dear Carla' });
    expect(JSON.parse((await ana.get(`${draft()}/reply`)).html)).toMatchObject({
      words: 'Dear Carla',
      base: baseOf(kept()),
    });
    expect(JSON.parse((await ana.get(`${draft()}/note`)).html)).toMatchObject({ words: '', base: '' });
    expect(JSON.parse((await doors.as(desk.ben).get(`${draft()}/reply`)).html)).toMatchObject({ words: '' });
  });
});
