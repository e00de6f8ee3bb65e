// A whole Hearthdesk on a free port with a data folder of its own, that can be stopped and started again.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Agent, agentOf, findAgentById, insertAgent, openSession } from '../../server/agents';
import { type Serving, serveHouse } from '../../server/boot';
import { readConfig } from '../../server/config';
import { randomId } from '../../server/lib/ids';
import { openLog } from '../../server/lib/log';
import type { Role } from '../../server/roles';
import { writeSetting } from '../../server/settings';

export interface House {
  /** http://127.0.0.1:port, the same after a restart. */
  url: string;
  serving: Serving;
  owner: Agent;
  agent(name: string, role?: Role): Agent;
  /** Cookies of a new session. */
  signIn(agent: Agent): Map<string, string>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

export async function openHouse(): Promise<House> {
  const data = mkdtempSync(join(tmpdir(), 'house-'));
  let port = '0';
  const serve = () => serveHouse(readConfig({ data, port, host: '127.0.0.1' }), { log: openLog('silent') });
  const serving = await serve();
  port = String(serving.port);
  let isOpen = true;

  const house: House = {
    url: `http://127.0.0.1:${port}`,
    serving,
    owner: undefined as never,
    agent(name, role = 'agent') {
      const { app } = house.serving;
      const email = `${name.toLowerCase().replace(/\W/g, '')}@teapot.example`;
      const id = app.db.tx(() =>
        insertAgent(
          app.db,
          randomId(),
          name,
          email,
          email,
          role,
          null,
          'en',
          'Europe/Oslo',
          'active',
          app.clock.now(),
        ),
      );
      return agentOf(findAgentById(app.db, id)!);
    },
    signIn(agent) {
      const { app } = house.serving;
      const token = app.db.tx(() => openSession(app, agent, { shortIp: '127.0.0.0/24', browser: '' }));
      return new Map([['hearthdesk', token]]);
    },
    async stop() {
      if (isOpen) await house.serving.stop();
      isOpen = false;
    },
    async start() {
      house.serving = await serve();
      isOpen = true;
    },
    async remove() {
      await house.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
  writeSetting(serving.app, 'firm', { company: 'Teapot', language: 'en', timeZone: 'Europe/Oslo' });
  house.owner = house.agent('Olga', 'owner');
  return house;
}
