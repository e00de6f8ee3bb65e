// Accounts as the pages outside the desk show them: signing in, joining, a new password.
import { LANGUAGE_CHOICES, timeZoneChoices } from '../i18n';
import { errorWords, type FieldErrors, type PageModel, type Reader, typedIn } from '../web';
import type { AgentRow } from './agent';

/** What was sent and what was wrong with it; nothing of either on a page that is opened. */
export interface Returned {
  values: Record<string, unknown>;
  errors: FieldErrors;
}

export const UNTOUCHED: Returned = { values: {}, errors: {} };

interface Choice {
  value: string;
  text: string;
}

/** views/agents/sign-in. The password is never given back to the page. */
export interface SignInPage extends PageModel {
  t: Reader['t'];
  email: string;
  next: string;
  errors: FieldErrors;
  /** Nobody can sign in before setup has run; the page says where its link is. */
  isSetUp: boolean;
}

export function signInPage({ t }: Reader, { values, errors }: Returned, isSetUp: boolean): SignInPage {
  return {
    layout: 'plain',
    title: t('agents.signIn.title'),
    t,
    email: typedIn(values, 'email'),
    next: typedIn(values, 'next'),
    errors: errorWords(t, errors),
    isSetUp,
  };
}

/** views/agents/forgot-password */
export interface ForgotPasswordPage extends PageModel {
  t: Reader['t'];
  email: string;
  errors: FieldErrors;
  /** The same whether anybody has the address or not (AC-40). */
  sent: boolean;
  /** False: links cannot be mailed here, so the page says who else can make one. */
  canMail: boolean;
}

export function forgotPasswordPage(
  { t }: Reader,
  { values, errors }: Returned,
  state: { sent: boolean; canMail: boolean },
): ForgotPasswordPage {
  const title = t('agents.forgot.title');
  return {
    layout: 'plain',
    title,
    t,
    email: typedIn(values, 'email'),
    errors: errorWords(t, errors),
    ...state,
  };
}

/** views/agents/new-password */
export interface NewPasswordPage extends PageModel {
  t: Reader['t'];
  action: string;
  /** Whose password it is, for the browser's own list of passwords. */
  email: string;
  errors: FieldErrors;
}

export function newPasswordPage(
  { t }: Reader,
  agent: AgentRow,
  token: string,
  { errors }: Returned,
): NewPasswordPage {
  const title = t('agents.newPassword.title');
  return {
    layout: 'plain',
    title,
    t,
    action: `/reset-password/${token}`,
    email: agent.email,
    errors: errorWords(t, errors),
  };
}

/** views/agents/join */
export interface JoinPage extends PageModel {
  t: Reader['t'];
  action: string;
  company: string;
  email: string;
  values: { name: string; language: string; timeZone: string };
  languages: Choice[];
  timeZones: Choice[];
  errors: FieldErrors;
  /** Nothing was chosen yet, so the browser's own zone may be offered. */
  offersZone: boolean;
}

export function joinPage(
  reader: Reader,
  company: string,
  agent: AgentRow,
  token: string,
  { values, errors }: Returned,
): JoinPage {
  const { t, locale } = reader;
  const isUntouched = values['name'] === undefined;
  const typed = isUntouched
    ? { name: agent.name, language: locale, timeZone: agent.time_zone }
    : {
        name: typedIn(values, 'name'),
        language: typedIn(values, 'language'),
        timeZone: typedIn(values, 'timeZone'),
      };
  return {
    layout: 'plain',
    title: t('agents.join.title', { company }),
    t,
    action: `/invite/${token}`,
    company,
    email: agent.email,
    values: typed,
    languages: LANGUAGE_CHOICES,
    timeZones: timeZoneChoices(typed.timeZone),
    errors: errorWords(t, errors),
    offersZone: isUntouched,
  };
}

/** views/agents/dead-link: the same for every link that opens nothing. */
export interface DeadLinkPage extends PageModel {
  t: Reader['t'];
  kind: 'invite' | 'reset';
}

export const deadLinkPage = ({ t }: Reader, kind: DeadLinkPage['kind']): DeadLinkPage => ({
  layout: 'plain',
  title: t('agents.deadLink.title'),
  t,
  kind,
});
