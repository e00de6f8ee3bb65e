// Which pages somebody can reach by following links, one of each kind.
import type { Agent } from '../../server/agents';
import type { Office } from './office';

const START = ['/tickets', '/settings'];
/** Not pages: files to keep, fragments, and what another room shows. */
const NO_PAGE = /^\/(static|widget|chat)\b|\/(raw|body|list)\b|\/attachments\/|\/files\//;

/** Two addresses that differ in numbers, ids or what is asked for are the same kind of page. */
const kindOf = (address: string) =>
  address
    .replace(/\/[0-9a-f]{32}/g, '/id')
    .replace(/\/\d+/g, '/n')
    .replace(/(before|after|q|show)=[^&]*/g, '$1');

/**
 * Follows every link from the inbox and the settings on; returns one address of each kind. Throws when a link leads
 * nowhere: whatever a page offers this person must be there.
 */
export async function pagesFor(office: Office, agent: Agent): Promise<string[]> {
  const cookie = await office.cookieOf(agent);
  const found = new Map<string, string>();
  const waiting = [...START];
  for (let address = waiting.shift(); address; address = waiting.shift()) {
    if (found.has(kindOf(address))) continue;
    const answer = await fetch(office.address + address, { headers: { cookie, accept: 'text/html' } });
    if (answer.status !== 200) throw new Error(`${address} answers ${answer.status}.`);
    const landed = new URL(answer.url);
    found.set(kindOf(address), landed.pathname + landed.search);
    waiting.push(...linksIn(await answer.text()));
  }
  return [...new Set(found.values())];
}

const linksIn = (html: string): string[] =>
  [...html.matchAll(/<a\b[^>]*\shref="(\/[^"#]*)/g)]
    .map(([, href = '']) => href.replaceAll('&amp;', '&'))
    .filter((href) => !NO_PAGE.test(href));
