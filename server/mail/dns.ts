// What sender checks ask of DNS: few kinds of questions, each with a bounded time and a bounded answer.
import { Resolver } from 'node:dns/promises';
import { SECOND } from '../lib/clock';

export const DNS_KINDS = ['A', 'AAAA', 'CNAME', 'MX', 'PTR', 'TXT'] as const;
export type DnsKind = (typeof DNS_KINDS)[number];

/** One question, with a second try. */
const PATIENCE = 2 * SECOND;
const MOST_ANSWERS = 50;
/** Characters of all answers to one question together: a key or a policy has a few hundred. */
const LONGEST = 16_000;

/** Throws an error with a `code`, as node:dns does. `servers` are the machine's own when not given. */
export async function askDns(
  name: string,
  kind: DnsKind,
  { servers, patienceMs = PATIENCE }: { servers?: string[]; patienceMs?: number } = {},
): Promise<unknown[]> {
  const resolver = new Resolver({ timeout: patienceMs, tries: 2 });
  if (servers) resolver.setServers(servers);
  const answers = ((await resolver.resolve(name, kind)) as unknown[]).slice(0, MOST_ANSWERS);
  if (JSON.stringify(answers).length > LONGEST)
    throw Object.assign(new Error('The answer is too long.'), { code: 'EBADRESP' });
  return answers;
}
