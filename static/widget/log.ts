// The conversation on the screen. New things are added and nothing is made anew, so that a screen reader says them once.

import type { ShownFile, ShownMessage } from '../../server/chat/present-visitor';
import type { FrameConfig } from '../../server/chat/present-widget';
import { bubble, line } from './bubble';
import type { Chat } from './chat';

const NEAR = 80;

export function openLog(log: HTMLElement, words: FrameConfig['words'], save: (file: ShownFile) => void) {
  const shown = new Map<string, HTMLElement>();
  /** Whoever reads further up stays there; else the newest words stay in sight, also when the field grows. */
  let isAtEnd = true;
  const goToEnd = () => {
    log.scrollTop = log.scrollHeight;
    isAtEnd = true;
  };
  log.onscroll = () => {
    isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight <= NEAR;
  };
  new ResizeObserver(() => {
    if (isAtEnd) goToEnd();
  }).observe(log);

  return { render, goToEnd };

  function render(chat: Chat): void {
    const wanted: [string, () => HTMLElement][] = [];
    let last: ShownMessage | undefined;
    for (const message of chat.messages) {
      const follows = last !== undefined && !message.mine && last.by?.name === message.by?.name;
      wanted.push([
        keyOf(message),
        () => bubble(message, follows ? '' : (message.by?.name ?? words['you'] ?? ''), save),
      ]);
      last = message;
    }
    for (const message of chat.unsent)
      wanted.push([
        keyOf(message),
        () => bubble({ words: message.words, mine: true, files: [] }, words['you'] ?? '', save),
      ]);
    const state = stateOf(chat);
    const ending = endingOf(chat);
    if (state) wanted.push([`state ${state}`, () => silent(line(state, 'said__state'))]);
    if (ending) wanted.push([`ending ${ending}`, () => line(ending, 'said__line')]);

    const keys = new Set(wanted.map(([key]) => key));
    for (const [key, element] of shown) {
      if (keys.has(key)) continue;
      element.remove();
      shown.delete(key);
    }
    let before: Element | null = null;
    for (const [key, make] of wanted) {
      const element = shown.get(key) ?? make();
      shown.set(key, element);
      const place: Element | null = before ? before.nextElementSibling : log.firstElementChild;
      if (place !== element) log.insertBefore(element, place);
      before = element;
    }
    if (isAtEnd || chat.unsent.length > 0) goToEnd();
  }

  /** A chat that was missed and has been answered since has ended like any other. */
  function endingOf({ phase, state: { state }, messages }: Chat): string | undefined {
    if (phase === 'over') return words['endedByYou'];
    if (state === 'missed') return words[messages.at(-1)?.mine ? 'missed' : 'ended'];
    return state === 'ended' || state === 'closed' ? words[state] : undefined;
  }

  /** Sending, stored, seen: said once, under the newest of the visitor's own words (C1). */
  function stateOf({ messages, unsent, state }: Chat): string | undefined {
    const trouble = unsent.find((message) => message.trouble)?.trouble;
    if (unsent.length > 0) return words[trouble ?? 'sending'];
    const newest = messages.at(-1);
    if (!newest?.mine) return undefined;
    return words[newest.sequence <= state.agentSeen ? 'seen' : 'stored'];
  }
}

/** The visitor's own words keep their place and element when they have been stored, but for a card number that was masked. */
const keyOf = ({ clientId, sequence, words }: Partial<ShownMessage>) => `${clientId ?? sequence} ${words}`;

/** Not read out at each change. */
function silent(element: HTMLElement): HTMLElement {
  element.ariaLive = 'off';
  return element;
}
