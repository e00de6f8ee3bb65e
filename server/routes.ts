// Contents page: every router, in mount order. Each route names its guard in its own line; a test walks them all.
import type { Express } from 'express';
import { agentRoutes } from './agents';
import type { App } from './app';
import { chatRoutes } from './chat';
import { healthRoutes } from './health';
import { mailRoutes } from './mail';
import { noticeRoutes } from './notices';
import { privacyRoutes } from './privacy';
import { roleRoutes } from './roles';
import { settingsRoutes } from './settings';
import { setupRoutes } from './setup';
import { ticketRoutes } from './tickets';

export function mountRoutes(app: App, server: Express): void {
  server.use(healthRoutes(app)); //  /health, /                                    anyone
  server.use(setupRoutes(app)); //   /setup                                        anyone with the one-time key
  server.use(roleRoutes()); //       /settings/roles                               agents.read
  server.use(settingsRoutes(app)); // /settings/firm                               settings.change
  server.use(mailRoutes(app)); //    /settings/mailboxes …, /settings/mail-tray …   mailboxes.change, mail.tray
  server.use(agentRoutes(app)); //   /sign-in, /invite …, /settings/profile, …     anyone; account.own; agents.*
  server.use(ticketRoutes(app)); //  /tickets, /views, /bulk, /outbox, /search, /customers, /organizations, /settings/macros|rules|moving-in  tickets.*, views.own, customers.*, mail.import
  server.use(chatRoutes(app)); //    /chats, /settings/sites; /widget…, /chat/:site chat.*, sites.change; anyone
  server.use(noticeRoutes(app)); // /notices                                     account.own
  server.use(privacyRoutes(app)); // /privacy, /customers/N/export|erase, /settings/backups  privacy.*, system.read, settings.change
}
