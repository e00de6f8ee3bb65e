// The style element was kept out (before-turbo.ts); the bar itself never comes either.
import { config } from '@hotwired/turbo';

Reflect.deleteProperty(document.head, 'insertBefore');
/** The longest time a timer can hold, 24 days. */
config.drive.progressBarDelay = 2 ** 31 - 1;
