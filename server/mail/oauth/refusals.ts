// What providers answer when they refuse, and which sentence of ours explains it. What stands here nowhere is shown as it came.
import type { Translate } from '../../i18n';
import type { OAuthProviderName } from './provider';

/** Codes by the sentence that explains them (`mail.oauth.refusal.…`). AADSTS numbers are Microsoft's. */
const SENTENCES: Record<string, string[]> = {
  redirect: ['AADSTS50011', 'AADSTS500113', 'redirect_uri_mismatch'],
  application: ['AADSTS700016', 'deleted_client'],
  credentials: ['invalid_client'],
  secret: ['AADSTS7000215'],
  'secret-expired': ['AADSTS7000222'],
  'not-web': ['AADSTS7000218', 'AADSTS9002327', 'AADSTS700054', 'unauthorized_client'],
  'switched-off': ['AADSTS7000112', 'disabled_client'],
  tenant: ['AADSTS90002', 'AADSTS900023'],
  'one-tenant': ['AADSTS50194'],
  'other-tenant': ['AADSTS50020', 'AADSTS50034', 'AADSTS90072'],
  consent: ['AADSTS65001', 'AADSTS90094', 'AADSTS90095', 'consent_required'],
  declined: ['AADSTS65004', 'access_denied'],
  'not-assigned': ['AADSTS50105'],
  'more-proof': ['AADSTS50076', 'AADSTS50078', 'AADSTS50079', 'interaction_required', 'login_required'],
  'password-changed': ['AADSTS50133', 'AADSTS50173'],
  expired: ['AADSTS70008', 'AADSTS70043', 'AADSTS700082', 'AADSTS700084'],
  disabled: ['AADSTS50057'],
  rule: ['AADSTS53000', 'AADSTS53001', 'AADSTS53003'],
  permissions: ['AADSTS70011', 'AADSTS650053', 'invalid_scope'],
  'own-organization': ['org_internal'],
  'google-admin': ['admin_policy_enforced'],
  'google-again': ['invalid_rapt'],
  withdrawn: ['invalid_grant'],
  busy: ['AADSTS90033', 'server_error', 'temporarily_unavailable'],
  // Our own.
  'wrong-state': ['wrong-state'],
  'testing-project': ['testing-project'],
  'no-refresh-token': ['no-refresh-token'],
  'scope-missing': ['scope-missing'],
  'no-provider': ['no-provider'],
  'odd-answer': ['odd-answer'],
  'not-signed-in': ['not-signed-in'],
  'no-application': ['no-application'],
  'application-changed': ['application-changed'],
};

const sentenceOf = new Map(
  Object.entries(SENTENCES).flatMap(([sentence, codes]) => codes.map((code) => [code, sentence] as const)),
);

/** The sentence for a code; undefined for what nobody has explained yet. */
export function refusalWords(t: Translate, code: string): string | undefined {
  const sentence = sentenceOf.get(code);
  return sentence && t(`mail.oauth.refusal.${sentence}`);
}

/** A reason why the application itself has to be looked at; signing in again would not help. */
export const isAboutApplication = (code: string): boolean =>
  [
    'credentials',
    'secret',
    'secret-expired',
    'application',
    'switched-off',
    'tenant',
    'no-application',
  ].includes(sentenceOf.get(code) ?? '');

/** An error as the standard has it (RFC 6749, 4.1.2.1 and 5.2), with what the two providers add. */
export interface OAuthError {
  error: string;
  error_description?: string | undefined;
  error_subtype?: string | undefined;
}

export interface OAuthRefusal {
  /** The most exact code that we can explain, else the words. */
  problem: string;
  /** The provider's own, one line. */
  words: string;
  /** What was allowed is allowed no more: a person has to sign in again. */
  isOver: boolean;
}

const LONGEST_WORDS = 400;
const OVER = ['invalid_grant', 'interaction_required', 'login_required', 'consent_required'];

/** A number of Microsoft's that we do not know says more than the general code beside it, so then the words stay. */
export function readRefusal({
  error,
  error_description: said = '',
  error_subtype: kind,
}: OAuthError): OAuthRefusal {
  const number = /AADSTS\d{4,8}/.exec(said)?.[0];
  const words = oneLine(said ? `${error}: ${said.split(/\r?\n/)[0]}` : error);
  const code = [number, kind, number ? undefined : error].find((each) => each && sentenceOf.has(each));
  return { problem: code ?? words, words, isOver: OVER.includes(error) };
}

const oneLine = (text: string) =>
  text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_WORDS);

/** What people may see on a provider's own pages, for the list beside the steps. */
export function refusalList(t: Translate, provider: OAuthProviderName): { codes: string; words: string }[] {
  const isTheirs = (code: string) =>
    /^AADSTS/.test(code) === (provider === 'microsoft') || code === 'access_denied';
  const isSeen = (code: string) => !code.includes('-');
  return Object.entries(SENTENCES).flatMap(([sentence, codes]) => {
    const theirs = codes.filter((code) => isSeen(code) && isTheirs(code));
    return theirs.length > 0
      ? [{ codes: theirs.join(', '), words: t(`mail.oauth.refusal.${sentence}`) }]
      : [];
  });
}
