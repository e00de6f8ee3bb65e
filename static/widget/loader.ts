// The button on a website, and the frame behind it. It stores nothing, touches nothing of the page, and needs no style or
// script of its own in the page's policy: only `script-src` and `frame-src` for the desk.
import type { FromFrame, FromRecall, ToFrame } from './messages';

interface Looks {
  colour: string;
  ink: string;
  label: string;
}

type Draw = (looks: Looks) => void;

const MARK = 'hearthdeskChat';
const PHONE = '(max-width: 480px), (max-height: 480px)';
const BUBBLE = 'M4 5h16v11H9l-5 4z';
const CROSS = 'M6 6l12 12M18 6 6 18';

const script = document.currentScript as HTMLScriptElement | null;
const known = window as unknown as Record<string, Draw | undefined>;
if (script?.dataset['site'] && !known[MARK])
  begin(script, new URL(script.src).origin, script.dataset['site']);

/**
 * The button's colour and words come as a script, because that is what the page's policy allows of us already. For a site
 * that is gone there is none, and then there is no button.
 */
function begin({ nonce }: HTMLScriptElement, desk: string, site: string): void {
  known[MARK] = (looks) => {
    if (document.body) draw(desk, site, looks);
    else addEventListener('DOMContentLoaded', () => draw(desk, site, looks));
  };
  const asked = document.createElement('script');
  asked.src = `${desk}/widget/looks/${site}.js`;
  asked.nonce = nonce;
  document.head.append(asked);
  asked.remove();
}

function draw(desk: string, site: string, looks: Looks): void {
  const host = document.createElement('div');
  host.style.cssText = 'all:initial;position:fixed;inset:auto 0 0 auto;z-index:2147483000';
  const shadow = host.attachShadow({ mode: 'open' });
  const button = add(
    shadow,
    'button',
    `all:initial;position:fixed;right:20px;bottom:20px;box-sizing:border-box;width:56px;height:56px;
    border-radius:50%;cursor:pointer;display:grid;place-items:center;background:${looks.colour};color:${looks.ink};
    box-shadow:0 2px 6px rgb(0 0 0/.16),0 8px 24px rgb(0 0 0/.2);outline-offset:3px`,
  );
  button.type = 'button';
  const path = icon(button);
  const badge = add(
    button,
    'span',
    `position:absolute;top:-3px;right:-3px;min-width:20px;height:20px;padding:0 5px;box-sizing:border-box;
    border-radius:10px;background:#b3261e;color:#fff;font:600 12px/20px system-ui,sans-serif;text-align:center`,
  );
  const phone = matchMedia(PHONE);
  let frame: HTMLIFrameElement | undefined;
  /** Before there is one: asks whether a conversation goes on, and is gone when it has answered. */
  let recall: HTMLIFrameElement | undefined;
  let open = false;
  /** It was open on the page before, and opens without taking the focus. */
  let isAgain = false;

  button.onfocus = () => {
    if (button.matches(':focus-visible')) button.style.outline = `3px solid ${looks.colour}`;
  };
  button.onblur = () => {
    button.style.outline = '';
  };
  button.onclick = () => (open ? shut() : show());
  phone.addEventListener('change', place);
  addEventListener('message', hear);
  unread(0, '');
  place();
  // Beside the body, because sites that change pages by script put a new body in its place.
  document.documentElement.append(host);
  if (document.readyState === 'complete') ask();
  else addEventListener('load', ask);

  function ask(): void {
    if (!frame) recall = load('recall', 'display:none');
  }

  function enter(): HTMLIFrameElement {
    recall?.remove();
    recall = undefined;
    frame = load('frame', '');
    place();
    return frame;
  }

  function load(name: 'recall' | 'frame', style: string): HTMLIFrameElement {
    const element = document.createElement('iframe');
    element.style.cssText = style;
    element.title = looks.label;
    element.src = `${desk}/widget/${name}?site=${site}&from=${encodeURIComponent(location.origin)}`;
    shadow.append(element);
    return element;
  }

  function show(): void {
    open = true;
    if (frame) tell({ hearthdesk: 'open', page: page() });
    const shown = frame ?? enter();
    place();
    shown.focus();
  }

  function shut(): void {
    open = false;
    tell({ hearthdesk: 'shut' });
    place();
    button.focus();
  }

  /** On a phone the frame is the whole screen, and its own button closes it. */
  function place(): void {
    const shape = phone.matches
      ? 'inset:0;width:100%;height:100%'
      : 'right:20px;bottom:92px;width:372px;max-width:calc(100vw - 40px);height:600px;max-height:calc(100vh - 112px);border-radius:18px;box-shadow:0 12px 48px rgb(40 20 0/.24)';
    if (frame)
      frame.style.cssText = `all:initial;position:fixed;border:0;${shape};display:${open ? 'block' : 'none'}`;
    button.style.display = open && phone.matches ? 'none' : 'grid';
    button.setAttribute('aria-expanded', String(open));
    path.setAttribute('d', open ? CROSS : BUBBLE);
  }

  function unread(count: number, words: string): void {
    badge.textContent = String(count);
    badge.style.display = count > 0 ? 'block' : 'none';
    button.setAttribute('aria-label', count > 0 ? `${looks.label}. ${words}` : looks.label);
  }

  /** Only our own frame is listened to, and only it is spoken to (AC-55). */
  function hear({ origin, source, data }: MessageEvent<FromFrame | FromRecall>): void {
    if (origin !== desk) return;
    if (recall && source === recall.contentWindow) {
      recall.remove();
      recall = undefined;
      if (data.hearthdesk !== 'unknown') enter();
      // On a phone it would be the whole screen, and the visitor went to another page to see that.
      open = data.hearthdesk === 'open' && !phone.matches;
      isAgain = open;
      place();
    }
    if (!frame || source !== frame.contentWindow) return;
    if (data.hearthdesk === 'ready' && open) tell({ hearthdesk: 'open', page: page(), again: isAgain });
    if (data.hearthdesk === 'shut' && open) shut();
    if (data.hearthdesk === 'unread') unread(Number(data.count), String(data.words));
  }

  function tell(message: ToFrame): void {
    frame?.contentWindow?.postMessage(message, desk);
  }
}

const page = () => location.origin + location.pathname;

function add<Name extends keyof HTMLElementTagNameMap>(
  to: Node,
  name: Name,
  style: string,
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.style.cssText = style;
  to.appendChild(element);
  return element;
}

function icon(to: Element): SVGPathElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  for (const [name, value] of [
    ['viewBox', '0 0 24 24'],
    ['width', '26'],
    ['height', '26'],
    ['fill', 'none'],
    ['stroke', 'currentColor'],
    ['stroke-width', '1.9'],
    ['stroke-linejoin', 'round'],
    ['stroke-linecap', 'round'],
    ['aria-hidden', 'true'],
  ] as const) {
    svg.setAttribute(name, value);
  }
  const path = document.createElementNS(space, 'path');
  svg.append(path);
  to.append(svg);
  return path;
}
