// What websites and visitors' browsers fetch, and what they may do with it.
import { gzipSync } from 'node:zlib';
import type { SiteRow } from '../../server/chat';
import { removeSite } from '../../server/chat/change-site';
import { findAsset, readAsset } from '../../server/lib/assets';
import { openSite } from '../support/chatting';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';

let desk: Desk;
let doors: Doors;
let site: SiteRow;
let visitor: Person;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  site = openSite(desk, { origins: ['https://teapot.example', 'https://www.teapot.example'] });
  visitor = doors.stranger();
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const looks = () => `/widget/looks/${site.public_id}.js`;
const frame = () => `/widget/frame?site=${site.public_id}`;
const recall = () => `/widget/recall?site=${site.public_id}`;

test('/widget.js answers before any site exists, to every website', async () => {
  desk.app.db.tx(() => removeSite(desk.app, desk.owner, site));

  const loader = await visitor.get('/widget.js');

  expect(loader.status).toBe(200);
  expect(loader.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(loader.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  expect(loader.headers.get('set-cookie')).toBeNull();
});

test('C3: under 4 KB until it is opened, under 30 KB after', async () => {
  const { manifest, size } = sizes();
  const asked = await Promise.all(
    [looks(), recall()].map(async (path) => gzipSync((await visitor.get(path)).html).length),
  );
  const before = ['widget/loader.js', 'widget/recall.js'].map((name) => size(manifest[name] ?? ''));
  const opened = ['widget/frame.js', 'css/widget.css'].map((name) => size(manifest[name] ?? name));
  const page = gzipSync(readAsset('views/chat/frame.ejs')).length + 1_000;

  expect([...before, ...asked].reduce((sum, bytes) => sum + bytes)).toBeLessThan(4_096);
  expect(opened.reduce((sum, bytes) => sum + bytes, page)).toBeLessThan(30 * 1_024);
});

function sizes() {
  const manifest = JSON.parse(readAsset('static/manifest.json').toString('utf8')) as Record<string, string>;
  return {
    manifest,
    size: (name: string) => findAsset(`static/${name}.gz`)?.length ?? Number.POSITIVE_INFINITY,
  };
}

test('C4: nothing that is fetched to show the widget sets a cookie', async () => {
  for (const path of ['/widget.js', looks(), recall(), frame()]) {
    const answer = await visitor.get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
});

test.each([
  ['the frame', frame],
  ['what asks whether there is a conversation', recall],
] as const)(
  'AC-55: %s may be framed by the addresses on its list only, and nothing else',
  async (_name, path) => {
    const { headers } = await visitor.get(path());

    expect(headers.get('content-security-policy')).toMatch(
      /frame-ancestors 'self' https:\/\/teapot\.example https:\/\/www\.teapot\.example$/,
    );
    expect(headers.get('content-security-policy')).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self'",
    );
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-frame-options')).toBeNull();
    for (const path of [
      '/sign-in',
      `/chat/${site.public_id}`,
      looks(),
      '/widget.js',
      '/tickets',
      '/widget/frame?site=x',
    ]) {
      const other = await visitor.get(path);
      expect(other.headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'$/);
      expect(other.headers.get('x-frame-options')).toBe('DENY');
    }
  },
);

test('AC-55: no answer lets another origin read it by script', async () => {
  for (const origin of ['https://evil.example', 'https://teapot.example', 'null']) {
    for (const path of ['/widget.js', looks(), recall(), frame(), `/chat/${site.public_id}`]) {
      const { headers } = await visitor.get(path, { origin });
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  }
});

test.each(['0'.repeat(32), 'x', '', '%00', '../settings', "' OR 1=1 --"])(
  'a site called “%s” is not found',
  async (id) => {
    expect((await visitor.get(`/widget/frame?site=${encodeURIComponent(id)}`)).status).toBe(404);
    expect((await visitor.get(`/widget/recall?site=${encodeURIComponent(id)}`)).status).toBe(404);
    expect((await visitor.get(`/widget/looks/${encodeURIComponent(id)}.js`)).status).toBe(404);
    expect((await visitor.get(`/chat/${encodeURIComponent(id) || '-'}`)).status).toBe(404);
  },
);

test('AC-45: an array where the site belongs is not found, and not an error', async () => {
  expect((await visitor.get(`/widget/frame?site=${site.public_id}&site=${site.public_id}`)).status).toBe(404);
  expect((await visitor.get('/widget/frame?site[]=x')).status).toBe(404);
  expect((await visitor.get('/widget/frame')).status).toBe(404);
});

test('AC-06, AC-56: poison in every setting of a site stays text, in the frame and in the script of its looks', async () => {
  const poison = `"'><script>alert(1)</script></textarea>\u2028{name}`;
  const hostile = openSite(desk, { name: poison, greeting: poison, privacyNotice: poison });

  const page = await visitor.get(`/widget/frame?site=${hostile.public_id}`);
  const script = await visitor.get(`/widget/looks/${hostile.public_id}.js`);

  expect(page.html).not.toContain('<script>alert');
  expect(page.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  const heard: { label: string }[] = [];
  new Function('hearthdeskChat', script.html)((given: { label: string }) => heard.push(given));
  expect(heard).toEqual([{ colour: '#ad4219', ink: '#ffffff', label: `Chat with ${poison}` }]);
});

test('the frame speaks the site’s language, whatever the browser asks for', async () => {
  const norsk = openSite(desk, { language: 'nb' });

  const { html } = await visitor.get(`/widget/frame?site=${norsk.public_id}`, { 'accept-language': 'lv' });

  expect(html).toContain('<html lang="nb">');
  expect(html).toContain('Navnet ditt');
});
