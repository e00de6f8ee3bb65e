// The button that lets a mail show images of other servers has done its work once it was used.
import { Controller } from '@hotwired/stimulus';

export class ImagesController extends Controller<HTMLElement> {
  private onUse = () => setTimeout(() => this.element.parentElement?.remove());

  override connect(): void {
    this.element.addEventListener('click', this.onUse);
  }

  override disconnect(): void {
    this.element.removeEventListener('click', this.onUse);
  }
}
