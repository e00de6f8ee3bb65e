// One message on the screen, made of nodes only: words never become HTML (AC-56).
import type { ShownFile, ShownMessage } from '../../server/chat/present-visitor';

const ADDRESS = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

/** `by` is left out where the same person goes on. */
export function bubble(
  message: Pick<ShownMessage, 'words' | 'mine' | 'files'>,
  by: string,
  save: (file: ShownFile) => void,
): HTMLElement {
  const element = line('', message.mine ? 'said said--mine' : 'said');
  element.dir = 'auto';
  if (by) element.append(make('b', by, message.mine ? 'for-ears' : 'said__by'));
  element.append(...withLinks(message.words));
  for (const file of message.files) {
    const button = make('button', `↓ ${file.name}`, 'chat__link said__file');
    button.type = 'button';
    button.onclick = () => save(file);
    element.append(button);
  }
  return element;
}

export const line = (text: string, name: string): HTMLElement => make('p', text, name);

function withLinks(words: string): Node[] {
  const nodes: Node[] = [];
  let from = 0;
  for (const found of words.matchAll(ADDRESS)) {
    nodes.push(document.createTextNode(words.slice(from, found.index)));
    const link = make('a', found[0], '');
    nodes.push(Object.assign(link, { href: found[0], target: '_blank', rel: 'noopener noreferrer' }));
    from = found.index + found[0].length;
  }
  nodes.push(document.createTextNode(words.slice(from)));
  return nodes;
}

const make = <Name extends keyof HTMLElementTagNameMap>(name: Name, textContent: string, className: string) =>
  Object.assign(document.createElement(name), { textContent, className });
