// The Express application: what every request passes before its route.
import express, { type Express, type RequestHandler } from 'express';
import type { App } from '../app';
import { shortIp } from '../lib/short-ip';
import { errorPage, nothingHere } from './error-page';
import { isHttps, securityHeaders } from './headers';
import { hostCheck, originCheck } from './origin-check';
import { openStaticFiles } from './static-files';
import { openTemplates } from './templates';

/** Who asks: boot fills it with the agents' sessions. It sets `req.context`. */
export type Identify = RequestHandler;

export const createRouter = () => express.Router({ strict: false, caseSensitive: true });

/** Builds the application around `mount`, which adds the product's routers (routes.ts). */
export function createServer(app: App, identify: Identify, mount: (server: Express) => void): Express {
  const server = express();
  server.disable('x-powered-by');
  server.set('query parser', 'simple');
  server.set('trust proxy', app.config.trustedProxies);
  const files = openStaticFiles();
  server.locals['key'] = app.key;
  server.locals['pages'] = { render: openTemplates(files.address), files };

  server.use(securityHeaders({ https: isHttps(app.config) }));
  server.use('/static', files.router);
  server.use(identify);
  server.use(hostCheck(app.config), originCheck(app.config));
  server.use(express.urlencoded({ extended: false, limit: '1mb', parameterLimit: 500 }));
  server.use(express.json({ limit: '256kb' }));
  mount(server);
  server.use(nothingHere, errorPage(app));
  return server;
}

export const clientShortIp = (req: express.Request) => shortIp(req.ip ?? '');
