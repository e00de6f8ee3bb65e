// Payment card numbers are masked before anything is stored (P11): all digits but the last four become dots.

/** First digits of the networks' numbers, and how long those are (ISO/IEC 7812 and the networks' public tables). */
const NETWORKS: [from: number, to: number, lengths: number[]][] = [
  [4, 4, [13, 16, 19]], // Visa
  [51, 55, [16]], // Mastercard
  [2221, 2720, [16]],
  [34, 34, [15]], // American Express
  [37, 37, [15]],
  [300, 305, [14, 16, 19]], // Diners Club
  [3095, 3095, [14, 16, 19]],
  [36, 36, [14, 16, 19]],
  [38, 39, [14, 16, 19]],
  [6011, 6011, [16, 17, 18, 19]], // Discover
  [644, 649, [16, 17, 18, 19]],
  [65, 65, [16, 17, 18, 19]],
  [3528, 3589, [16, 17, 18, 19]], // JCB
  [62, 62, [16, 17, 18, 19]], // UnionPay
  [5018, 5018, [13, 14, 15, 16, 17, 18, 19]], // Maestro
  [5019, 5019, [16]], // Dankort
  [5020, 5020, [13, 14, 15, 16, 17, 18, 19]],
  [5038, 5038, [13, 14, 15, 16, 17, 18, 19]],
  [5893, 5893, [13, 14, 15, 16, 17, 18, 19]],
  [6304, 6304, [16, 17, 18, 19]],
  [6759, 6759, [16, 17, 18, 19]],
  [6761, 6763, [16, 17, 18, 19]],
  [2200, 2204, [16, 17, 18, 19]], // Mir
];

const SHORTEST = 13;
const LONGEST = 19;
export const MASK = '•';

/** Digits with at most one separator between two of them. */
const RUN = /\d(?:[ \u00a0\u202f.-]?\d){12,}/g;

/** Words right before a number that say that it is no card: payment and invoice references, devices, accounts. */
const CALLED_ELSE =
  /(?:^|[^\p{L}])(?:kid|imei|imeisv|meid|esn|iccid|iban|s\/n|sn|serial|serienr|serienummer|sērijas|invoice|faktura\p{L}*|fakturan\p{L}*|rechnung\p{L}*|facture|factura|fattura|rēķin\p{L}*|arve|lasku\p{L}*|sąskait\p{L}*|viite\p{L}*|viitenumero|ocr|giro|reference|referanse\p{L}*|betalingsreferanse)[^\p{L}\d]{0,3}(?:no|nr|num|number|nummer|numurs|numero)?[^\p{L}\d]{0,3}$/iu;

export interface Masked {
  text: string;
  /** How many numbers were masked. */
  masked: number;
}

/**
 * Issuer prefix, length, grouping and Luhn check must all agree; separators are blank, hyphen, dot and no-break space.
 * What is called a reference, a device or an account, stands in an IBAN, or follows a letter or + stays. The result is
 * as long as the text. Linear.
 */
export function maskCards(text: string): Masked {
  let masked = 0;
  const ibans = ibansIn(text);
  const cleaned = text.replace(RUN, (run, at: number) => {
    while (ibans[0] && ibans[0].end <= at) ibans.shift();
    const end = at + run.length;
    if (ibans[0] && ibans[0].at < end) return keepIban(run, at, ibans[0].end);
    return maskUnlessCalledElse(run, text.slice(Math.max(0, at - 40), at), text.slice(end, end + 2));
  });
  return { text: cleaned, masked };

  function maskUnlessCalledElse(run: string, before: string, after: string): string {
    if (/[\p{L}\d+_]$/u.test(before) || /^[\p{L}_]/u.test(after) || CALLED_ELSE.test(before)) return run;
    const [result, count] = maskRun(run);
    masked += count;
    return result;
  }

  /** What stands behind an IBAN's last digit may still be a card. */
  function keepIban(run: string, at: number, end: number): string {
    const kept = Math.min(Math.max(end - at, 0), run.length);
    return run.slice(0, kept) + maskUnlessCalledElse(run.slice(kept), ' ', '');
  }
}

/** The same over pieces of one line that stand in different HTML elements: a number may run across them. */
export function maskCardsAcross(pieces: string[]): { pieces: string[]; masked: number } {
  const { text, masked } = maskCards(pieces.join(''));
  let at = 0;
  const cut = (piece: string) => {
    at += piece.length;
    return text.slice(at - piece.length, at);
  };
  return { masked, pieces: pieces.map(cut) };
}

/** A run may hold more than the card: a date before it, a code behind it. Cards begin and end with a group. */
function maskRun(run: string): [text: string, masked: number] {
  const groups = [...run.matchAll(/\d+/g)].map((group) => ({ digits: group[0], at: group.index }));
  const out: string[] = [];
  let copied = 0;
  let masked = 0;
  for (let first = 0; first < groups.length; first++) {
    const last = lastGroupOfCard(groups, first);
    if (last === undefined) continue;
    const from = (groups[first] as Group).at;
    const to = (groups[last] as Group).at + (groups[last] as Group).digits.length;
    out.push(run.slice(copied, from), maskDigits(run.slice(from, to)));
    copied = to;
    masked++;
    first = last;
  }
  return [out.join('') + run.slice(copied), masked];
}

interface Group {
  digits: string;
  at: number;
}

/** As people and cards write them: in one piece, 4-6-5 (American Express), 4-6-4 (Diners Club), or in fours. */
const SHAPES = [
  [4, 6, 5],
  [4, 6, 4],
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4, 2],
  [4, 4, 4, 4, 1],
  [4, 4, 4, 4],
  [4, 4, 4, 1],
];

/** The last group of the card that begins with group `first`, the longest one. */
function lastGroupOfCard(groups: Group[], first: number): number | undefined {
  const { digits } = groups[first] as Group;
  if (digits.length !== 4) return isCard(digits) ? first : undefined;
  for (const shape of SHAPES) {
    const parts = groups.slice(first, first + shape.length).map((group) => group.digits);
    const fits = parts.length === shape.length && shape.every((length, at) => parts[at]?.length === length);
    if (fits && isCard(parts.join(''))) return first + shape.length - 1;
  }
  return undefined;
}

function isCard(digits: string): boolean {
  if (digits.length < SHORTEST || digits.length > LONGEST || /^(\d)\1+$/.test(digits)) return false;
  const isIssued = NETWORKS.some(([from, to, lengths]) => {
    const prefix = Number(digits.slice(0, String(from).length));
    return prefix >= from && prefix <= to && lengths.includes(digits.length);
  });
  return isIssued && passesLuhn(digits);
}

/** ISO/IEC 7812-1 annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]) * (place % 2 === 1 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

function maskDigits(card: string): string {
  let left = card.replace(/\D/g, '').length;
  return card.replace(/\d/g, (digit) => (left-- > 4 ? MASK : digit));
}

const IBAN = /[A-Z]{2}\d{2}(?:[ \u00a0-]?[A-Z0-9]){11,30}/g;
/** Characters of an account number by country (SWIFT's registry); of countries not listed none is recognised. */
const IBAN_LENGTHS = new Map<string, number>(
  (
    'NO15 BE16 DK18 FI18 FO18 GL18 NL18 MK19 SI19 AT20 BA20 EE20 LT20 LU20 XK20 CH21 HR21 LI21 LV21 BG22 DE22 GB22 GE22 ' +
    'IE22 ME22 RS22 IL23 AE23 AD24 CZ24 ES24 MD24 RO24 SA24 SE24 SK24 PT25 IS26 TR26 FR27 GR27 IT27 MC27 SM27 AL28 CY28 ' +
    'HU28 LB28 PL28 UA29 MT31'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** Where account numbers stand, in order. */
function ibansIn(text: string): { at: number; end: number }[] {
  return [...text.matchAll(IBAN)].flatMap((found) => {
    const length = IBAN_LENGTHS.get(found[0].slice(0, 2)) ?? 0;
    const plain = found[0].replace(/[^A-Z0-9]/g, '').slice(0, length);
    if (plain.length !== length || !passesMod97(plain)) return [];
    let at = 0;
    for (let seen = 0; seen < length; at++) if (/[A-Z0-9]/.test(found[0][at] as string)) seen++;
    return [{ at: found.index, end: found.index + at }];
  });
}

/** ISO 13616: the first four at the end, letters as numbers, modulo 97. */
function passesMod97(iban: string): boolean {
  let rest = 0;
  for (const char of iban.slice(4) + iban.slice(0, 4)) {
    for (const digit of Number.parseInt(char, 36).toString()) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}
