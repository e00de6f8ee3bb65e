// Commands that arrive while the server runs: handed over on a socket in the data folder, so that one process writes.
import { existsSync, unlinkSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import type { App } from './app';
import { type CommandResult, type HandedCommand, handedCommands } from './commands';
import { Problem } from './lib/errors';
import { reportError } from './lib/report-error';

/** What travels: one line of JSON, then the bytes of standard input. */
interface Order {
  command: string;
  values: Record<string, string | undefined>;
  bytes: number;
}

export interface Control {
  close(): void;
}

export function openControl(path: string, app: App): Promise<Control> {
  // The lock says that nobody else serves, so a socket that is still there is a dead one's.
  if (existsSync(path)) unlinkSync(path);
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    void answer(app, socket).catch((error) => {
      reportError(app.log, 'control socket', error);
      socket.destroy();
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve({ close: () => server.close() }));
  });
}

/** Hands a command to the server of a data folder; undefined when nothing serves it. */
export function handOver(
  path: string,
  command: string,
  values: Order['values'],
  input: Buffer,
): Promise<CommandResult | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    const nobodyServes = (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' || error.code === 'ECONNREFUSED' ? resolve(undefined) : reject(error);
    socket.once('error', nobodyServes);
    socket.once('connect', () => {
      socket.write(`${JSON.stringify({ command, values, bytes: input.length } satisfies Order)}\n`);
      socket.write(input);
    });
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      if (text === '') return reject(new Error('the server ended before it answered'));
      resolve(JSON.parse(text) as CommandResult);
    });
  });
}

async function answer(app: App, socket: Socket): Promise<void> {
  const { order, input } = await readOrder(socket);
  const command: HandedCommand | undefined = handedCommands[order.command];
  socket.end(
    JSON.stringify(
      command ? await run(app, command, order, input) : refusal(`There is no command ${order.command}.`),
    ),
  );
}

async function run(app: App, command: HandedCommand, order: Order, input: Buffer): Promise<CommandResult> {
  try {
    return await command.work(app, order.values, input);
  } catch (error) {
    if (error instanceof Problem) return refusal(error.message, command.failure);
    reportError(app.log, `command ${order.command}`, error);
    return refusal('Something unexpected happened; the server has noted where.', command.failure);
  }
}

const refusal = (message: string, exit = 1): CommandResult => ({
  exit,
  error: message,
  lines: [],
  facts: {},
});

async function readOrder(socket: Socket): Promise<{ order: Order; input: Buffer }> {
  let held = Buffer.alloc(0);
  let order: Order | undefined;
  const parts: Buffer[] = [];
  let got = 0;
  // Leaving the loop must not close the socket: the answer goes out on it.
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    if (!order) {
      held = Buffer.concat([held, chunk]);
      const end = held.indexOf(10);
      if (end < 0) continue;
      order = JSON.parse(held.subarray(0, end).toString('utf8')) as Order;
      parts.push(held.subarray(end + 1));
      got = held.length - end - 1;
    } else {
      parts.push(chunk);
      got += chunk.length;
    }
    if (got >= order.bytes) return { order, input: Buffer.concat(parts).subarray(0, order.bytes) };
  }
  throw new Error('a command broke off before it was whole');
}
