// The server around the application: HTTP or HTTPS, the answers that no route gives, and an end that comes.
import { createServer as createHttp, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import type { Config } from '../config';
import { headersWith, isHttps } from './headers';

export interface Doorway {
  http: Server;
  /** Ends the server: what is being answered has `patience` ms to finish, then every connection is cut, silent ones too. */
  close(patience: number): Promise<void>;
}

/** A message with its 25 MB files over a slow line. Whoever sends nothing at all is cut after a minute. */
const LONGEST_REQUEST = 300_000;

/** Where live connections come; nothing else of ours upgrades, and a request that would like to (h2c) is answered as it is. */
const LIVE = '/socket.io';

/** Not listening yet. A missing Host is the application's to refuse, so that its answer looks like any other. */
export function openDoorway(config: Config, application: Express): Doorway {
  const options = {
    requestTimeout: LONGEST_REQUEST,
    requireHostHeader: false,
    shouldUpgradeCallback: ({ url }: IncomingMessage) => url?.startsWith(LIVE) === true,
  };
  const http = config.tls
    ? createHttps({ ...options, ...config.tls }, application)
    : createHttp(options, application);
  const headers = headersWith('no-referrer', { https: isHttps(config) });
  http.on('clientError', (error, socket) => refuse(error, socket, headers));
  // An expectation we do not know is none of our business (RFC 9110, 10.1.1).
  http.on('checkExpectation', application);
  return { http, close: closing(http) };
}

/** For live connections, which are answered beside the application; call it when that is in place. */
export function addSecurityHeaders({ http }: Doorway, config: Config): void {
  const headers = headersWith('no-referrer', { https: isHttps(config) });
  http.prependListener('request', (req, res) => {
    if (req.url?.startsWith(LIVE)) for (const [name, value] of headers) res.setHeader(name, value);
  });
}

/** There is no page for these, because there is no request yet: nobody knows the reader's language. */
const REFUSALS: Record<string, [status: number, says: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'That request is too long: its address, or the cookies that came with it.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'That request took too long.'],
};

function refuse(error: NodeJS.ErrnoException, socket: Duplex, headers: [string, string][]): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, says] = REFUSALS[error.code ?? ''] ?? [400, 'That request could not be read.'];
  const lines = [
    ...headers,
    ['Content-Type', 'text/plain; charset=utf-8'],
    ['Content-Length', String(says.length)],
    ['Connection', 'close'],
  ].map((header) => header.join(': '));
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n`;
  socket.end(`${head}${says}`, () => socket.destroy());
}

/** Node knows only connections that have spoken HTTP: not those in the middle of TLS, nor those it has handed over. */
function closing(http: Server): Doorway['close'] {
  const open = new Set<Duplex>();
  http.on('connection', (socket: Duplex) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return (patience) =>
    new Promise((resolve) => {
      const cut = setTimeout(() => {
        for (const socket of open) socket.destroy();
      }, patience);
      http.close(() => {
        clearTimeout(cut);
        resolve();
      });
      http.closeIdleConnections();
    });
}
