// Where the program begins: reads the command line and hands over.
import { runCli } from './cli';

void runCli(process.argv.slice(2)).then((exit) => {
  process.exitCode = exit;
});
