// Brings a part of the page up to date in place: what did not change is not touched, and neither is what somebody is using.
import { morphElements } from '@hotwired/turbo';

/** `next` comes from a page of the server; `keep` names what must stay as it is, besides the usual. */
export function bringUpToDate(
  current: Element,
  next: Element,
  keep: (element: Element) => boolean = () => false,
): void {
  document.addEventListener('turbo:before-morph-attribute', leaveOpenWhatIsOpen);
  morphElements(current, next, {
    callbacks: {
      beforeNodeMorphed: (node, other) =>
        !(node instanceof Element && other instanceof Element && (isSame(node, other) || keep(node))),
    },
  });
  document.removeEventListener('turbo:before-morph-attribute', leaveOpenWhatIsOpen);
}

/** Times that tell the same moment were made relative by script; a frame that shows the same mail is not loaded again. */
function isSame(current: Element, next: Element): boolean {
  if (current instanceof HTMLTimeElement) return current.dateTime === next.getAttribute('datetime');
  if (current instanceof HTMLIFrameElement) return current.getAttribute('src') === next.getAttribute('src');
  return false;
}

function leaveOpenWhatIsOpen(event: Event): void {
  const { attributeName } = (event as CustomEvent<{ attributeName: string }>).detail;
  const details = event.target instanceof HTMLDetailsElement && attributeName === 'open';
  const marked = attributeName === 'aria-current' && (event.target as Element).classList.contains('row');
  if (details || marked) event.preventDefault();
}

/** A page or fragment of ours; `whenMissing` is told that there is none; undefined when it could not be had, or when we were signed out on the way. */
export async function fetchPage(
  address: string,
  options: RequestInit = {},
  whenMissing: () => void = () => undefined,
): Promise<Document | undefined> {
  const response = await fetch(address, {
    headers: { Accept: 'text/html' },
    credentials: 'same-origin',
    ...options,
  }).catch(() => undefined);
  if (response?.status === 404) whenMissing();
  if (!response?.ok || new URL(response.url).pathname === '/sign-in') return undefined;
  return new DOMParser().parseFromString(await response.text(), 'text/html');
}
