// What is recognised of a text after it was copied.
import { ByteMatcher } from '../../server/lib/byte-matcher';
import { folded, numbersIn, PASSAGE, passagesOf, withoutQuotes } from '../../server/lib/passages';

const COMPLAINT = 'The kettle whistles all night, and my neighbours knock at the wall.';

const holds = (text: string, copied: string) =>
  new ByteMatcher(passagesOf(text), PASSAGE).finds(folded(copied));

test.each([
  ['as it is', COMPLAINT],
  ['wrapped and quoted', '> The kettle whistles\n> all night, and my\n> neighbours knock at the wall.'],
  ['without its commas and capitals', 'the kettle whistles all night and my neighbours knock'],
  ['a part of it', 'She wrote "whistles all night, and my neighbours" and no more.'],
  ['its last words', 'that they knock at the wall.'.replace('that they', 'my neighbours')],
  ['within HTML of one paragraph', '<p>The kettle whistles all night, and my neighbours</p>'],
])('a copy is recognised: %s', (_, copied) => {
  expect(holds(COMPLAINT, copied)).toBe(true);
});

test('other words about the same thing are not a copy', () => {
  expect(holds(COMPLAINT, 'Her kettle makes a noise at night; people next door complained.')).toBe(false);
  expect(holds(COMPLAINT, 'The kettle whistles.')).toBe(false);
});

test('letters of other alphabets count', () => {
  expect(holds('Чайник свистит всю ночь напролёт', 'он пишет: «чайник свистит всю ночь напролёт»')).toBe(
    true,
  );
});

test('a text of a few words has no passage of its own', () => {
  expect(passagesOf('Yes, thank you.')).toEqual([]);
});

test("lines that quote are not the writer's words", () => {
  expect(withoutQuotes('Mine\n> theirs\n  > theirs too\nmine again')).toBe('Mine\nmine again');
});

test.each([
  ['order ORD-20417-B please', ['ORD-20417-B']],
  ['call +4791234567.', ['+4791234567']],
  ['on 2026-11-20 or 20.11.2026 for 1200.50', []],
  ['the 3 kettles of 1998', []],
  ['passport AB1234567, twice AB1234567', ['AB1234567']],
])('numbers by which somebody can be told: %s', (text, numbers) => {
  expect(numbersIn(text)).toEqual(numbers);
});
