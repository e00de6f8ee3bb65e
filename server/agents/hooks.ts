// What agents ask of the rooms to their right; boot.ts fills it.
import type { App } from '../app';
import type { Actor } from '../events';

declare module '../app' {
  interface Hooks {
    /** Somebody leaves or may answer no more: their open tickets go back to everybody, their visitors wait again. Within a transaction. */
    workGoesBack(app: App, actor: Actor, agentId: number): void;
    /** How many open tickets are assigned to somebody. */
    countOpenTicketsOf(app: App, agentId: number): number;
    /** How many tickets a team has: open ones, and all. */
    countTicketsOfTeam(app: App, teamId: number): { open: number; all: number };
    /** A team is being removed: its tickets go to another, or to everybody, and then its row. Within a transaction. */
    teamGoes(app: App, actor: Actor, teamId: number): void;
  }
}
