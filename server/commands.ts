// The commands that need the house: run by the server when one serves the folder, else by the command itself.
import { resetPasswordCommand } from './agents';
import type { App } from './app';
import { readPublicUrl } from './config';
import { demo } from './demo';
import { deliver, EX_TEMPFAIL } from './mail';
import { backupCommand, eraseCommand, exportCommand, retentionCommand, settleCommand } from './privacy';
import { carryOutSetup, planSetup, type SetupPlan } from './setup';
import { importCommand } from './tickets';

export interface CommandResult {
  exit: number;
  /** For people, on standard output. */
  lines: string[];
  /** For programs, with --json. */
  facts: Record<string, unknown>;
  /** One sentence on standard error, when it failed. */
  error?: string;
}

export type CommandValues = Record<string, string | undefined>;

export interface HandedCommand {
  /** What the command's `input` is made of on the side of whoever asks: the files that options name stand there. */
  prepare?(values: CommandValues): string;
  work(app: App, values: CommandValues, input: Buffer): Promise<CommandResult>;
  /** Exit code when it throws; 1 unless said otherwise. */
  failure?: number;
}

export const handedCommands: Record<string, HandedCommand> = {
  setup: {
    prepare: (values) => JSON.stringify(planSetup(values)),
    work: (app, _values, input) => carryOutSetup(app, JSON.parse(input.toString('utf8')) as SetupPlan),
  },
  // A mail server that hears anything else sends the mail back to its sender.
  deliver: { work: deliver, failure: EX_TEMPFAIL },
  import: { work: importCommand },
  'reset-password': { work: (app, values) => resetPasswordCommand(app, values, readPublicUrl) },
  demo: { work: demo },
  backup: { work: backupCommand },
  'privacy export': { work: exportCommand },
  'privacy erase': { work: eraseCommand },
  'privacy settle': { work: settleCommand },
  retention: { work: retentionCommand },
};
