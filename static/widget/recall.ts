// Asked in a hidden frame on each page of the website, a few hundred bytes: does a conversation go on in this browser? Then
// the chat itself is loaded behind the button, open if it was, so that a visitor who goes from page to page stays in it.
import type { FrameConfig } from '../../server/chat/present-widget';
import { openMemory } from './memory';
import type { FromRecall } from './messages';

const { site, origins } = JSON.parse(document.documentElement.dataset['config'] ?? '{}') as Pick<
  FrameConfig,
  'site' | 'origins'
>;
const from = new URLSearchParams(location.search).get('from') ?? '';
const memory = openMemory(site);
const answer: FromRecall = {
  hearthdesk: memory.token() ? (memory.wasOpen() ? 'open' : 'known') : 'unknown',
};
if (origins.includes(from)) window.parent.postMessage(answer, from);
