// Times are absolute in the page. Near ones are told as people tell them; the absolute one stays for hovering.
import { relativeTime } from './relative-time';
import { serverNow } from './server-clock';

const EVERY = 20_000;

export function tellTimes(): void {
  tellAll(document);
  const seen = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'attributes' && target instanceof HTMLTimeElement) tell(target);
      for (const node of addedNodes) if (node instanceof Element) tellAll(node);
    }
  });
  seen.observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributeFilter: ['datetime'],
  });
  setInterval(() => tellAll(document), EVERY);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') tellAll(document);
  });
  // Before a page is put in, so that nothing moves after it.
  document.addEventListener('turbo:before-render', (event) =>
    tellAll((event as CustomEvent<{ newBody: Element }>).detail.newBody),
  );
}

function tellAll(root: Element | Document): void {
  const times =
    root instanceof HTMLTimeElement ? [root] : root.querySelectorAll<HTMLTimeElement>('time[datetime]');
  for (const time of times) tell(time);
  for (const clock of root.querySelectorAll<HTMLElement>('[data-clock]')) tellClock(clock);
}

function tell(time: HTMLTimeElement): void {
  const at = Date.parse(time.dateTime);
  if (Number.isNaN(at) || time.dataset['day'] !== undefined) return;
  if (!time.title) time.title = time.textContent ?? '';
  const { lang, dataset } = document.documentElement;
  const words = relativeTime(at, serverNow(), {
    lang,
    zone: dataset['zone'] ?? 'UTC',
    short: time.dataset['short'] !== undefined,
  });
  if (words !== undefined && time.textContent !== words) time.textContent = words;
}

/** The hour where somebody else lives. */
function tellClock(clock: HTMLElement): void {
  const lang = document.documentElement.lang === 'en' ? 'en-GB' : document.documentElement.lang;
  clock.textContent = new Intl.DateTimeFormat(lang, {
    timeZone: clock.dataset['clock'],
    timeStyle: 'short',
  }).format();
}
