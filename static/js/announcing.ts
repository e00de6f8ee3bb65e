// The browser's own notifications: asked for on a press of a button only, and shown while no page of ours is before anybody's eyes.

import { Controller } from '@hotwired/stimulus';
import { visit } from '@hotwired/turbo';

/** So long the page that tells something keeps the others from telling it too, in ms. */
const TOLD = 10_000;

/** What this browser says to being asked; `none` where there is nothing to ask, as on plain HTTP. */
const permission = (): NotificationPermission | 'none' =>
  'Notification' in window && window.isSecureContext ? Notification.permission : 'none';

/** Says how this browser stands, and asks it when it is told to. */
export class AnnouncingController extends Controller<HTMLElement> {
  static override targets = ['state'];

  declare readonly stateTargets: HTMLElement[];

  override connect(): void {
    this.show();
  }

  async ask(): Promise<void> {
    await Notification.requestPermission();
    this.show();
  }

  private show(): void {
    for (const state of this.stateTargets) state.hidden = state.dataset['state'] !== permission();
  }
}

interface Words {
  title: string;
  body: string;
  href: string;
  ticket: number;
}

export function announceNotices(): void {
  holdWhileSeen();
  document.addEventListener('notices:changed', (event) => {
    const { notice } = (event as CustomEvent<{ notice?: number }>).detail;
    if (notice === undefined || permission() !== 'granted' || document.visibilityState === 'visible') return;
    // Of several pages in the background one tells it.
    void navigator.locks.request(`notice ${notice}`, { ifAvailable: true }, async (lock) => {
      if (!lock || (await isAnySeen())) return;
      await tell(notice);
      await new Promise((resolve) => setTimeout(resolve, TOLD));
    });
  });
}

async function tell(notice: number): Promise<void> {
  const response = await fetch(`/notices/${notice}/words`, { headers: { Accept: 'application/json' } }).catch(
    () => undefined,
  );
  if (!response?.ok || response.redirected) return;
  const { title, body, href, ticket } = (await response.json()) as Words;
  // What is told of one ticket takes the place of what was told of it before.
  const shown = new Notification(title, { body, tag: `ticket-${ticket}`, silent: true });
  shown.addEventListener('click', () => {
    shown.close();
    window.focus();
    visit(href);
  });
}

const SEEN = 'a page is seen';

/** A page before somebody's eyes holds this lock together with all others that are. */
function holdWhileSeen(): void {
  if (!('locks' in navigator)) return;
  let letGo: (() => void) | undefined;
  const follow = () => {
    const isSeen = document.visibilityState === 'visible';
    if (isSeen && !letGo)
      void navigator.locks.request(
        SEEN,
        { mode: 'shared' },
        () => new Promise<void>((done) => (letGo = done)),
      );
    if (!isSeen) {
      letGo?.();
      letGo = undefined;
    }
  };
  follow();
  document.addEventListener('visibilitychange', follow);
}

const isAnySeen = async (): Promise<boolean> =>
  (await navigator.locks.query()).held?.some(({ name }) => name === SEEN) ?? false;
