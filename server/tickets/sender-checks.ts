// What the firm's own mail server found out about a sender (AC-15; RFC 8601).

/** At the beginning of a result, so that nobody's address can say it. */
const DMARC = /(?:^|;)\s*dmarc\s*=/i;
const DMARC_FAIL = /(?:^|;)\s*dmarc\s*=\s*fail\b/i;

/**
 * Whether the mail failed the policy of the domain that it says it is from. `results` are the Authentication-Results headers,
 * the newest first: the newest that speaks of DMARC is by the firm's own server, and so are others by the same one. What
 * servers on the way, or the sender, wrote beneath is not believed. Unknown is not failure; a forged pass gains nothing,
 * because only failure is looked for (M7).
 */
export function failsDmarc(results: string[]): boolean {
  const spoken = results.filter((result) => DMARC.test(result));
  const [newest] = spoken;
  if (newest === undefined) return false;
  return spoken.some((result) => serverOf(result) === serverOf(newest) && DMARC_FAIL.test(result));
}

/** "mx.example.com 1; spf=pass" is by mx.example.com; Microsoft's servers leave their name out. */
function serverOf(result: string): string {
  const [first = ''] = result.trim().split(/[\s;]/, 1);
  return first.includes('=') ? '' : first.toLowerCase();
}
