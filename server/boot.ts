// The only place that constructs: openHouse puts the parts together, serveHouse lets people in.

import { chmodSync } from 'node:fs';
import { createServer as createHttp, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { Sessions } from './agents';
import type { App, Hooks } from './app';
import { nobodyIsThere, repliesFollower } from './chat';
import type { Config } from './config';
import { openControl } from './control';
import { writeLooks } from './customers';
import { controlSocket, databaseFile, lockFolder, prepareFolder, readKey } from './data-folder';
import { type Db, migrate, openDatabase, truncateJournal, writeQueue } from './db';
import { Followers } from './events';
import { hooksOf } from './hooks';
import { formats, openCatalogues } from './i18n';
import { identify } from './identify';
import { endInterruptedRuns, Jobs, startSchedule } from './jobs';
import { openThreads } from './jobs/thread';
import { type Clock, systemClock } from './lib/clock';
import { Conflict, type Problem, Unavailable } from './lib/errors';
import { type Log, openLog } from './lib/log';
import { reportError } from './lib/report-error';
import { assertSanitiserWorks, sanitizeHtml } from './lib/sanitize-html';
import { Intake, MailTraffic, markInDoubtAfterCrash } from './mail';
import { prepareLedger, resumeInterrupted } from './privacy';
import { Hub } from './realtime';
import { mountRoutes } from './routes';
import { jobWorks, scheduleOf } from './schedule';
import { firmOf } from './settings';
import { openAllSockets } from './sockets';
import { factsFollower, searchFollower } from './tickets';
import { upgradeFolder } from './upgrade';
import { createServer } from './web';

export interface Parts {
  db?: Db;
  key?: Buffer;
  clock?: Clock;
  log?: Log;
  hooks?: Partial<Hooks>;
}

export interface House {
  app: App;
  intake: Intake;
  traffic: MailTraffic;
  close(): Promise<void>;
}

/** Everything but the doors: for commands that run while nothing serves, and for tests, which pass parts of their own. */
export function openHouse(config: Config, parts: Parts = {}): House {
  assertSanitiserWorks(sanitizeHtml);
  const db = parts.db ?? openDatabase(databaseFile(config.data));
  migrate(db);
  db.effectFailed = (error) => reportError(app.log, 'after a commit', error);
  const house = (): App => app;
  const intake = new Intake(house);
  const traffic = new MailTraffic(house);
  const app: App = {
    db,
    config,
    write: writeQueue(db),
    clock: parts.clock ?? systemClock,
    log: parts.log ?? openLog('silent'),
    key: parts.key ?? readKey(config.data),
    hub: new Hub(),
    followers: new Followers(house, [searchFollower, factsFollower, repliesFollower]),
    jobs: new Jobs(house, jobWorks),
    threads: openThreads(),
    catalogues: openCatalogues(),
    hooks: { ...hooksOf(intake, traffic), ...parts.hooks },
  };
  const close = async () => {
    await traffic.stop();
    await intake.stop();
    await app.jobs.stop();
    await writeLooks(app);
    app.followers.stop();
    await app.threads.close();
    if (!parts.db) {
      truncateJournal(db);
      db.close();
    }
  };
  return { app, intake, traffic, close };
}

/** Opens the house of a data folder for one command, under the folder's lock. */
export async function withHouse<T>(config: Config, work: (app: App, house: House) => Promise<T>): Promise<T> {
  prepareFolder(config.data);
  const lock = lockFolder(config.data);
  try {
    await upgradeFolder(config.data);
    const house = openHouse(config);
    try {
      return await work(house.app, house);
    } finally {
      await house.close();
    }
  } finally {
    lock.release();
  }
}

export interface Serving {
  app: App;
  port: number;
  stop(): Promise<void>;
}

/** How long an open request may take to end when the server is told to stop; SIGTERM ends it within 8 s. */
const PATIENCE = 3_000;

/** Serves until `stop()`. Throws one sentence for a folder or port that is in use. */
export async function serveHouse(config: Config, parts: Parts = {}): Promise<Serving> {
  prepareFolder(config.data);
  const lock = lockFolder(config.data);
  const log = parts.log ?? openLog('info');
  if (!parts.db) await upgradeFolder(config.data);
  const house = openHouse(config, { ...parts, log });
  const { app } = house;
  await app.write(() => markInDoubtAfterCrash(app));
  await app.write(() => nobodyIsThere(app));
  await app.write(() => endInterruptedRuns(app));
  await prepareLedger(app);
  await resumeInterrupted(app);

  const sessions = new Sessions(app);
  const server = createServer(app, identify(app, sessions, formats()), (express) =>
    mountRoutes(app, express),
  );
  const http = config.tls
    ? createHttps({ cert: config.tls.cert, key: config.tls.key }, server)
    : createHttp(server);
  http.requestTimeout = 120_000;
  const sockets = openAllSockets(app, http, sessions);
  const port = await listen(http, config);
  const control = await openControl(controlSocket(config.data), app);
  chmodSync(controlSocket(config.data), 0o600);

  house.intake.start();
  app.jobs.start();
  house.traffic.start();
  app.followers.wake();
  const stopSchedule = startSchedule(app, scheduleOf(app), firmOf(app).timeZone);

  const stop = async () => {
    stopSchedule();
    control.close();
    // Every namespace at once, and as a broken line, so that open pages come back by themselves (C2).
    sockets.engine.close();
    await closeHttp(http);
    await house.close();
    lock.release();
  };
  return { app, port, stop };
}

function listen(http: Server, config: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => reject(portProblem(error, config)));
    http.listen(config.port, config.host, () => {
      const address = http.address();
      resolve(typeof address === 'object' && address ? address.port : config.port);
    });
  });
}

function portProblem(error: NodeJS.ErrnoException, config: Config): Problem {
  if (error.code === 'EADDRINUSE')
    return Conflict(`Port ${config.port} is in use by another program; choose one with --port.`);
  if (error.code === 'EACCES')
    return Conflict(`Port ${config.port} may not be used by this user; ports from 1024 up may.`);
  return Unavailable(`Nothing can be served on ${config.host} port ${config.port} (${error.code}).`, error);
}

function closeHttp(http: Server): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve());
    http.closeIdleConnections();
    setTimeout(() => http.closeAllConnections(), PATIENCE).unref();
  });
}
