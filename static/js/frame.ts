// Rich mails stand in frames; each is made as high as its mail, so that there is one scroll and not two.
import { Controller } from '@hotwired/stimulus';

/** A mail that is endless on purpose scrolls by itself. */
const HIGHEST = 6_000;

export class FrameController extends Controller<HTMLIFrameElement> {
  private sizes: ResizeObserver | undefined;
  private onLoad = () => this.watch();

  override connect(): void {
    this.element.addEventListener('load', this.onLoad);
    if (this.element.contentDocument?.readyState === 'complete') this.watch();
  }

  override disconnect(): void {
    this.sizes?.disconnect();
    this.element.removeEventListener('load', this.onLoad);
  }

  /** The sandbox lets us look in; nothing in there can run. */
  private watch(): void {
    const body = this.element.contentDocument?.body;
    this.sizes?.disconnect();
    if (!body) return;
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(body);
    this.fit();
  }

  private fit(): void {
    const root = this.element.contentDocument?.documentElement;
    const body = this.element.contentDocument?.body;
    if (!root || !body || body.childNodes.length === 0) return;
    const margins = 2 * Number.parseFloat(getComputedStyle(body).marginBlockStart || '0');
    const sideways = root.scrollWidth > root.clientWidth ? 18 : 0;
    const height = Math.min(Math.ceil(body.getBoundingClientRect().height + margins) + sideways, HIGHEST);
    this.element.style.blockSize = `${height}px`;
  }
}
