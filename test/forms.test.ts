// Every form of the product: only its own fields, only texts, only from our own pages (AC-45, AC-48, AC-49).
import { type Desk, openDesk } from './support/desk';
import { type Answer, type Doors, openDoors, type Person } from './support/doors';
import { everythingOf, type Furnished, furnish } from './support/furnished';
import { type Route, routesOf } from './support/routes';
import { sampleForms } from './support/sample-forms';

let desk: Desk;
let doors: Doors;
let furnished: Furnished;
let routes: Route[];
let owner: Person;

beforeAll(async () => {
  desk = openDesk();
  furnished = await furnish(desk);
  doors = await openDoors(desk);
  routes = routesOf(desk.app);
  owner = doors.as(desk.owner);
  desk.app.followers.catchUp();
});
afterAll(async () => {
  await doors.close();
  await desk.close();
});

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const posts = () => routes.filter(({ method }) => method !== 'GET');
const samples = sampleForms();
const withFields = () => posts().filter((route) => Object.keys(samples[nameOf(route)] ?? {}).length > 0);
const SAME_SITE = { 'sec-fetch-site': 'same-origin', accept: 'text/html' };

const send = (
  route: Route,
  body: RequestInit['body'],
  type: string | undefined,
  headers: Record<string, string> = SAME_SITE,
) =>
  owner.ask(furnished.pathOf(route), {
    method: route.method,
    body,
    headers: { ...headers, ...(type ? { 'content-type': type } : {}) },
  });
const sendJson = (route: Route, value: unknown) => send(route, JSON.stringify(value), 'application/json');
const sendForm = (route: Route, fields: [string, string][]) =>
  send(route, new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded');

/** How many rows were ever written, so that what is stored need not be compared after every request. */
const writesOf = () => desk.rows<{ n: number }>('SELECT total_changes() AS n')[0]?.n;

/** Sends what is wrong; says where it was not refused, and fails where it changed something. */
async function notRefused(tries: [what: string, answer: () => Promise<Answer>][]): Promise<string[]> {
  const before = everythingOf(desk);
  let writes = writesOf();
  const found: string[] = [];
  for (const [what, ask] of tries) {
    const { status } = await ask();
    if (status >= 500 || status === 200) found.push(`${what}: ${status}`);
    if (writesOf() === writes) continue;
    if (everythingOf(desk) !== before) throw new Error(`This changed something: ${what}.`);
    writes = writesOf();
  }
  return found;
}

test('every route that changes something has a sample form here', () => {
  expect(posts().map(nameOf).toSorted()).toEqual(Object.keys(samples).toSorted());
});

describe('AC-45: what is no text is refused in every field', () => {
  const odd: [string, (name: string, value: string) => unknown][] = [
    ['a list', (_, value) => [value, value]],
    ['an empty list', () => []],
    ['an object', (_, value) => ({ value })],
    ['null', () => null],
    ['a number', () => 1],
    ['true', () => true],
  ];

  test.each(odd)('%s', async (what, spoil) => {
    const tries = withFields().flatMap((route) => {
      const fields = samples[nameOf(route)] ?? {};
      return Object.entries(fields).map(([name, value]): [string, () => Promise<Answer>] => [
        `${nameOf(route)} ${name} ${what}`,
        () => sendJson(route, { ...fields, [name]: spoil(name, value) }),
      ]);
    });

    expect(tries.length).toBeGreaterThan(100);
    expect(await notRefused(tries)).toEqual([]);
  });

  test('a field that comes twice, or as a[] or a[b]', async () => {
    const tries = withFields().flatMap((route) => {
      const fields = Object.entries(samples[nameOf(route)] ?? {});
      const shapes = (name: string): [string, [string, string][]][] => [
        ['twice', [...fields, [name, 'again']]],
        ['as a list', [...fields.filter(([field]) => field !== name), [`${name}[]`, 'x']]],
        ['as an object', [...fields.filter(([field]) => field !== name), [`${name}[x]`, 'x']]],
      ];
      return fields.flatMap(([name]) =>
        shapes(name).map(([what, spoilt]): [string, () => Promise<Answer>] => [
          `${nameOf(route)} ${name} ${what}`,
          () => sendForm(route, spoilt),
        ]),
      );
    });

    expect(await notRefused(tries)).toEqual([]);
  });

  const mayBeEmpty = ['POST /customers/:id/export'];
  const bodies: [string, string | undefined, string][] = [
    ['nothing at all', undefined, ''],
    ['an empty form', 'application/x-www-form-urlencoded', ''],
    ['a list', 'application/json', '[]'],
    ['a list of forms', 'application/json', '[{"words":"x"}]'],
    ['null', 'application/json', 'null'],
    ['a text', 'application/json', '"x"'],
    ['half of a form', 'application/json', '{"words":'],
    ['text that looks like a form', 'text/plain', '{"words":"x"}'],
    ['a body of many parts without a boundary', 'multipart/form-data', 'x'],
    [
      'a body of many parts that breaks off',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="words"\r\n\r\nHello',
    ],
    [
      'a part without a name',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data\r\n\r\nHello\r\n--b--\r\n',
    ],
    [
      'a file in a field of another name',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="other"; filename="x"\r\n\r\nHello\r\n--b--\r\n',
    ],
    ['too many fields', 'application/x-www-form-urlencoded', 'x=1&'.repeat(600)],
    ['an unheard-of encoding', 'application/x-www-form-urlencoded; charset=utf-99', 'words=x'],
    ['broken percent signs', 'application/x-www-form-urlencoded', 'words=%&clientId=%zz'],
  ];

  test.each(bodies)('%s instead of a form', async (_, type, body) => {
    const tries = withFields()
      .filter((route) => !mayBeEmpty.includes(nameOf(route)))
      .map((route): [string, () => Promise<Answer>] => [nameOf(route), () => send(route, body, type)]);

    expect(await notRefused(tries)).toEqual([]);
  });
});

describe('AC-48: nothing but the form’s own fields is taken', () => {
  const columns = () => [
    ...new Set(
      desk
        .rows<{ name: string }>(
          "SELECT c.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c WHERE t.schema = 'main'",
        )
        .map(({ name }) => name),
    ),
  ];
  const dangerous = [
    'id',
    'role',
    'state',
    'is_admin',
    'owner',
    'agent_id',
    'author_id',
    'ticket_id',
    'created_at',
    'deleted_at',
    'password_hash',
    'ignore_permissions',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'length',
  ];

  const spoilable = (name: string) =>
    withFields().filter((route) => !Object.hasOwn(samples[nameOf(route)] ?? {}, name));

  test.each(dangerous)('%s', async (name) => {
    const tries = spoilable(name).map((route): [string, () => Promise<Answer>] => [
      nameOf(route),
      () => sendForm(route, [...Object.entries(samples[nameOf(route)] ?? {}), [name, '1']]),
    ]);

    expect(await notRefused(tries)).toEqual([]);
  });

  test.each([...dangerous, '__proto__'])('%s, as JSON', async (name) => {
    const tries = spoilable(name).map((route): [string, () => Promise<Answer>] => {
      const own = JSON.stringify(samples[nameOf(route)]).slice(1);
      return [nameOf(route), () => send(route, `{"${name}":{"role":"owner"},${own}`, 'application/json')];
    });

    expect(await notRefused(tries)).toEqual([]);
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
  });

  test.each([
    'POST /tickets/:number/replies',
    'POST /customers/:id',
    'POST /settings/profile',
    'POST /settings/agents/:id/role',
    'POST /tickets/:number/status',
  ])(
    'every column of the database, one by one: %s',
    async (name) => {
      const route = posts().find((one) => nameOf(one) === name) as Route;
      const fields = samples[name] ?? {};
      const others = columns().filter((column) => !(column in fields) && column !== 'compactList');
      const tries = others.map((column): [string, () => Promise<Answer>] => [
        column,
        () => sendForm(route, [...Object.entries(fields), [column, '1']]),
      ]);

      expect(others.length).toBeGreaterThan(100);
      expect(await notRefused(tries)).toEqual([]);
    },
    240_000,
  );
});

describe('AC-49: nothing is changed from another site', () => {
  const origins: [string, Record<string, string>][] = [
    ['a form of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a form of a sister site', { 'sec-fetch-site': 'same-site' }],
    ['a bookmark', { 'sec-fetch-site': 'none' }],
    ['another site, said by an old browser', { origin: 'https://evil.example' }],
    ['a page without an origin', { origin: 'null' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['our own name with something after it', { origin: 'http://127.0.0.1.evil.example' }],
    ['a value that no browser sends', { 'sec-fetch-site': 'SAME-ORIGIN' }],
    ['two values', { 'sec-fetch-site': 'same-origin, cross-site' }],
  ];

  test.each(origins)('%s', async (_, headers) => {
    const before = everythingOf(desk, ['sessions', 'read_log']);
    const wrong: string[] = [];
    for (const route of posts()) {
      const body = new URLSearchParams(samples[nameOf(route)]).toString();
      const { status } = await send(route, body, 'application/x-www-form-urlencoded', headers);
      if (status !== 403) wrong.push(`${nameOf(route)}: ${status}`);
    }

    expect(wrong).toEqual([]);
    expect(everythingOf(desk, ['sessions', 'read_log'])).toBe(before);
  });

  test('and nothing by looking', async () => {
    const before = everythingOf(desk);
    const changed: string[] = [];
    for (const route of routes.filter(({ method }) => method === 'GET')) {
      const { status } = await owner.get(furnished.pathOf(route));
      if (status >= 500) changed.push(`${nameOf(route)}: ${status}`);
      if (everythingOf(desk) !== before) changed.push(`${nameOf(route)} changed something`);
    }

    expect(changed).toEqual([]);
  });

  test('other methods are not there', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      const { status } = await owner.ask('/tickets', { method, headers: SAME_SITE });
      expect([method, status]).toEqual([method, method === 'OPTIONS' ? 200 : 404]);
    }
  });
});

test('AC-34: under a configured address nothing but the health answers to another name', async () => {
  const strict = openDesk({ values: { 'public-url': 'https://desk.example.com' } });
  const itsDoors = await openDoors(strict);
  const stranger = itsDoors.stranger();

  expect((await stranger.get('/sign-in')).status).toBe(421);
  expect((await stranger.get('/health')).status).toBe(200);
  await itsDoors.close();
  await strict.close();
});
