// What mail servers write when they take a mail for spam. Anybody can write it too, so it counts only where an admin says so
// (AC-19), and only what says yes: a stranger's no would be worth more than a server's yes.
import type { Headers } from './mime/header-block';

/** Of Microsoft's spam confidence level, which goes from -1 to 9. */
const LEAST_SPAM_LEVEL = 5;

export function isCalledSpam(headers: Headers): boolean {
  const saysYes = ['x-spam-flag', 'x-spam-status', 'x-spam'].some((name) =>
    headers.all(name).some((value) => /^(yes|true|spam)\b/i.test(value.trim())),
  );
  return saysYes || headers.all('x-microsoft-antispam').concat(microsoftReports(headers)).some(isSpamLevel);
}

const microsoftReports = (headers: Headers) => [
  ...headers.all('x-forefront-antispam-report'),
  ...headers.all('x-ms-exchange-organization-scl').map((level) => `SCL:${level}`),
];

function isSpamLevel(value: string): boolean {
  const level = /(?:^|;)\s*SCL\s*[:=]\s*(-?\d{1,2})/i.exec(value.slice(0, 4_000))?.[1];
  return level !== undefined && Number(level) >= LEAST_SPAM_LEVEL;
}
