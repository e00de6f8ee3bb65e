// Where the program begins: reads the command line and hands over.
import { runCli } from './cli';

// Whatever this program writes is for its own user alone: the database, copies of it, exports.
process.umask(0o077);

void runCli(process.argv.slice(2)).then((exit) => {
  process.exitCode = exit;
});
