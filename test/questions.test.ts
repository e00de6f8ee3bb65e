// Every page of the product, asked with what no link of ours says (AC-45): refused or ignored, never an error of ours.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Desk, openDesk } from './support/desk';
import { type Doors, openDoors, type Person } from './support/doors';
import { everythingOf, type Furnished, furnish } from './support/furnished';
import { type Route, routesOf } from './support/routes';

let desk: Desk;
let doors: Doors;
let furnished: Furnished;
let pages: Route[];
let owner: Person;

beforeAll(async () => {
  desk = openDesk();
  furnished = await furnish(desk);
  doors = await openDoors(desk);
  pages = routesOf(desk.app).filter(({ method }) => method === 'GET');
  owner = doors.as(desk.owner);
  desk.app.followers.catchUp();
});
afterAll(async () => {
  await doors.close();
  await desk.close();
});

/** The names that any page reads from its question. */
const NAMES = (() => {
  const server = join(__dirname, '../server');
  const texts = readdirSync(server, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(server, file), 'utf8'));
  const found = texts.flatMap((text) => [...text.matchAll(/query\['(\w+)'\]/g)].map(([, name]) => name));
  return [...new Set(found)] as string[];
})();

const ODD = [
  '',
  '0',
  '-1',
  '1e309',
  '99999999999999999999',
  'NaN',
  'null',
  '__proto__',
  'constructor',
  '%00',
  '%0d%0aset-cookie:%20x=y',
  '%ff',
  '%c0%ae',
  '%',
  "'%20OR%201=1%20--",
  '%22%20*%20NEAR(',
  '%F0%9F%AB%96',
  '%ED%A0%80',
  '..%2f..%2fsecret.key',
  '%3Cscript%3E',
  'x'.repeat(3_000),
];

async function failures(addresses: string[]): Promise<string[]> {
  const before = everythingOf(desk);
  const wrong: string[] = [];
  for (const address of addresses) {
    const { status, html, headers } = await owner.get(address);
    const shown = address.slice(0, 120);
    if (status >= 500) wrong.push(`${shown}: ${status}`);
    if (html.includes('<script>') || headers.getSetCookie().some((line) => line.startsWith('x=')))
      wrong.push(`${shown}: it came through`);
  }
  expect(everythingOf(desk)).toBe(before);
  return wrong;
}

test('AC-45: odd values of every question, once, twice and as a list', async () => {
  expect(NAMES).toEqual(expect.arrayContaining(['q', 'before', 'view']));
  const questions = pages.flatMap((route) => {
    const path = furnished.pathOf(route);
    return ODD.map((odd) => `${path}?${NAMES.map((name) => `${name}=${odd}`).join('&')}`).concat(
      `${path}?${NAMES.map((name) => `${name}=1&${name}=2`).join('&')}`,
      `${path}?${NAMES.map((name) => `${name}[]=1&${name}[x]=2`).join('&')}`,
    );
  });
  expect(await failures(questions)).toEqual([]);
}, 240_000);

test('AC-45: odd names in every place of every address', async () => {
  const addresses = pages.flatMap(({ path }) => {
    const places = path.match(/:\w+/g) ?? [];
    return places.flatMap((place) =>
      ODD.filter((odd) => odd !== '').map((odd) =>
        furnished.pathOf({ path: path.replace(place, 'PLACE') }).replace('PLACE', odd),
      ),
    );
  });
  expect(addresses.length).toBeGreaterThan(300);
  expect(await failures(addresses)).toEqual([]);
}, 240_000);
