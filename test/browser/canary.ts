// A server elsewhere that strangers' mails would like a reader's browser, or ours, to call.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PNG } from '../support/mails';

export interface Canary {
  origin: string;
  /** Everything that anybody asked of it. */
  asked: { path: string; headers: IncomingHttpHeaders }[];
  close(): Promise<void>;
}

export async function openCanary(): Promise<Canary> {
  const asked: Canary['asked'] = [];
  const server = createServer((req, res) => {
    asked.push({ path: req.url ?? '', headers: req.headers });
    res.setHeader('Content-Type', 'image/png').end(PNG);
  });
  await new Promise<void>((ready) => server.listen(0, 'localhost', ready));
  return {
    // Another host than the desk's, because cookies do not look at ports.
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
