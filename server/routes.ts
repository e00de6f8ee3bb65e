// Contents page: every router, in mount order. Each route names its guard in its own line; a test walks them all.
import type { Express } from 'express';
import { agentRoutes } from './agents';
import type { App } from './app';
import { healthRoutes } from './health';
import { setupRoutes } from './setup';
import { ticketRoutes } from './tickets';

export function mountRoutes(app: App, server: Express): void {
  server.use(healthRoutes(app)); //  /health, /                                    anyone
  server.use(setupRoutes(app)); //   /setup                                        anyone with the one-time key
  server.use(agentRoutes(app)); //   /sign-in, /sign-out, /settings/agents …       anyone; account.own; agents.*
  server.use(ticketRoutes(app)); //  /tickets, /search, /customers                 tickets.*, customers.*
}
