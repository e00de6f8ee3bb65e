// The website's page around the frame. Only an origin on the site's list is spoken to or heard (C3, AC-55).
import type { FrameConfig } from '../../server/chat/present-widget';
import type { FromFrame, Preview, ToFrame } from './messages';

export interface Host {
  isOpen(): boolean;
  /** Opened because it was open on the page before, not by the visitor just now. */
  isAgain(): boolean;
  page(): string;
  shut(): void;
  unread(count: number, words: string): void;
}

/** `changed` is called when the visitor opens or shuts the chat. */
export function openHost(config: FrameConfig, changed: () => void): Host {
  const named = new URLSearchParams(location.search).get('from') ?? '';
  const origin = config.origins.includes(named) ? named : undefined;
  // Opened by itself, without a page around it, it is simply open.
  let open = window.parent === window;
  let again = false;
  let page = '';
  const tell = (message: FromFrame) => {
    if (origin && window.parent !== window) window.parent.postMessage(message, origin);
  };

  addEventListener('message', (event: MessageEvent<ToFrame>) => {
    if (!origin || event.origin !== origin || event.source !== window.parent) return;
    // Whatever else the website says to its frames, by whichever script.
    const said = event.data?.hearthdesk;
    if (said === 'open') page = String(event.data.page);
    if (said === 'open' || said === 'shut') {
      open = said === 'open';
      again = said === 'open' && event.data.again === true;
      changed();
    }
  });
  tell({ hearthdesk: 'ready' });

  return {
    isOpen: () => open,
    isAgain: () => again,
    page: () => page,
    shut: () => tell({ hearthdesk: 'shut' }),
    unread: (count, words) => tell({ hearthdesk: 'unread', count, words }),
  };
}

/** On the settings page: what is typed there is shown here at once. */
export function onPreview(show: (preview: Preview) => void): void {
  addEventListener('message', (event: MessageEvent<Preview>) => {
    if (
      event.origin === location.origin &&
      event.source === window.parent &&
      event.data.hearthdesk === 'preview'
    )
      show(event.data);
  });
}
