// P11: payment card numbers are masked, and nothing else that has many digits.
import { maskCards, maskCardsAcross } from '../../server/lib/mask-cards';

test.each([
  ['Visa in fours', 'Card: 4111 1111 1111 1111.', 'Card: •••• •••• •••• 1111.'],
  ['Visa with hyphens', '4111-1111-1111-1111', '••••-••••-••••-1111'],
  ['Visa with dots', '4111.1111.1111.1111', '••••.••••.••••.1111'],
  ['Visa with no-break spaces', '4111\u00a01111\u00a01111\u00a01111', '••••\u00a0••••\u00a0••••\u00a01111'],
  ['Visa in one piece', '4111111111111111', '••••••••••••1111'],
  ['Visa of 13 digits', '4222222222222', '•••••••••2222'],
  ['Mastercard', '5555555555554444', '••••••••••••4444'],
  ['Mastercard of the second series', '2223 0031 2200 3222', '•••• •••• •••• 3222'],
  ['American Express', '3782 822463 10005', '•••• •••••• •0005'],
  ['Diners Club', '3056 930902 5904', '•••• •••••• 5904'],
  ['Discover', '6011 1111 1111 1117', '•••• •••• •••• 1117'],
  ['JCB', '3530111333300000', '••••••••••••0000'],
  ['Maestro', '6759649826438453', '••••••••••••8453'],
  ['Dankort', '5019717010103742', '••••••••••••3742'],
  ['with its date and code', 'Visa 4111 1111 1111 1111 12/27 123', 'Visa •••• •••• •••• 1111 12/27 123'],
  ['with a code behind it, no more than a blank between', '4111111111111111 123', '••••••••••••1111 123'],
  ['with a number before it', 'card 2 4111 1111 1111 1111', 'card 2 •••• •••• •••• 1111'],
  ['in brackets and quotes', '("4111111111111111")', '("••••••••••••1111")'],
  ['called what it is', 'kortnummer:4111111111111111', 'kortnummer:••••••••••••1111'],
  ['behind an IBAN', 'NO93 8601 1117 947 4111 1111 1111 1111', 'NO93 8601 1117 947 •••• •••• •••• 1111'],
])('P11: %s is masked but for its last four digits', (_, text, masked) => {
  expect(maskCards(text)).toEqual({ text: masked, masked: 1 });
});

test('P11: several are counted', () => {
  expect(maskCards('4111111111111111 and 5555 5555 5555 4444\n4012888888881881').masked).toBe(3);
  expect(maskCards('4111 1111 1111 1111 '.repeat(40)).masked).toBe(40);
});

test.each([
  ['a number that fails the check', '4111 1111 1111 1112'],
  ['no issuer’s prefix', '9111 1111 1111 1110'],
  ['the wrong length for its issuer', '41111111111111'],
  ['a KID number', 'KID: 4111111111111111'],
  ['a KID number, long form', 'KID-nummer 5555555555554444'],
  ['an invoice', 'Faktura nr. 4012888888881881'],
  ['an invoice in English', 'invoice no 4012888888881881'],
  ['an invoice in Latvian', 'rēķina Nr. 4012888888881881'],
  ['an invoice in German', 'Rechnungsnummer: 4012888888881881'],
  ['a device', 'IMEI 490154203237518'],
  ['a device that looks like a card', 'IMEI: 378282246310005'],
  ['a serial number', 'S/N 4111111111111111'],
  ['letters before it', 'SN4111111111111111'],
  ['letters after it', '4111111111111111B'],
  ['a Norwegian IBAN', 'NO93 8601 1117 947'],
  ['a British IBAN', 'GB29 NWBK 6016 1331 9268 19'],
  ['a German IBAN', 'DE89370400440532013000'],
  ['a Latvian IBAN', 'LV80 BANK 0000 4351 9500 1'],
  ['a telephone number', '+47 4111 1111 1111 1111'],
  ['telephone numbers beside each other', '22 33 44 55 22 33 44 66'],
  ['an organisation number', '974 760 673 MVA'],
  ['a long reference', '41111111111111110000000000'],
  ['one digit over and over', '4444444444444444'],
  ['digits on two lines', '4111 1111\n1111 1111'],
  ['digits with two blanks', '4111  1111  1111  1111'],
  ['dates and sums', '2024-03-04 10:11:12 1 234 567,00'],
])('P11: %s is left alone', (_, text) => {
  expect(maskCards(text)).toEqual({ text, masked: 0 });
});

test('P11: a number in several pieces of a line is masked, every piece as long as before', () => {
  const pieces = ['Card 41', '11 1111 ', '', '1111 1', '111!'];

  expect(maskCardsAcross(pieces)).toEqual({
    pieces: ['Card ••', '•• •••• ', '', '•••• 1', '111!'],
    masked: 1,
  });
});

test('the result is as long as the text', () => {
  for (const text of ['4111 1111 1111 1111', 'å 3782 822463 10005 😀', ''])
    expect(maskCards(text).text).toHaveLength(text.length);
});
