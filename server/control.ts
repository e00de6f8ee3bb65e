// Commands that arrive while the server runs: handed over on a socket in the data folder, so that one process writes.
import { chmodSync, existsSync, unlinkSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import type { App } from './app';
import { type CommandResult, type HandedCommand, handedCommands } from './commands';
import { diskProblem, Problem, Unavailable } from './lib/errors';
import { reportError } from './lib/report-error';

/** What travels: one line of JSON, then the bytes of standard input. */
interface Order {
  command: string;
  values: Record<string, string | undefined>;
  bytes: number;
}

export interface Control {
  /** Commands that run have `patience` ms to end; whoever has only connected is cut. */
  close(patience: number): Promise<void>;
}

export function openControl(path: string, app: App): Promise<Control> {
  // The lock says that nobody else serves, so a socket that is still there is a dead one's.
  if (existsSync(path)) unlinkSync(path);
  const open = new Set<Socket>();
  const running = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    void answer(app, socket, () => running.add(socket))
      .catch((error) => {
        // Whoever was cut has not failed.
        if (!socket.destroyed) reportError(app.log, 'control socket', error);
        socket.destroy();
      })
      .finally(() => running.delete(socket));
  });
  const close = (patience: number) =>
    new Promise<void>((resolve) => {
      const cut = setTimeout(() => {
        for (const socket of open) socket.destroy();
      }, patience);
      server.close(() => {
        clearTimeout(cut);
        resolve();
      });
      for (const socket of open) if (!running.has(socket)) socket.destroy();
    });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve({ close });
    });
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
      if (text === '') return reject(Unavailable('The server ended before it answered; try again.'));
      resolve(JSON.parse(text) as CommandResult);
    });
  });
}

async function answer(app: App, socket: Socket, begins: () => void): Promise<void> {
  const { order, input } = await readOrder(socket);
  begins();
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
    const problem = error instanceof Problem ? error : diskProblem(error);
    if (problem) return refusal(problem.message, command.failure);
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
