// Commands that never go to a running server: they make, replace or only look.
import { withHouse } from './boot';
import type { CommandResult, CommandValues } from './commands';
import { readConfig } from './config';
import { carryOutSetup, planSetup } from './setup';
import { VERSION } from './version';

type SoloCommand = (values: CommandValues) => Promise<CommandResult>;

export const soloCommands: Record<string, SoloCommand> = {
  version: async () => ({ exit: 0, lines: [`hearthdesk ${VERSION}`], facts: { version: VERSION } }),
  setup: async (values) => {
    const plan = planSetup(values);
    return withHouse(readConfig(values), (app) => carryOutSetup(app, plan));
  },
};
