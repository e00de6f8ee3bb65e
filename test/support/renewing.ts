// A process of its own that opens a data folder, renews the token of a mailbox, says so, and waits to be killed.
import { openHouse } from '../../server/boot';
import { readConfig } from '../../server/config';
import { accessTokenOf } from '../../server/mail/oauth/access-token';
import type { OAuthServer } from '../../server/mail/oauth/provider';
import { findMailboxById } from '../../server/mail/queries';
import { providersAt } from './authority';
import { DESK_KEY } from './desk';

async function renew(
  data: string,
  id: number,
  port: number,
  servers: { imap: OAuthServer; smtp: OAuthServer },
) {
  const hooks = { oauthProviders: () => providersAt(port, servers) };
  const { app } = openHouse(readConfig({ data, port: '0', host: '127.0.0.1' }), { hooks, key: DESK_KEY });
  const mailbox = findMailboxById(app.db, id);
  if (!mailbox) throw new Error('There is no such mailbox.');
  const access = await accessTokenOf(app, mailbox);
  process.stdout.write(`${JSON.stringify(access)}\n`);
  setInterval(() => undefined, 60_000);
}

const [data = '', id = '', port = '', servers = '{}'] = process.argv.slice(2);
void renew(data, Number(id), Number(port), JSON.parse(servers));
