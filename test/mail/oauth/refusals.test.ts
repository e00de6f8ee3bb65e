// Every answer of a provider that we know has its sentence in every language, and every other stays as it came.
import { LOCALES, openCatalogues } from '../../../server/i18n';
import { problemWords } from '../../../server/mail';
import { type OAuthError, readRefusal, refusalList } from '../../../server/mail/oauth/refusals';

const said = (error: string, error_description?: string, more: Partial<OAuthError> = {}) =>
  readRefusal({ error, error_description, ...more });

test.each<[OAuthError, string, boolean]>([
  [
    { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
    'invalid_grant',
    true,
  ],
  [
    { error: 'invalid_grant', error_description: 'reauth', error_subtype: 'invalid_rapt' },
    'invalid_rapt',
    true,
  ],
  [
    { error: 'invalid_grant', error_description: 'AADSTS700082: The refresh token has expired.\r\nTrace' },
    'AADSTS700082',
    true,
  ],
  [{ error: 'interaction_required', error_description: 'AADSTS50076: MFA.' }, 'AADSTS50076', true],
  [
    { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret.' },
    'AADSTS7000215',
    false,
  ],
  [
    { error: 'unauthorized_client', error_description: 'AADSTS700016: Application not found.' },
    'AADSTS700016',
    false,
  ],
  [{ error: 'invalid_client', error_description: 'Unauthorized' }, 'invalid_client', false],
  [{ error: 'temporarily_unavailable' }, 'temporarily_unavailable', false],
  [
    { error: 'invalid_grant', error_description: 'AADSTS9999999: Never heard of.' },
    'invalid_grant: AADSTS9999999: Never heard of.',
    true,
  ],
  [
    { error: 'something_new', error_description: 'In other\u0000 words' },
    'something_new: In other words',
    false,
  ],
])('%j is %s', (error, problem, isOver) => {
  expect(readRefusal(error)).toMatchObject({ problem, isOver });
});

test('words of a provider are one line, and not endless', () => {
  expect(said('x', `a\tb\n${'c'.repeat(10)}`).words).toBe('x: a b');
  expect(said('x', 'y'.repeat(5_000)).words).toHaveLength(400);
});

const CODES = refusalList((key) => key, 'microsoft')
  .concat(refusalList((key) => key, 'google'))
  .flatMap(({ codes }) => codes.split(', '));

test.each(LOCALES)('each code is one clear sentence in %s', (locale) => {
  const t = openCatalogues()[locale];
  expect(CODES.length).toBeGreaterThan(40);
  for (const code of CODES) {
    const words = problemWords(t, code);
    expect(words).not.toBe(code);
    expect(words).toMatch(/\.$/);
  }
  expect(problemWords(t, 'NO [AUTHENTICATIONFAILED] Go away')).toBe('NO [AUTHENTICATIONFAILED] Go away');
});
