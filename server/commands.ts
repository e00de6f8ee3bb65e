// The commands that need the house: run by the server when one serves the folder, else by the command itself.
import { resetPasswordCommand } from './agents';
import type { App } from './app';
import { readPublicUrl } from './config';
import { demo } from './demo';
import { deliver } from './mail';

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
  work(app: App, values: CommandValues, input: Buffer): Promise<CommandResult>;
}

export const handedCommands: Record<string, HandedCommand> = {
  deliver: { work: deliver },
  'reset-password': { work: (app, values) => resetPasswordCommand(app, values, readPublicUrl) },
  demo: { work: demo },
};
