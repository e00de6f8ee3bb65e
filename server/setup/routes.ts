// What a browser can ask of setup, while there is no owner.
import type { App } from '../app';
import { createRouter } from '../web';

export function setupRoutes(_app: App) {
  return createRouter();
}
