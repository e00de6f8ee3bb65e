// The page that says what each role may do is the table that the guards ask.

import { LOCALES, openCatalogues } from '../../server/i18n';
import { PERMISSIONS, ROLES } from '../../server/roles';
import { rolesPage } from '../../server/roles/present';
import type { Reader } from '../../server/web';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors } from '../support/doors';

let desk: Desk;
let doors: Doors;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

test('every permission is on the page, with a yes for exactly the roles that hold it', () => {
  const t = openCatalogues().en;
  const { groups } = rolesPage({ t } as Reader);
  const lines = groups.flatMap((group) => group.lines);
  for (const [permission, roles] of Object.entries(PERMISSIONS)) {
    const line = lines.find(({ text }) => text === t(`roles.may.${permission}`));
    expect(line?.may.map(({ allowed }) => allowed)).toEqual(
      ROLES.map((role) => (roles as readonly string[]).includes(role)),
    );
  }
  expect(lines).toHaveLength(Object.keys(PERMISSIONS).length);
});

test.each(LOCALES)('the page is whole in %s', (locale) => {
  const { groups, roles } = rolesPage({ t: openCatalogues()[locale] } as Reader);
  expect(roles).toHaveLength(ROLES.length);
  expect(groups.length).toBeGreaterThan(5);
});

test('admins read it, agents do not', async () => {
  const page = await doors.as(desk.agent('Adam', 'admin')).get('/settings/roles');
  expect(page.html).toContain('Reply to customers');
  expect((await doors.as(desk.ana).get('/settings/roles')).status).toBe(403);
  expect((await doors.stranger().get('/settings/roles')).location).toBe('/sign-in?next=%2Fsettings%2Froles');
});
