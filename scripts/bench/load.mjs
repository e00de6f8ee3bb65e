// Load: so many connections, each asking again as soon as it has its answer, for a set time.
// Spoken over bare sockets, so that the one who measures takes as little of the two cores as possible.
import { connect } from 'node:net';

/**
 * `ask(i)` gives { path, method, headers, body }. Answers other than `expect` end the run, so that no error page is ever
 * counted as speed.
 */
export async function load(origin, { connections, seconds, ask, expect }) {
  const times = [];
  const begun = performance.now();
  const until = begun + seconds * 1000;
  let i = 0;
  const one = async () => {
    const connection = await open(origin);
    while (performance.now() < until) {
      const started = performance.now();
      const status = await connection.ask(ask(i++));
      if (status !== expect) throw new Error(`answered ${status} instead of ${expect}`);
      times.push(performance.now() - started);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, one));
  return figures(times, (performance.now() - begun) / 1000);
}

/** A kept-alive connection; answers are read to their last byte, which Content-Length tells. */
function open(origin) {
  const { hostname, port, host } = new URL(origin);
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  let waiting;
  let missing = -1;
  let status = 0;
  let head = '';
  socket.on('data', (chunk) => {
    let body = chunk.length;
    if (missing < 0) {
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      status = Number(head.slice(9, 12));
      const length = /\r\ncontent-length: (\d+)/i.exec(head.slice(0, end + 2));
      if (!length) return waiting.reject(new Error('an answer does not say how long it is'));
      missing = Number(length[1]);
      body = head.length - end - 4;
    }
    missing -= body;
    if (missing > 0) return;
    missing = -1;
    head = '';
    waiting.resolve(status);
  });
  socket.on('error', (error) => waiting?.reject(error));
  socket.on('close', () => waiting?.reject(new Error('the server hung up')));
  const ask = ({ path, method, headers, body = '' }) =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      const lines = Object.entries({ host, 'content-length': Buffer.byteLength(body), ...headers }).map(
        ([name, value]) => `${name}: ${value}\r\n`,
      );
      socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
    });
  return new Promise((resolve) =>
    socket.once('connect', () => resolve({ ask, close: () => socket.destroy() })),
  );
}

export function figures(times, seconds) {
  times.sort((a, b) => a - b);
  const at = (share) =>
    Number((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(2));
  return {
    perSecond: Math.round(times.length / seconds),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    n: times.length,
  };
}
