// Offers the time zone of this browser in a list where nobody has chosen yet. Without script the list is there all the same.
import { Controller } from '@hotwired/stimulus';

export class ZoneController extends Controller<HTMLElement> {
  override connect(): void {
    const list = this.element.querySelector<HTMLSelectElement>('select[name="timeZone"]');
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!list || !zone) return;
    // The browser may know the zone by a newer name than the server's list.
    if (![...list.options].some(({ value }) => value === zone))
      list.add(new Option(zone.replaceAll('_', ' '), zone), 0);
    list.value = zone;
  }
}
