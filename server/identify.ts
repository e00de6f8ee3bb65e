// Who asks, in which language and time zone: put on every request before its route.

import type { Request } from 'express';
import { type Agent, hueOf, initialsOf, type Sessions } from './agents';
import type { App } from './app';
import type { Format, Locale } from './i18n';
import { localeFromHeader } from './i18n';
import { isThisMachine } from './lib/public-address';
import { reportError } from './lib/report-error';
import { firmOf } from './settings';
import { railFor, settingsFor, warningsFor } from './shell';
import { clientShortIp, type Identify, readSessionCookie, type Shell } from './web';

export function identify(
  app: App,
  sessions: Sessions,
  formatFor: (locale: Locale, zone: string) => Format,
): Identify {
  return (req, _res, next) => {
    const token = readSessionCookie(req);
    const session = token === undefined ? undefined : sessions.find(token);
    const agent = session?.agent;
    const firm = agent ? undefined : firmOf(app);
    const locale =
      agent?.language ?? localeFromHeader(req.headers['accept-language'], firm?.language ?? 'en');
    const zone = agent?.timeZone ?? firm?.timeZone ?? 'UTC';
    req.context = {
      reader: { locale, zone, t: app.catalogues[locale], format: formatFor(locale, zone) },
      actor: agent,
      shortIp: clientShortIp(req),
      shell: agent && ((current) => shellOf(app, agent, isPrivate(req), current)),
    };
    if (session && sessions.isDueToBeSeen(session)) {
      app.write(() => sessions.see(session)).catch((error) => reportError(app.log, 'noting a visit', error));
    }
    next();
  };
}

/** Nobody reads along on HTTPS, and nobody between this machine and itself. */
const isPrivate = (req: Request): boolean => req.secure || isThisMachine(`http://${req.headers.host}`);

function shellOf(app: App, agent: Agent, secure: boolean, current: string): Shell {
  return {
    company: firmOf(app).company,
    agent: { name: agent.name, initials: initialsOf(agent.name), hue: hueOf(agent.name) },
    rail: railFor(app, agent, current),
    warnings: warningsFor(app, agent, secure),
    settings: settingsFor(app, agent, current),
  };
}
