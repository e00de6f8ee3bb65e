// One's own account.
import type { App } from '../app';
import { LANGUAGE_CHOICES, type ShownTime, timeZoneChoices } from '../i18n';
import { errorWords, type FieldErrors, type PageModel, type Reader, typedIn } from '../web';
import type { Agent } from './agent';
import type { Returned } from './present';
import { findSessionsOfAgent } from './queries';

interface Choice {
  value: string;
  text: string;
}

export interface SessionLine {
  id: number;
  /** "Firefox, Linux", or that it is not known. */
  browser: string;
  shortIp: string;
  since: ShownTime;
  seen: ShownTime;
  isCurrent: boolean;
}

/** views/agents/profile: each part is a form of its own, so a mistake in one leaves the others as they are. */
export interface ProfilePage extends PageModel {
  t: Reader['t'];
  values: { name: string; language: string; timeZone: string; signature: string; compactList: boolean };
  languages: Choice[];
  timeZones: Choice[];
  errors: FieldErrors;
  email: { value: string; errors: FieldErrors };
  password: { errors: FieldErrors };
  /** Absent while they are here. */
  away?: ShownTime;
  sessions: SessionLine[];
}

/** Which of the forms came back, with what was typed; passwords are never given back. */
export type ProfileReturned = Returned & { form: 'profile' | 'email' | 'password' };

export function profilePage(
  app: App,
  actor: Agent,
  reader: Reader,
  currentSession: number | undefined,
  returned?: ProfileReturned,
): ProfilePage {
  const { t } = reader;
  const errorsOf = (form: ProfileReturned['form']) =>
    returned?.form === form ? errorWords(t, returned.errors) : {};
  const values = returned?.form === 'profile' ? typedProfile(returned.values) : storedProfile(actor);
  return {
    layout: 'settings',
    current: 'settings.profile',
    title: t('agents.profile.title'),
    t,
    values,
    languages: LANGUAGE_CHOICES,
    timeZones: timeZoneChoices(values.timeZone),
    errors: errorsOf('profile'),
    email: {
      value: returned?.form === 'email' ? typedIn(returned.values, 'email') : actor.email,
      errors: errorsOf('email'),
    },
    password: { errors: errorsOf('password') },
    ...(actor.awaySince === null ? {} : { away: reader.format.time(actor.awaySince) }),
    sessions: sessionLines(app, actor, reader, currentSession),
  };
}

function sessionLines(
  app: App,
  actor: Agent,
  { t, format }: Reader,
  current: number | undefined,
): SessionLine[] {
  return findSessionsOfAgent(app.db, actor.id, app.clock.now()).map((session) => ({
    id: session.id,
    browser: session.browser || t('agents.sessions.unknown'),
    shortIp: session.short_ip,
    since: format.time(session.created_at),
    seen: format.time(session.seen_at),
    isCurrent: session.id === current,
  }));
}

const storedProfile = ({
  name,
  language,
  timeZone,
  signature,
  compactList,
}: Agent): ProfilePage['values'] => ({
  name,
  language,
  timeZone,
  signature,
  compactList,
});

const typedProfile = (values: Record<string, unknown>): ProfilePage['values'] => ({
  name: typedIn(values, 'name'),
  language: typedIn(values, 'language'),
  timeZone: typedIn(values, 'timeZone'),
  signature: typedIn(values, 'signature'),
  compactList: values['compactList'] === 'on',
});
