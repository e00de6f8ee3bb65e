// `hearthdesk serve`: starts, says where, and stops within eight seconds when told to.
import type { Serving, serveHouse } from './boot';
import type { Config } from './config';
import { publicUrlOf } from './settings';
import { offerSetup } from './setup';

/** What is still open then is cut. */
const LAST_PATIENCE = 7_500;

export async function serve(config: Config, json: boolean, start: typeof serveHouse): Promise<number> {
  const serving = await start(config);
  const address = addressOf(config, serving);
  const setup = await offerSetup(serving.app, address);
  if (json) console.log(JSON.stringify({ ok: true, address, setup }));
  else {
    console.log(`Hearthdesk is at ${address}`);
    if (setup) console.log(`Set it up here, once: ${setup}`);
  }
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  const cut = setTimeout(() => process.exit(0), LAST_PATIENCE);
  await serving.stop();
  clearTimeout(cut);
  return 0;
}

function addressOf(config: Config, { app, port }: Serving): string {
  const known = publicUrlOf(app);
  if (known) return known;
  const named = config.host.includes(':') ? `[${config.host}]` : config.host;
  const host = ['0.0.0.0', '[::]'].includes(named) ? 'localhost' : named;
  return `${config.tls ? 'https' : 'http'}://${host}:${port}`;
}
