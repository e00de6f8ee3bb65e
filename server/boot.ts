// The only place that constructs: openHouse puts the parts together, serveHouse lets people in.

import type { Server } from 'node:http';
import { Sessions } from './agents';
import type { App, Hooks } from './app';
import { nobodyIsThere, repliesFollower } from './chat';
import type { Config } from './config';
import { openControl } from './control';
import { writeLooks } from './customers';
import { controlSocket, databaseFile, lockFolder, prepareFolder, readKey } from './data-folder';
import { type Db, migrate, openDatabase, truncateJournal, writeQueue } from './db';
import { Followers, wasNotedAfter } from './events';
import { hooksOf } from './hooks';
import { formats, openCatalogues } from './i18n';
import { identify } from './identify';
import { endInterruptedRuns, Jobs, startSchedule } from './jobs';
import { openThreads } from './jobs/thread';
import { type Clock, canBeNow, HOUR, systemClock } from './lib/clock';
import { Conflict, type Problem, Unavailable } from './lib/errors';
import { type Log, openLog } from './lib/log';
import { reportError } from './lib/report-error';
import { assertSanitiserWorks, sanitizeHtml } from './lib/sanitize-html';
import { endInterruptedChecks, Intake, MailTraffic, markInDoubtAfterCrash } from './mail';
import { noticesFollower } from './notices';
import { prepareLedger, resumeInterrupted } from './privacy';
import { Hub } from './realtime';
import { mountRoutes } from './routes';
import { jobWorks, scheduleOf } from './schedule';
import { firmOf } from './settings';
import { openAllSockets } from './sockets';
import { factsFollower, forgetHalfReadImports, searchFollower, settleViews } from './tickets';
import { upgradeFolder } from './upgrade';
import { addSecurityHeaders, createServer, openDoorway } from './web';

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
    followers: new Followers(house, [searchFollower, factsFollower, repliesFollower, noticesFollower]),
    jobs: new Jobs(house, jobWorks),
    threads: openThreads(),
    catalogues: openCatalogues(),
    hooks: { ...hooksOf(intake, traffic), ...parts.hooks },
  };
  db.beforeCommit = () => settleViews(app);
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

/** How long an open request, and a command, may take to end when the server is told to stop; SIGTERM ends it within 8 s. */
const PATIENCE = 2_000;

/** Serves until `stop()`. Throws one sentence for a folder or port that is in use; then nothing stays open behind it. */
export async function serveHouse(config: Config, parts: Parts = {}): Promise<Serving> {
  /** How to undo what was done so far, newest last. */
  const undo: (() => unknown)[] = [];
  const stop = async () => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    return { ...(await openDoors(config, parts, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openDoors(
  config: Config,
  parts: Parts,
  undo: (() => unknown)[],
): Promise<Omit<Serving, 'stop'>> {
  refuseWrongClock((parts.clock ?? systemClock).now());
  prepareFolder(config.data);
  const lock = lockFolder(config.data);
  undo.push(() => lock.release());
  const log = parts.log ?? openLog('info');
  if (!parts.db) await upgradeFolder(config.data);
  const house = openHouse(config, { ...parts, log });
  undo.push(() => house.close());
  const { app } = house;
  if (wasNotedAfter(app.db, app.clock.now() + HOUR))
    log.warn({ clock: app.clock.now() }, 'things were noted in the future: the clock was wrong, or is');
  await app.write(() => markInDoubtAfterCrash(app));
  await app.write(() => nobodyIsThere(app));
  await app.write(() => endInterruptedRuns(app));
  await app.write(() => endInterruptedChecks(app));
  await forgetHalfReadImports(app);
  await prepareLedger(app);
  await resumeInterrupted(app);

  const sessions = new Sessions(app);
  const server = createServer(app, identify(app, sessions, formats()), (express) =>
    mountRoutes(app, express),
  );
  const doorway = openDoorway(config, server);
  const sockets = openAllSockets(app, doorway.http, sessions);
  addSecurityHeaders(doorway, config);
  undo.push(async () => {
    // Every namespace at once, and as a broken line, so that open pages come back by themselves (C2).
    sockets.engine.close();
    await doorway.close(PATIENCE);
    // That visitors and agents were hung up is written down before the database closes.
    await app.write(() => undefined);
  });
  const port = await listen(doorway.http, config);
  const control = await openControl(controlSocket(config.data), app);
  undo.push(() => control.close(PATIENCE));

  house.intake.start();
  app.jobs.start();
  house.traffic.start();
  app.followers.wake();
  undo.push(startSchedule(app, scheduleOf(app), () => firmOf(app).timeZone));
  return { app, port };
}

/** What is noted under a time that cannot be is kept, counted and deleted wrongly for ever (R2). */
function refuseWrongClock(now: number): void {
  if (!canBeNow(now))
    throw Unavailable(
      `The clock of this machine says ${new Date(now).toISOString()}, which cannot be: set it and start again.`,
    );
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
