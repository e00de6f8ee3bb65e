// The widget beside its form: what is typed shows at once, saved or not.
import { Controller } from '@hotwired/stimulus';
import type { Preview } from '../widget/messages';

export class SitePreviewController extends Controller<HTMLElement> {
  static override targets = ['form', 'frame'];

  declare readonly formTarget: HTMLFormElement;
  declare readonly frameTarget: HTMLIFrameElement;

  private onLoad = () => this.show();

  override connect(): void {
    this.frameTarget.addEventListener('load', this.onLoad);
  }

  override disconnect(): void {
    this.frameTarget.removeEventListener('load', this.onLoad);
  }

  show(): void {
    const typed = new FormData(this.formTarget);
    const text = (field: string) => String(typed.get(field) ?? '');
    const preview: Preview = {
      hearthdesk: 'preview',
      name: text('name'),
      colour: text('colour'),
      greeting: text('greeting'),
      notice: text('privacyNotice'),
    };
    this.frameTarget.contentWindow?.postMessage(preview, location.origin);
  }
}
