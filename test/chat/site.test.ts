// Websites: their addresses and colours, and the pages where admins look after them.
import { readOrigins } from '../../server/chat';
import { inkOn } from '../../server/chat/ink';
import { writeSetting } from '../../server/settings';
import { openSite } from '../support/chatting';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';

test.each([
  ['https://teapot.example', ['https://teapot.example']],
  ['teapot.example', ['https://teapot.example']],
  ['https://teapot.example/shop/kettles?x=1#top', ['https://teapot.example']],
  ['HTTPS://Teapot.Example:8443', ['https://teapot.example:8443']],
  ['a.example, b.example\nb.example', ['https://a.example', 'https://b.example']],
  ['https://tēja.example', ['https://xn--tja-3qa.example']],
  ['http://localhost:8080', ['http://localhost:8080']],
  ['http://192.168.1.20', ['http://192.168.1.20']],
  ['http://shop.test', ['http://shop.test']],
])('“%s” is read as its origins', (typed, origins) => {
  expect(readOrigins(typed)).toEqual({ origins });
});

test.each([
  'http://teapot.example',
  'http://8.8.8.8',
  'ftp://teapot.example',
  'javascript:alert(1)',
  'data:text/html,x',
  'https://anna:secret@teapot.example',
  "https://teapot.example;script-src'unsafe-inline'",
  'https://*.example',
  '*',
  'https://',
  'our shop',
])('AC-55: “%s” is no address of a website', (typed) => {
  expect(readOrigins(`https://fine.example ${typed}`)).toHaveProperty('wrong');
});

test('writing on any colour reaches a contrast of 4.5 to 1', () => {
  const luminance = (colour: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (const colour of [
    '#000000',
    '#ffffff',
    '#ad4219',
    '#767676',
    '#ffcc00',
    '#2864b8',
    '#00ff00',
    '#ff0000',
  ]) {
    const [dark = 0, light = 0] = [luminance(colour), luminance(inkOn(colour))].sort((a, b) => a - b);
    expect((light + 0.05) / (dark + 0.05)).toBeGreaterThan(4.5);
  }
});

describe('the settings pages', () => {
  let desk: Desk;
  let doors: Doors;
  let olga: Person;

  beforeEach(async () => {
    desk = openDesk();
    doors = await openDoors(desk);
    olga = doors.as(desk.owner);
  });
  afterEach(async () => {
    await doors.close();
    await desk.close();
  });

  const form = (more: Record<string, string> = {}) => ({
    name: 'Teapot',
    origins: 'https://teapot.example',
    colour: '#AD4219',
    language: 'nb',
    greeting: 'Hei',
    privacyNotice: 'Vi lagrer det du skriver.',
    mailbox: '',
    ...more,
  });
  const sites = () => desk.rows('SELECT name, origins, colour, language, deleted_at FROM sites');

  test('an admin adds a website, copies the line for its pages, changes it and takes it off', async () => {
    expect((await olga.get('/settings/sites')).html).toContain('No website carries the chat yet');
    expect((await olga.get('/settings/sites/new')).html).toContain('Hello. What can we help you with?');

    const added = await olga.post('/settings/sites', form());
    const site = await olga.get(added.location ?? '');

    expect(added.status).toBe(303);
    expect(sites()).toEqual([
      {
        name: 'Teapot',
        origins: '["https://teapot.example"]',
        colour: '#ad4219',
        language: 'nb',
        deleted_at: null,
      },
    ]);
    expect(site.html).toContain('The website can carry the chat now.');
    expect(site.html).toMatch(
      /&lt;script async src=&quot;http:\/\/127\.0\.0\.1:\d+\/widget\.js&quot; data-site=&quot;[0-9a-f]{32}&quot;&gt;&lt;\/script&gt;/,
    );
    expect((await olga.get('/settings/sites')).html).toContain('https://teapot.example');

    await olga.post(added.location ?? '', form({ name: 'Coffee pot' }));
    expect(sites()).toMatchObject([{ name: 'Coffee pot' }]);

    await olga.post(`${added.location}/remove`);
    expect((await olga.get(added.location ?? '')).status).toBe(404);
    expect((await olga.get('/settings/sites')).html).toContain('No website carries the chat yet');
  });

  test.each([
    ['no name', { name: ' ' }, 'Fill this in.'],
    ['no address', { origins: '' }, 'Fill this in.'],
    ['an address that is none', { origins: 'http://teapot.example' }, 'is no address of a website'],
    ['a colour that is none', { colour: 'red;}' }, 'Write a colour'],
    ['an unknown language', { language: 'xx' }, 'not allowed'],
  ])('%s is said beside its field, and what was typed is kept', async (_name, wrong, sentence) => {
    const answer = await olga.post('/settings/sites', form({ greeting: 'My own words', ...wrong }));

    expect(answer.status).toBe(422);
    expect(answer.html).toContain(sentence);
    expect(answer.html).toContain('My own words');
    expect(sites()).toEqual([]);
  });

  test('a line that leads to this machine is not for a website elsewhere: the page says so, and where that is mended', async () => {
    const near = 'which only this machine knows';
    const elsewhere = await olga.post('/settings/sites', form());
    const here = await olga.post('/settings/sites', form({ origins: 'http://localhost:8080' }));

    const page = await olga.get(elsewhere.location ?? '');
    expect(page.html).toContain(near);
    expect(page.html).toContain('href="/settings/firm">Set the public address');
    expect((await olga.get(here.location ?? '')).html).not.toContain(near);

    writeSetting(desk.app, 'address', { publicUrl: 'https://desk.teapot.example' });
    expect((await olga.get(elsewhere.location ?? '')).html).not.toContain(near);
  });

  test('AC-48: fields of the table that the form does not have are refused', async () => {
    const answer = await olga.post('/settings/sites', form({ public_id: 'f'.repeat(32), secret: 'x' }));

    expect(answer.status).toBe(422);
    expect(sites()).toEqual([]);
  });

  test('only admins reach them', async () => {
    const { public_id: id } = openSite(desk);
    const paths = [
      '/settings/sites',
      '/settings/sites/new',
      '/settings/sites/preview',
      `/settings/sites/${id}`,
    ];
    for (const person of [doors.as(desk.ana), doors.as(desk.agent('Vera', 'viewer'))]) {
      for (const path of paths) expect((await person.get(path)).status).toBe(403);
      for (const path of ['/settings/sites', `/settings/sites/${id}`, `/settings/sites/${id}/remove`]) {
        expect((await person.post(path, form({ name: 'Mine' }))).status).toBe(403);
      }
    }
    for (const path of paths) expect((await doors.stranger().get(path)).location).toMatch(/^\/sign-in/);
    expect(sites()).toMatchObject([{ name: 'Teapot', deleted_at: null }]);
  });

  test('the preview shows the widget in a page of ours only', async () => {
    const { public_id: id } = openSite(desk, { greeting: 'Good morning' });

    const preview = await olga.get(`/settings/sites/preview?site=${id}`);

    expect(preview.html).toContain('Good morning');
    expect(preview.headers.get('content-security-policy')).toMatch(/frame-ancestors 'self'$/);
    expect(preview.html).toContain('&quot;preview&quot;:true');
  });
});
