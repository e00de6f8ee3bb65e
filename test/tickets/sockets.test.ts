// Agents' open pages on a real server: they hear what they may see, and say where they are (W1, AC-47, AC-52).
import type { Agent } from '../../server/agents';
import { knowCustomerByMail } from '../../server/customers';
import { SYSTEM } from '../../server/events';
import { randomId } from '../../server/lib/ids';
import { noteOnTicket, openTicket, type Ticket } from '../../server/tickets';
import { type Line, openAgent } from '../support/chatting';
import { type House, openHouse } from '../support/serving';

let house: House;
const lines: Line[] = [];

beforeAll(async () => {
  house = await openHouse();
});
afterEach(() => {
  for (const line of lines.splice(0)) line.close();
});
afterAll(() => house.remove());

const app = () => house.serving.app;
let names = 0;
const somebody = (role?: Parameters<House['agent']>[1]) => {
  names += 1;
  return house.agent(`Agent${names}`, role);
};

async function pageOf(agent: Agent): Promise<Line> {
  const line = await openAgent(house.url, house.signIn(agent));
  lines.push(line);
  return line;
}

function ticket(teamId: number | null = null): Promise<Ticket> {
  return app().write(() => {
    const customer = knowCustomerByMail(app(), SYSTEM, { name: 'Carla', address: 'carla@mail.example' });
    const opened = openTicket(app(), SYSTEM, { subject: 'Kettle', channel: 'email', customer });
    app().db.sql.prepare('UPDATE tickets SET team_id = ? WHERE id = ?').run(teamId, opened.id);
    return { ...opened, team_id: teamId };
  });
}

const team = (...members: Agent[]) =>
  app().write(() => {
    names += 1;
    const id = Number(
      app().db.sql.prepare('INSERT INTO teams (name, created_at) VALUES (?, 0)').run(`Team ${names}`)
        .lastInsertRowid,
    );
    for (const { id: agentId } of members)
      app().db.sql.prepare('INSERT INTO team_members VALUES (?, ?)').run(id, agentId);
    return id;
  });

/** Something happens on the ticket that open pages are told. */
const happens = (on: Ticket) =>
  app().write(() => noteOnTicket(app(), house.owner, on, { clientId: randomId(), words: 'Hello' }));

const peopleOn = (data: Record<string, unknown>) =>
  (data['people'] as { name: string; doing: string }[]).map(({ name, doing }) => `${name} ${doing}`);
const about = (on: Ticket) => (data: Record<string, unknown>) => data['number'] === on.number;

describe('W1: presence', () => {
  test('others see who looks and who writes, and that they went on', async () => {
    const [one, other] = [await ticket(), await ticket()];
    const [ana, ben] = [somebody(), somebody()];
    const [anasPage, bensPage] = [await pageOf(ana), await pageOf(ben)];

    expect(await anasPage.ask('presence:look', { number: one.number })).toMatchObject({
      ok: true,
      people: [{ name: ana.name, doing: 'looking' }],
    });
    expect(peopleOn(await bensPage.next('presence:changed', about(one)))).toEqual([`${ana.name} looking`]);
    await anasPage.ask('presence:write', { number: one.number });
    expect(peopleOn(await bensPage.next('presence:changed', about(one)))).toEqual([`${ana.name} writing`]);
    await anasPage.ask('presence:look', { number: other.number });
    expect(peopleOn(await bensPage.next('presence:changed', about(one)))).toEqual([]);
    anasPage.close();
    expect(
      peopleOn(
        await bensPage.next('presence:changed', (data) => about(other)(data) && peopleOn(data).length === 0),
      ),
    ).toEqual([]);
  });

  test('closing one of two windows is not leaving', async () => {
    const one = await ticket();
    const [ana, ben] = [somebody(), somebody()];
    const [first, second, bensPage] = [await pageOf(ana), await pageOf(ana), await pageOf(ben)];
    await first.ask('presence:look', { number: one.number });
    await second.ask('presence:look', { number: one.number });
    first.close();
    await bensPage.ask('presence:look', { number: one.number });

    expect(
      peopleOn(
        await bensPage.next('presence:changed', (data) => about(one)(data) && peopleOn(data).length === 2),
      ),
    ).toEqual([`${ana.name} looking`, `${ben.name} looking`]);
    second.close();
    expect(
      peopleOn(
        await bensPage.next('presence:changed', (data) => about(one)(data) && peopleOn(data).length === 1),
      ),
    ).toEqual([`${ben.name} looking`]);
  });

  test('a list that is opened asks who is where, of the tickets its reader may see', async () => {
    const [one, hidden] = [await ticket(), await ticket(await team())];
    const [ana, ben] = [somebody(), somebody()];
    const [anasPage, ownersPage, bensPage] = [
      await pageOf(ana),
      await pageOf(house.owner),
      await pageOf(ben),
    ];
    await anasPage.ask('presence:write', { number: one.number });
    await ownersPage.ask('presence:look', { number: hidden.number });

    const { tickets } = (await bensPage.ask('presence:list', {})) as unknown as {
      tickets: { number: number; people: { name: string; doing: string }[] }[];
    };
    const at = (number: number) => tickets.find((place) => place.number === number)?.people;
    expect(at(one.number)).toMatchObject([{ name: ana.name, doing: 'writing' }]);
    expect(at(hidden.number)).toBeUndefined();
  });

  test('AC-46: nobody is anywhere near a ticket that is not theirs to see', async () => {
    const one = await ticket(await team());
    const page = await pageOf(somebody());

    expect(await page.ask('presence:look', { number: one.number })).toEqual({
      ok: false,
      error: 'not-found',
    });
    expect(await page.ask('presence:write', { number: 999_999 })).toEqual({ ok: false, error: 'not-found' });
  });

  test.each([
    undefined,
    null,
    7,
    'x',
    [],
    {},
    { number: '1001' },
    { number: 1.5 },
    { number: -1 },
    { number: [1001] },
    { number: 1001, role: 'owner' },
    { number: Number.MAX_VALUE },
  ])('AC-45: %j is no place', async (data) => {
    expect(await (await pageOf(somebody())).ask('presence:look', data)).toEqual({
      ok: false,
      error: 'invalid',
    });
  });

  test('AC-54: whoever says too much is not heard for a while', async () => {
    const one = await ticket();
    const page = await pageOf(somebody());
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => page.ask('presence:look', { number: one.number })),
    );

    expect(answers.filter(({ ok }) => ok).length).toBeLessThanOrEqual(21);
    expect(answers.filter(({ error }) => error === 'too-many').length).toBeGreaterThanOrEqual(9);
  });
});

describe('AC-47: signals', () => {
  test('of a team’s ticket are heard by the team and those who see everything, and by nobody else', async () => {
    const member = somebody();
    const theirs = await ticket(await team(member));
    const everybodys = await ticket();
    const [inTeam, outside, viewer, admin] = [
      await pageOf(member),
      await pageOf(somebody()),
      await pageOf(somebody('viewer')),
      await pageOf(somebody('admin')),
    ];
    await happens(theirs);
    await happens(everybodys);
    for (const page of [inTeam, outside, viewer, admin]) await page.next('ticket:changed', about(everybodys));

    const heard = (page: Line) =>
      page.heard.some(({ event, data }) => event === 'ticket:changed' && about(theirs)(data));
    expect([inTeam, admin].map(heard)).toEqual([true, true]);
    expect([outside, viewer].map(heard)).toEqual([false, false]);
  });

  test('say where to look, never what is there', async () => {
    const one = await ticket();
    const page = await pageOf(somebody());
    await happens(one);

    expect(await page.next('ticket:changed', about(one))).toEqual({
      number: one.number,
      sequence: 1,
      changedSequence: expect.any(Number),
    });
  });

  test('are not heard any more by whoever lost the role or the team, on a page that stays open', async () => {
    const [was, left] = [somebody('admin'), somebody()];
    const start = performance.now();
    const teamId = await team(left);
    const theirs = await ticket(teamId);
    const [demoted, gone, admin] = [await pageOf(was), await pageOf(left), await pageOf(somebody('admin'))];
    await app().write(() => {
      app().db.sql.prepare("UPDATE agents SET role = 'agent' WHERE id = ?").run(was.id);
      app().db.sql.prepare('DELETE FROM team_members WHERE agent_id = ?').run(left.id);
    });
    const everybodys = await ticket();
    const hears = async (page: Line) => {
      const before = page.heard.length;
      await happens(theirs);
      await happens(everybodys);
      await page.next('ticket:changed', about(everybodys));
      return page.heard.slice(before).some(({ data }) => about(theirs)(data));
    };
    // Open pages are looked at every five seconds.
    for (const page of [demoted, gone])
      while (await hears(page)) expect(performance.now() - start).toBeLessThan(8_000);

    expect(await hears(admin)).toBe(true);
    expect(await demoted.ask('presence:look', { number: theirs.number })).toEqual({
      ok: false,
      error: 'not-found',
    });
  });
});

test('AC-52: rooms can be named, and nothing comes of it', async () => {
  const theirs = await ticket(await team());
  const page = await pageOf(somebody());
  for (const room of [
    'admins',
    'agents',
    `team:${theirs.team_id}`,
    '*',
    '%',
    '',
    `agent:${house.owner.id}`,
    `visitor-ticket:${theirs.id}`,
  ]) {
    for (const event of ['join', 'subscribe', 'room:join', 'presence:join', 'connect', '$join']) {
      if (event !== 'connect') page.socket.emit(event, room, { room, rooms: [room] });
    }
  }
  await page.ask('presence:look', { number: (await ticket()).number });
  await happens(theirs);
  await happens(await ticket());
  await page.next('ticket:changed');

  expect(page.heard.filter(({ data }) => about(theirs)(data))).toEqual([]);
});
