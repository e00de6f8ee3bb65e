// The one wrapper around every socket event: validate, limit, catch, acknowledge.
import type { Socket } from 'socket.io';
import type { z } from 'zod';
import type { App } from '../app';
import { Problem } from '../lib/errors';
import { reportError } from '../lib/report-error';
import { type Bucket, takeFrom } from './bucket';

export type Ack = (answer: { ok: true; [fact: string]: unknown } | { ok: false; error: string }) => void;

export interface SocketEvent<Input> {
  schema: z.ZodType<Input>;
  /** Events allowed per `perSeconds`, a connection's own budget (C9, AC-54). */
  limit: { events: number; perSeconds: number };
  /** What is returned goes into the acknowledgement, after the commit (C2). */
  run(input: Input): Promise<Record<string, unknown> | void> | Record<string, unknown> | void;
}

export function onEvent<Input>(app: App, socket: Socket, name: string, event: SocketEvent<Input>): void {
  const bucket: Bucket = { tokens: event.limit.events, at: app.clock.now() };
  socket.on(name, async (raw: unknown, ackGiven?: unknown) => {
    const ack: Ack = typeof ackGiven === 'function' ? (ackGiven as Ack) : () => undefined;
    if (!takeFrom(bucket, event.limit, app.clock.now())) return ack({ ok: false, error: 'too-many' });
    const input = event.schema.safeParse(raw);
    if (!input.success) return ack({ ok: false, error: 'invalid' });
    try {
      ack({ ok: true, ...(await event.run(input.data)) });
    } catch (error) {
      if (!(error instanceof Problem)) reportError(app.log, `socket ${name}`, error);
      ack({ ok: false, error: error instanceof Problem ? error.code : 'unexpected' });
    }
  });
}
