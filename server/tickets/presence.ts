// Who is looking at a ticket and who is writing (W1): kept in memory, gone 25 s after the last sign of life.
import type { Agent } from '../agents';

const GONE_AFTER = 25_000;

export type Doing = 'looking' | 'writing';

export interface Present {
  agentId: number;
  name: string;
  doing: Doing;
}

/** One for all sockets of the server. */
export class Presence {
  private readonly tickets = new Map<number, Map<number, Present & { at: number }>>();

  constructor(private readonly now: () => number) {}

  /** True when somebody else would see a difference. */
  note(ticketId: number, agent: Agent, doing: Doing): boolean {
    const people = this.tickets.get(ticketId) ?? new Map();
    const before = people.get(agent.id);
    people.set(agent.id, { agentId: agent.id, name: agent.name, doing, at: this.now() });
    this.tickets.set(ticketId, people);
    return before?.doing !== doing;
  }

  leave(ticketId: number, agentId: number): void {
    const people = this.tickets.get(ticketId);
    people?.delete(agentId);
    if (people?.size === 0) this.tickets.delete(ticketId);
  }

  on(ticketId: number): Present[] {
    return [...(this.tickets.get(ticketId)?.values() ?? [])].map(({ agentId, name, doing }) => ({
      agentId,
      name,
      doing,
    }));
  }

  /** Tickets on which somebody is. */
  everywhere(): number[] {
    return [...this.tickets.keys()];
  }

  /** Forgets whoever has been silent too long; returns the tickets on which somebody went. */
  sweep(): number[] {
    const changed: number[] = [];
    for (const [ticketId, people] of this.tickets) {
      const before = people.size;
      for (const [id, person] of people) if (this.now() - person.at > GONE_AFTER) people.delete(id);
      if (people.size !== before) changed.push(ticketId);
      if (people.size === 0) this.tickets.delete(ticketId);
    }
    return changed;
  }
}
