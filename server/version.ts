// The version, put in by the build from package.json.

declare const HEARTHDESK_VERSION: string | undefined;

export const VERSION = typeof HEARTHDESK_VERSION === 'string' ? HEARTHDESK_VERSION : 'development';
