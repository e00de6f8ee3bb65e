// The place of the list beside a ticket that was opened by its address: it comes back as the view last looked at in this tab.
import { Controller } from '@hotwired/stimulus';

const PLACE = 'hearthdesk list';

export const rememberList = (source: string) => sessionStorage.setItem(PLACE, source);

const knownList = () => {
  const known = sessionStorage.getItem(PLACE);
  return known?.startsWith('/tickets/list?') ? known : undefined;
};

/** "Back" leads to the view that one came from, and not always to all tickets. */
export function goBackToList(): void {
  document.addEventListener(
    'click',
    ({ target }) => {
      const link = target instanceof Element ? target.closest<HTMLAnchorElement>('.talk__back') : null;
      const known = knownList();
      if (link && known) link.href = known.replace('/tickets/list?', '/tickets?');
    },
    { capture: true },
  );
}

export class ShelfController extends Controller<HTMLElement & { complete: boolean; reload(): void }> {
  /** It could not be had while the line was down. */
  private onOpen = () => {
    if (this.element.complete && !this.element.querySelector('.list__rows')) this.element.reload();
  };

  override connect(): void {
    const known = knownList();
    if (known && !this.element.querySelector('#rows')) this.element.setAttribute('src', known);
    document.addEventListener('live:open', this.onOpen);
  }

  override disconnect(): void {
    document.removeEventListener('live:open', this.onOpen);
  }
}
