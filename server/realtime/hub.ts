// Signals to whoever is connected. They say that something changed; pages say what it looks like now.

export interface Signal {
  /** Rooms are chosen by the server only (AC-52): `agent:7`, `agents`, `ticket:42`, `visitor:9`. */
  room: string;
  event: string;
  data: Record<string, unknown>;
}

/** Collects signals until a transport is attached; without one (commands, tests) they are kept for reading. */
export class Hub {
  readonly sent: Signal[] = [];
  private transport: ((signal: Signal) => void) | undefined;
  private isOccupied: (room: string) => boolean = () => false;

  attach(transport: (signal: Signal) => void, isOccupied: (room: string) => boolean): void {
    this.transport = transport;
    this.isOccupied = isOccupied;
  }

  /** Whether anybody is connected who would hear what is said in a room. */
  isHeard(room: string): boolean {
    return this.isOccupied(room);
  }

  signal(room: string, event: string, data: Record<string, unknown>): void {
    if (this.transport) this.transport({ room, event, data });
    else this.sent.push({ room, event, data });
  }
}
