// A customer: a person outside the firm, known by one or more addresses.

export interface CustomerRow {
  id: number;
  public_id: string;
  name: string;
  organization_id: number | null;
  language: string | null;
  time_zone: string | null;
  restricted_at: number | null;
  created_at: number;
  updated_at: number;
  deleted_at: number | null;
  merged_into_id: number | null;
}

export interface AddressRow {
  id: number;
  customer_id: number;
  kind: 'email' | 'phone';
  address: string;
  address_key: string;
  verified_at: number | null;
  verified_how: string | null;
  failing_since: number | null;
  created_at: number;
}

const LONGEST_NAME = 200;

/** A name fit to show: one line, no control or direction characters (AC-06, AC-31). */
export function cleanName(name: string, fallback: string): string {
  const clean = name
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return [...(clean || fallback)].slice(0, LONGEST_NAME).join('');
}
