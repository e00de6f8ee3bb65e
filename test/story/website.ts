// A website on an address of its own, with a policy as strict as the chat allows: of the desk, scripts and frames.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Website {
  origin: string;
  /** Puts the line of the settings page into every page. */
  carries(snippet: string): void;
  close(): Promise<void>;
}

export async function openWebsite(desk: string): Promise<Website> {
  let line = '';
  const policy = `default-src 'none'; script-src ${desk}; frame-src ${desk}; img-src data:; base-uri 'none'; form-action 'none'`;
  const server = createServer((_req, res) => {
    res.setHeader('Content-Security-Policy', policy).setHeader('Content-Type', 'text/html; charset=utf-8');
    res.end(
      `<!doctype html><html lang="en"><title>Teapot</title><link rel="icon" href="data:,"><h1>Kettles and teapots</h1>${line}</html>`,
    );
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    carries(snippet) {
      line = snippet;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
