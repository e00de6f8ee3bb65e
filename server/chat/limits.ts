// How much one visitor and one network may do (C9, AC-54); over it they are told, and agents notice nothing.
import type { App } from '../app';
import { HOUR } from '../lib/clock';
import { type Bucket, takeFrom } from '../realtime';

/** An office or a school shares one network, so its limits are wide; a person's are not. */
const LIMITS = {
  start: { network: { events: 20, perSeconds: 600 } },
  message: { network: { events: 200, perSeconds: 60 }, visitor: { events: 40, perSeconds: 60 } },
  look: { network: { events: 600, perSeconds: 60 } },
  connect: { network: { events: 600, perSeconds: 60 } },
  enter: { network: { events: 600, perSeconds: 60 } },
  ask: { visitor: { events: 240, perSeconds: 60 } },
  sign: { visitor: { events: 40, perSeconds: 40 } },
} as const;

export const MOST_CONNECTIONS = 100;
const FORGOTTEN_AFTER = HOUR;
const MOST_REMEMBERED = 50_000;

export class ChatLimits {
  private readonly buckets = new Map<string, Bucket>();
  private readonly connections = new Map<string, number>();

  constructor(private readonly app: App) {}

  /** A new chat from this network. */
  mayStart(network: string): boolean {
    return this.take(`start ${network}`, LIMITS.start.network);
  }

  /** A message in a chat. */
  mayWrite(network: string, visitorId: number): boolean {
    // The visitor first: what one is refused is not taken from the others of the network.
    return (
      this.take(`visitor ${visitorId}`, LIMITS.message.visitor) &&
      this.take(`message ${network}`, LIMITS.message.network)
    );
  }

  /** A page that costs a few look-ups. */
  mayLook(network: string): boolean {
    return this.take(`look ${network}`, LIMITS.look.network);
  }

  /** A sign of writing: each goes to every agent, however many connections the visitor has. */
  maySign(visitorId: number): boolean {
    return this.take(`sign ${visitorId}`, LIMITS.sign.visitor);
  }

  /** What came after n: a visitor has several windows, and each asks. */
  mayAsk(visitorId: number): boolean {
    return this.take(`ask ${visitorId}`, LIMITS.ask.visitor);
  }

  /** Another connection, whoever's: each costs a little, also one that says nothing or goes at once. */
  mayConnect(network: string): boolean {
    return this.take(`connect ${network}`, LIMITS.connect.network);
  }

  /** A visitor comes in; over one connection they could come and go without end, and each time is written down. */
  mayEnter(network: string): boolean {
    return this.take(`enter ${network}`, LIMITS.enter.network);
  }

  /** Counts a connection in; false when this network has too many. */
  connect(network: string): boolean {
    const open = this.connections.get(network) ?? 0;
    if (open >= MOST_CONNECTIONS) return false;
    this.connections.set(network, open + 1);
    return true;
  }

  disconnect(network: string): void {
    const open = (this.connections.get(network) ?? 1) - 1;
    if (open > 0) this.connections.set(network, open);
    else this.connections.delete(network);
  }

  private take(key: string, limit: { events: number; perSeconds: number }): boolean {
    const now = this.app.clock.now();
    let bucket = this.buckets.get(key);
    if (!bucket) {
      if (this.buckets.size >= MOST_REMEMBERED) this.forget(now);
      bucket = { tokens: limit.events, at: now };
      this.buckets.set(key, bucket);
    }
    return takeFrom(bucket, limit, now);
  }

  /** Full buckets say nothing; when all are in use, the oldest go, so that memory stays bounded. */
  private forget(now: number): void {
    for (const [key, bucket] of this.buckets) {
      if (now - bucket.at > FORGOTTEN_AFTER || this.buckets.size >= MOST_REMEMBERED) this.buckets.delete(key);
    }
  }
}
