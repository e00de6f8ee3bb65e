// Every route of the product: on the list, behind its guard, and closed to whoever may not (AC-46, AC-49).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mayRole, PERMISSIONS, type Permission, ROLES, type Role } from '../server/roles';
import { type Desk, openDesk } from './support/desk';
import { type Doors, openDoors, type Person } from './support/doors';
import { everythingOf, type Furnished, furnish } from './support/furnished';
import { type Route, routesOf } from './support/routes';

let desk: Desk;
let doors: Doors;
let furnished: Furnished;
let routes: Route[];

beforeAll(async () => {
  desk = openDesk();
  furnished = await furnish(desk);
  doors = await openDoors(desk);
  routes = routesOf(desk.app);
});
afterAll(async () => {
  await doors.close();
  await desk.close();
});

const line = ({ method, path, guard }: Route) =>
  `${method.padEnd(5)}${path.padEnd(56)}${guard ?? 'NO GUARD'}`;
const isOpen = ({ guard }: Route) => guard?.startsWith('anyone: ') === true;
const guarded = () => routes.filter((route) => !isOpen(route));
const ask = (who: Person, route: Route, headers: Record<string, string> = {}) =>
  who.ask(furnished.pathOf(route), {
    method: route.method,
    headers: { 'sec-fetch-site': 'same-origin', ...headers },
  });

/** Asks each route, and says which did not answer as it should or changed something. */
async function wrong(
  asked: Route[],
  who: Person,
  isRight: (route: Route, answer: Awaited<ReturnType<typeof ask>>) => boolean,
  headers = {},
) {
  desk.app.followers.catchUp();
  const before = everythingOf(desk);
  const found: string[] = [];
  for (const route of asked) {
    const answer = await ask(who, route, headers);
    if (!isRight(route, answer)) found.push(`${line(route)}: ${answer.status} ${answer.location ?? ''}`);
    if (everythingOf(desk) !== before) throw new Error(`${line(route)} changed something.`);
  }
  return found;
}

test('the routes are those of test/routes.txt, each with its guard', () => {
  const listed = readFileSync(join(__dirname, 'routes.txt'), 'utf8').trimEnd().split('\n');

  expect(routes.map(line)).toEqual(listed);
});

test('every route names its guard first, and every guard is a permission or says why it is open', () => {
  const odd = routes.filter(
    ({ guard }) => guard === undefined || !(guard in PERMISSIONS || /^anyone: .{10,}/.test(guard)),
  );

  expect(odd.map(line)).toEqual([]);
});

test('every permission opens something', () => {
  const used = new Set(routes.map(({ guard }) => guard));
  const inCode = ['agents.owners', 'customers.allNotes', 'macros.share', 'views.share'];

  expect(
    Object.keys(PERMISSIONS).filter((permission) => !used.has(permission) && !inCode.includes(permission)),
  ).toEqual([]);
});

test('no two routes say the same', () => {
  const same = routes.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`);

  expect(same.filter((one, place) => same.indexOf(one) !== place)).toEqual([]);
});

test('AC-46: an outsider is led to the door by every guarded route, and changes nothing', async () => {
  const toTheDoor = await wrong(
    guarded(),
    doors.stranger(),
    (_, { status, location }) => status === 303 && location?.startsWith('/sign-in?next=') === true,
  );
  const asProgram = await wrong(guarded(), doors.stranger(), (_, { status }) => status === 401, {
    accept: 'application/json',
  });

  expect([...toTheDoor, ...asProgram]).toEqual([]);
});

test('AC-46: a cookie that opens nothing is no better than none', async () => {
  const cookies = ['', 'x', 'null', '0', 'undefined', '%00', 'a'.repeat(43), '[object Object]'];
  const [route] = guarded().filter(({ path }) => path === '/tickets');
  for (const cookie of cookies) {
    const { status } = await doors
      .stranger()
      .ask('/tickets', { headers: { cookie: `hearthdesk=${cookie}`, accept: 'text/html' } });
    expect(status).toBe(303);
  }
  expect(route?.guard).toBe('tickets.read');
});

const roles = ROLES.map((role) => [role] as const);

test.each(roles)(
  'AC-46: %s is refused by every route that is not for that role, and changes nothing',
  async (role) => {
    const who = doors.as(desk.agent(`Own${role}`, role));
    const closed = guarded().filter(({ guard }) => !mayRole(role, guard as Permission));

    expect(await wrong(closed, who, (_, { status }) => status === 403)).toEqual([]);
    expect(closed.length > 0).toBe(role === 'agent' || role === 'viewer');
  },
);

test('AC-46: an agent who was removed is an outsider from that moment', async () => {
  const zoe = desk.agent('Zoe', 'admin');
  const who = doors.as(zoe);
  expect((await who.get('/tickets')).status).toBe(200);
  desk.app.db.tx(() =>
    desk.app.db.sql.prepare("UPDATE agents SET state = 'removed' WHERE id = ?").run(zoe.id),
  );

  expect(
    await wrong(
      guarded(),
      who,
      (_, { status, location }) => status === 303 && location?.startsWith('/sign-in') === true,
    ),
  ).toEqual([]);
});

test('AC-46: a session that has run out is none', async () => {
  const who = doors.as(desk.agent('Yan', 'admin'));
  desk.app.db.tx(() => desk.app.db.sql.prepare('UPDATE sessions SET expires_at = ?').run(desk.clock.now()));

  expect((await who.get('/tickets')).status).toBe(303);
});

const matrix = ROLES.flatMap((role) =>
  (['their team’s', 'a foreign'] as const).map((whose) => [role, whose] as const),
);

test.each(matrix)('AC-46: %s with %s ticket', async (role: Role, whose) => {
  const agent = desk.agent(`Team${role}`, role);
  const team = desk.team(`Team of ${role} and ${whose}`, ...(whose === 'a foreign' ? [] : [agent]));
  desk.app.db.tx(() => desk.giveToTeam(furnished.ticket, team));
  const seen = whose !== 'a foreign' || role === 'owner' || role === 'admin';
  const ofTickets = guarded().filter(
    ({ path, guard }) => path.includes(':number') && mayRole(role, guard as Permission),
  );
  const refused = (_: Route, { status }: { status: number }) => status === 404;

  if (seen) {
    const pages = ofTickets.filter(({ method }) => method === 'GET');
    const found = await wrong(pages, doors.as(agent), (_, { status }) => status === 200);
    expect(found).toEqual([]);
  } else {
    expect(await wrong(ofTickets, doors.as(agent), refused)).toEqual([]);
  }
  expect(ofTickets.length).toBeGreaterThan(4);
  desk.app.db.tx(() => desk.giveToTeam(furnished.ticket, null));
});

test('every answer carries the security headers, errors and redirects too', async () => {
  const paths = [
    '/',
    '/tickets',
    '/sign-in',
    '/health',
    '/nowhere',
    '/tickets/x',
    '/static/nothing.css',
    '/widget.js',
    '/%',
    '/setup',
  ];
  for (const path of paths) {
    for (const who of [doors.stranger(), doors.as(desk.ana)]) {
      const { headers } = await who.get(path);
      expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff']);
      expect([path, headers.get('content-security-policy')?.includes('default-src')]).toEqual([path, true]);
      expect([path, headers.get('referrer-policy')]).toEqual([path, 'no-referrer']);
      expect([path, headers.get('x-powered-by')]).toEqual([path, null]);
    }
  }
});
