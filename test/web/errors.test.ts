// Where errors of requests end: one page, the right status, nothing of the inside told.
import { createServer as createHttp } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Conflict, NotFound, TooMany } from '../../server/lib/errors';
import { anyone } from '../../server/roles';
import { createRouter, createServer } from '../../server/web';
import { type Desk, openDesk } from '../support/desk';
import { openDoors } from '../support/doors';
import { routesOf } from '../support/routes';

let desk: Desk;
let logged: Record<string, unknown>[];
let diskSays = '';

beforeEach(() => {
  desk = openDesk();
  logged = [];
  desk.app.log.error = ((facts: Record<string, unknown>) =>
    void logged.push(facts)) as typeof desk.app.log.error;
});
afterEach(() => desk.close());

const WHY = anyone('a test of errors');
const SECRET = new Error('carla@mail.example has the password kettle');

/** A server whose only routes fail; `identified` false: even finding out who asks fails. */
async function failing(
  work: (ask: (path: string, headers?: Record<string, string>) => Promise<Response>) => Promise<void>,
  identified = true,
) {
  const t = desk.app.catalogues.en;
  const reader = { locale: 'en', zone: 'UTC', t, format: undefined as never } as const;
  const server = createServer(
    desk.app,
    (req, _res, next) => {
      if (!identified) throw SECRET;
      req.context = { reader, actor: undefined, shortIp: '' };
      next();
    },
    (express) => {
      const router = createRouter();
      router.get('/bug', WHY, () => {
        throw SECRET;
      });
      router.get('/later', WHY, async () => {
        await Promise.resolve();
        throw SECRET;
      });
      router.get('/named/:name', WHY, (_req, res) => res.send('x'));
      router.get('/conflict', WHY, () => {
        throw Conflict('Somebody was quicker.');
      });
      router.get('/busy', WHY, () => {
        throw TooMany('Slowly, please.');
      });
      router.get('/disk', WHY, () => {
        throw Object.assign(new Error('at /home/carla'), { code: diskSays });
      });
      router.get('/gone', WHY, () => {
        throw NotFound();
      });
      express.use(router);
    },
  );
  const http = createHttp(server);
  await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  await work((path, headers = { accept: 'text/html' }) =>
    fetch(`${url}${path}`, { headers, redirect: 'manual' }),
  );
  http.closeAllConnections();
  await new Promise((closed) => http.close(closed));
}

test.each(['/bug', '/later'])(
  '%s: a bug is one sentence outside, and its place without its words inside',
  async (path) => {
    await failing(async (ask) => {
      const page = await ask(path);
      const json = await ask(path, { accept: 'application/json' });
      const told = (await page.text()) + (await json.text());

      expect([page.status, json.status]).toEqual([500, 500]);
      expect(told).not.toMatch(/kettle|mail\.example|errors\.test|node_modules|\s+at /);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    });

    expect(logged).toHaveLength(2);
    expect(JSON.stringify(logged)).not.toMatch(/kettle|mail\.example/);
  },
);

test('P11: not even when nobody knows yet who asks', async () => {
  await failing(async (ask) => {
    const { status, text } = await ask('/bug').then(async (answer) => ({
      status: answer.status,
      text: await answer.text(),
    }));

    expect(status).toBe(500);
    expect(text).toBe('Something unexpected happened.');
  }, false);
});

test.each([
  ['/conflict', 409, 'conflict'],
  ['/busy', 429, 'too-many'],
  ['/gone', 404, 'not-found'],
  ['/nowhere', 404, 'not-found'],
  ['/named/%zz', 422, 'invalid'],
])('%s: what went wrong on purpose is said, and not logged', async (path, status, error) => {
  await failing(async (ask) => {
    expect((await ask(path)).status).toBe(status);
    expect(await (await ask(path, { accept: 'application/json' })).json()).toMatchObject({ error });
  });

  expect(logged).toEqual([]);
});

test.each([
  ['SQLITE_FULL', 507, 'disk-full'],
  ['ENOSPC', 507, 'disk-full'],
  ['SQLITE_READONLY_DBMOVED', 503, 'unavailable'],
])('R2: %s is said as what it is, and logged for whoever runs the server', async (code, status, error) => {
  await failing(async (ask) => {
    diskSays = code;
    const page = await ask('/disk');
    expect(page.status).toBe(status);
    expect(await page.text()).toContain(desk.app.catalogues.en(`errors.${error}.title`));
    expect(await (await ask('/disk', { accept: 'application/json' })).json()).toMatchObject({ error });
  });

  expect(logged.map((facts) => facts['code'])).toEqual([code, code]);
});

test('AC-49: whoever sends a form from elsewhere is told so, not that their role is wrong', async () => {
  const doors = await openDoors(desk);
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
    const { status, html } = await doors.stranger().post('/sign-in', { email: 'a@b.example' }, headers);
    expect(status).toBe(403);
    expect(html).toContain(desk.app.catalogues.en('errors.foreign-form.title'));
  }
  await doors.close();
});

test('AC-50: who is signed in and tries a door of another role is noted by number, without words', async () => {
  const refused: unknown[] = [];
  desk.app.log.warn = (facts) => void refused.push(facts);
  const doors = await openDoors(desk);
  await doors.as(desk.ana).get('/settings/agents/someone?secret=kettle');
  await doors.stranger().get('/settings/agents');
  await doors.close();

  expect(refused).toEqual([{ agent: desk.ana.id, method: 'GET', route: '/settings/agents/:id' }]);
});

describe('the way back after signing in', () => {
  const wayOf = (location: string | null) =>
    URL.parse(location ?? '', 'http://desk')?.searchParams.get('next');

  test('from a form it is the page the form is about, which is there', async () => {
    const doors = await openDoors(desk);
    const pages = routesOf(desk.app).filter(({ method }) => method === 'GET');
    const isPage = (path: string) =>
      pages.some(({ path: page }) => new RegExp(`^${page.replace(/:\w+/g, '[^/]+')}$`).test(path));
    const lost: string[] = [];
    for (const { method, path, guard } of routesOf(desk.app)) {
      if (method !== 'POST' || guard?.startsWith('anyone')) continue;
      const way = wayOf((await doors.stranger().post(path.replace(/:\w+/g, '7'))).location);
      if (way && !isPage(way)) lost.push(`${path}: ${way}`);
    }
    const reply = await doors.stranger().post('/tickets/42/replies');
    await doors.close();

    expect(wayOf(reply.location)).toBe('/tickets/42');
    expect(lost).toEqual([]);
  });

  test('from an address that is too long for another address it is the inbox', async () => {
    const doors = await openDoors(desk);
    const way = async (path: string) => wayOf((await doors.stranger().get(path)).location);
    expect(await way(`/search?q=${'x'.repeat(1_000)}`)).toMatch(/^\/search\?q=x/);
    expect(await way(`/search?q=${'x'.repeat(10_000)}`)).toBe('');
    await doors.close();
  });
});

test('a route that is not there looks the same to somebody signed in and to an outsider, but for the frame', async () => {
  const doors = await openDoors(desk);
  for (const who of [doors.stranger(), doors.as(desk.ana)])
    expect((await who.get('/admin/secret')).status).toBe(404);
  await doors.close();
});

test('an address that is too long or a header that is too large ends in a refusal, not in silence', async () => {
  const doors = await openDoors(desk);
  const { status } = await doors.stranger().get(`/search?q=${'x'.repeat(10_000)}`);
  expect(status).toBe(303);
  await doors.close();
});
