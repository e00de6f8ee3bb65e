// Macros: prepared replies of one's own or for everybody, put into a reply, with what sending does besides shown before it is done.
import type { Agent } from '../../server/agents';
import type { Ticket } from '../../server/tickets';
import { assignTicket } from '../../server/tickets/change';
import type { MacroInput } from '../../server/tickets/forms';
import { saveMacro } from '../../server/tickets/macros/macros';
import { findTags } from '../../server/tickets/tags';
import { deedsOfDraft, findDraft, keepDraft } from '../../server/tickets/writing/drafts';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { words as replyWords } from '../support/writing';

let desk: Desk;
let doors: Doors;
let ana: Person;
let ticket: Ticket;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  ana = doors.as(desk.ana);
  ticket = desk.ticketFrom('Carla');
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const macroForm = {
  name: 'Refund',
  words: 'Dear {{customer.first name}}',
  status: '',
  priority: '',
  tag: '',
};
const saved = (more: Partial<MacroInput> = {}, by: Agent = desk.ana) =>
  desk.app.db.tx(() =>
    saveMacro(desk.app, by, undefined, {
      ...macroForm,
      status: '',
      priority: '',
      takes: false,
      shared: false,
      ...more,
    }),
  );
const names = (html: string) => [...html.matchAll(/<b dir="auto">([^<]*)<\/b>/g)].map(([, name]) => name);
const draft = () => findDraft(desk.app.db, desk.ana.id, ticket.id, 'reply');
const page = async () => (await ana.get(`/tickets/${ticket.number}`)).html;
const sending = (more: Record<string, string> = {}) => {
  const { clientId } = replyWords('x');
  return { clientId, seenSequence: '1000', words: 'Here it is', thenStatus: 'pending', ...more };
};

describe('the settings', () => {
  test('an agent writes one, changes it, and removes it after a question', async () => {
    expect((await ana.get('/settings/macros')).html).toContain('No macros yet');
    const made = await ana.post('/settings/macros', {
      ...macroForm,
      status: 'solved',
      tag: 'refund',
      takes: 'on',
    });
    expect(made.location).toBe('/settings/macros');
    const [row] = desk.rows<{ public_id: string }>('SELECT * FROM macros');
    expect(row).toMatchObject({
      agent_id: desk.ana.id,
      name: 'Refund',
      status: 'solved',
      tag: 'refund',
      takes: 1,
    });
    const address = `/settings/macros/${row?.public_id}`;
    const list = (await ana.get('/settings/macros')).html;
    expect(list).toContain(`href="${address}"`);
    expect(list).toContain('status Solved · tag “refund” · assigned to you');

    await ana.post(address, { ...macroForm, name: 'Money back' });
    expect((await ana.get(address)).html).toContain('value="Money back"');
    expect((await ana.get(`${address}/removal`)).html).toContain('Remove “Money back”?');
    await ana.post(`${address}/removal`);
    expect(desk.rows('SELECT 1 FROM macros')).toEqual([]);
    expect(desk.events('macro.%').map(({ name }) => name)).toEqual([
      'macro.created',
      'macro.changed',
      'macro.removed',
    ]);
  });

  test('an unknown placeholder is refused where it stands, with those there are, and the input is kept', async () => {
    const answer = await ana.post('/settings/macros', { ...macroForm, words: 'Dear {{customer.nick name}}' });
    expect(answer.status).toBe(422);
    expect(answer.html).toContain('{{customer.nick name}} is no placeholder. There are {{customer.name}},');
    expect(answer.html).toContain('Dear {{customer.nick name}}</textarea>');
    expect(desk.rows('SELECT 1 FROM macros')).toEqual([]);
  });

  test('only admins write for everybody; agents use those and cannot change them', async () => {
    expect((await ana.post('/settings/macros', { ...macroForm, shared: 'on' })).status).toBe(403);
    const shared = saved({ shared: true }, desk.owner);
    const address = `/settings/macros/${shared.public_id}`;
    expect((await ana.get('/settings/macros')).html).not.toContain(`href="${address}"`);
    expect((await ana.post(address, macroForm)).status).toBe(403);
    expect((await ana.post(`${address}/removal`)).status).toBe(403);
    expect((await doors.as(desk.owner).post(address, { ...macroForm, shared: 'on' })).status).toBe(303);
  });

  test('AC-46: nobody sees, uses or removes a colleague’s own, the owner included', async () => {
    const bens = saved({ name: 'Ben’s' }, desk.ben);
    for (const who of [ana, doors.as(desk.owner)]) {
      expect((await who.get('/settings/macros')).html).not.toContain('Ben’s');
      expect((await who.get(`/settings/macros/${bens.public_id}`)).status).toBe(404);
      expect((await who.post(`/settings/macros/${bens.public_id}/removal`)).status).toBe(404);
      expect((await who.get(`/tickets/${ticket.number}/macros`)).html).not.toContain('Ben’s');
      expect((await who.post(`/tickets/${ticket.number}/macros/${bens.public_id}`)).status).toBe(404);
      expect((await who.post(`/tickets/${ticket.number}/macros/${bens.public_id}/words`)).status).toBe(404);
    }
    expect(desk.rows('SELECT 1 FROM macros')).toHaveLength(1);
  });
});

describe('in a reply', () => {
  test('they are offered by the beginnings of their names, one’s own and everybody’s', async () => {
    saved({ name: 'Refund granted' });
    saved({ name: 'Where is my parcel', shared: true }, desk.owner);
    const offered = async (q: string) =>
      names((await ana.get(`/tickets/${ticket.number}/macros/offered?q=${encodeURIComponent(q)}`)).html);
    expect(await offered('')).toEqual(['Refund granted', 'Where is my parcel']);
    expect(await offered('parc')).toEqual(['Where is my parcel']);
    expect(await offered('GRA ref')).toEqual(['Refund granted']);
    expect(await offered('arcel')).toEqual([]);
  });

  test('without script: what is typed is kept, a macro is chosen, its words stand below, and what it does beside', async () => {
    const macro = saved({ status: 'solved', priority: 'high', tag: 'refund', takes: true });
    const base = `/tickets/${ticket.number}`;
    const aside = await ana.upload(`${base}/macros`, { ...sending({ words: 'Begun' }), aside: 'macros' }, []);
    expect(aside.location).toBe(`${base}/macros`);
    const chooser = await ana.get(`${base}/macros`);
    expect(chooser.html).toContain('Dear Carla');
    expect(chooser.html).toContain(`action="${base}/macros/${macro.public_id}"`);
    expect((await ana.post(`${base}/macros/${macro.public_id}`)).location).toBe(
      `${base}?mode=reply#composer`,
    );

    const html = await page();
    expect(html).toContain('Begun\n\nDear Carla</textarea>');
    expect(html).toContain('name="doPriority" value="high"');
    expect(html).toContain('name="doTag" value="refund"');
    expect(html).toContain('name="doTakeFrom" value=""');
    expect(html).toContain('<option value="solved" selected>solve');
    expect(html).toMatch(/On sending.*priority High.*tag “refund”.*assigned to you/s);
    expect(desk.ticketNow(ticket)).toMatchObject({ status: 'new', priority: 'normal', assignee_id: null });
  });

  test('with script the page gets the words to put where the caret stands, and the draft what it does', async () => {
    const macro = saved({ tag: 'refund' });
    desk.app.db.tx(() => keepDraft(desk.app, desk.ana, ticket, 'reply', 'Begun'));
    const answer = await ana.post(`/tickets/${ticket.number}/macros/${macro.public_id}/words`);
    expect(JSON.parse(answer.html)).toMatchObject({
      words: 'Dear Carla',
      doingHtml: expect.stringContaining('doTag'),
    });
    expect(draft()).toMatchObject({ words: 'Begun' });
    expect(deedsOfDraft(draft())).toEqual({ tag: 'refund' });
  });

  test('each thing it would do can be left out; the others and the words stay', async () => {
    const macro = saved({ priority: 'high', tag: 'refund' });
    await ana.post(`/tickets/${ticket.number}/macros/${macro.public_id}`);
    const fields = {
      ...sending({ words: 'Dear Carla, hello' }),
      doPriority: 'high',
      doTag: 'refund',
      aside: 'tag',
    };
    expect((await ana.upload(`/tickets/${ticket.number}/macros`, fields, [])).location).toContain(
      'mode=reply',
    );
    const html = await page();
    expect(html).toContain('Dear Carla, hello</textarea>');
    expect(html).toContain('name="doPriority" value="high"');
    expect(html).not.toContain('name="doTag"');
  });

  test('sending does what the form says, in the same step, and nothing stays behind for the next reply', async () => {
    const macro = saved({ priority: 'high', tag: 'refund', takes: true });
    await ana.post(`/tickets/${ticket.number}/macros/${macro.public_id}`);
    const fields = sending({
      thenStatus: 'solved',
      doPriority: 'high',
      doTag: 'refund',
      doTake: '1',
      doTakeFrom: '',
    });
    expect((await ana.upload(`/tickets/${ticket.number}/replies`, fields, [])).status).toBe(303);
    expect(desk.ticketNow(ticket)).toMatchObject({
      status: 'solved',
      priority: 'high',
      assignee_id: desk.ana.id,
    });
    expect(findTags(desk.app.db, ticket.id).map(({ name }) => name)).toEqual(['refund']);
    expect(draft()).toBeUndefined();
    expect(await page()).not.toContain('name="doTag"');
  });

  test('O4: undo takes all of it back, and it stands beside the words again', async () => {
    const fields = sending({
      thenStatus: 'solved',
      doPriority: 'urgent',
      doTag: 'refund',
      doTake: '1',
      doTakeFrom: '',
    });
    await ana.upload(`/tickets/${ticket.number}/replies`, fields, []);
    const message = desk.messagesOf(ticket).find(({ words }) => words === 'Here it is');
    await ana.post(`/tickets/${ticket.number}/messages/${message?.id}/undo`);
    expect(desk.ticketNow(ticket)).toMatchObject({ status: 'new', priority: 'normal', assignee_id: null });
    expect(findTags(desk.app.db, ticket.id)).toEqual([]);
    expect(deedsOfDraft(draft())).toEqual({
      status: 'solved',
      priority: 'urgent',
      tag: 'refund',
      take: true,
    });
  });

  test('O4: what somebody changed since is left as it is by undo', async () => {
    desk.app.db.tx(() => assignTicket(desk.app, desk.ana, ticket, desk.ana, null));
    const fields = sending({ doPriority: 'urgent', doTake: '1', doTakeFrom: String(desk.ana.id) });
    await ana.upload(`/tickets/${ticket.number}/replies`, fields, []);
    const message = desk.messagesOf(ticket).find(({ words }) => words === 'Here it is');
    await ana.post(`/tickets/${ticket.number}/priority`, { priority: 'low' });
    await ana.post(`/tickets/${ticket.number}/messages/${message?.id}/undo`);
    expect(desk.ticketNow(ticket)).toMatchObject({ priority: 'low', assignee_id: desk.ana.id });
  });

  test('W3: a ticket that a colleague took meanwhile stays theirs, the reply goes, and the writer is told', async () => {
    desk.app.db.tx(() => assignTicket(desk.app, desk.ben, ticket, desk.ben, null));
    const fields = sending({ doTake: '1', doTakeFrom: '' });
    expect((await ana.upload(`/tickets/${ticket.number}/replies`, fields, [])).status).toBe(303);
    expect(desk.ticketNow(ticket)).toMatchObject({ assignee_id: desk.ben.id, status: 'pending' });
    expect(desk.queuedMails()).toHaveLength(1);
    expect(await page()).toContain('Ben was quicker and has this ticket.');
  });

  test('W2: a reply that is held keeps what it was to do', async () => {
    const macro = saved({ tag: 'refund' });
    await ana.post(`/tickets/${ticket.number}/macros/${macro.public_id}`);
    desk.customerWrites(ticket, 'Wait');
    const held = await ana.upload(
      `/tickets/${ticket.number}/replies`,
      sending({ seenSequence: '1', doTag: 'refund' }),
      [],
    );
    expect(held.status).toBe(409);
    expect(held.html).toContain('name="doTag" value="refund"');
    expect(findTags(desk.app.db, ticket.id)).toEqual([]);
  });
});
