// The place of the list beside a ticket that was opened by its address: it comes back as the view last looked at in this tab.
import { Controller } from '@hotwired/stimulus';

const PLACE = 'hearthdesk list';

export const rememberList = (source: string) => sessionStorage.setItem(PLACE, source);

export class ShelfController extends Controller<HTMLElement> {
  override connect(): void {
    const known = sessionStorage.getItem(PLACE);
    if (known?.startsWith('/tickets/list?') && !this.element.querySelector('#rows'))
      this.element.setAttribute('src', known);
  }
}
