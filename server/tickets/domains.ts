// Domains that somebody types into one field: "@Firm.example, other.example".

const MOST_DOMAINS = 20;

/** The part after the @, one or several, lower case; undefined when something among them is no domain, or they are too many. */
export function domainsIn(text: string): string[] | undefined {
  const domains = text
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map((domain) => domain.replace(/^.*@/, ''));
  const areDomains = domains.every((domain) => /^[^\s@"'<>()]+\.[^\s@"'<>()]+$/.test(domain));
  return areDomains && domains.length <= MOST_DOMAINS ? domains : undefined;
}
