// A firm's website on an origin of its own, with a strict policy, that carries the chat.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSite, newSite, type SiteInput, type SiteRow, snippetOf } from '../../server/chat';
import type { House } from './serving';

export interface Shop {
  /** http://localhost:port, another site than the desk's 127.0.0.1, or another port of the same. */
  url: string;
  site: SiteRow;
  close(): Promise<void>;
}

export interface ShopOptions {
  host?: 'localhost' | '127.0.0.1';
  more?: Partial<SiteInput>;
  /** How often the line for the chat stands in the page. */
  times?: number;
  /** False: the desk does not know this website. */
  isListed?: boolean;
}

export async function openShop(house: House, options: ShopOptions = {}): Promise<Shop> {
  const { host = 'localhost', more = {}, times = 1, isListed = true } = options;
  const desk = house.url;
  const policy = `default-src 'none'; script-src 'self' ${desk}; frame-src ${desk}`;
  let body = '';
  const server = createServer((req, res) => {
    if (req.url === '/favicon.ico') return res.writeHead(204).end();
    res
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy })
      .end(body);
  });
  await new Promise<void>((ready) => server.listen(0, host, ready));
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  const { app } = house.serving;
  const input = { ...newSite(app, 'en'), origins: [isListed ? url : 'https://elsewhere.example'], ...more };
  const site = app.db.tx(() => createSite(app, house.owner, input));
  body = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>The shop</title>
<body><main><h1>Blue kettles</h1><p>With a lid.</p></main>${snippetOf(desk, site.public_id).repeat(times)}</body></html>`;
  return {
    url,
    site,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
