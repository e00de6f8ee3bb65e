// A person in a text, and the text without them.
import { passagesOf } from '../../server/lib/passages';
import { Searcher, without } from '../../server/privacy/spans';

const searcher = (ids: string[], words = '') =>
  new Searcher({
    ids: ids.map((id) => id.toLowerCase()),
    namesFrom: ids.length,
    numbersFrom: ids.length,
    passages: passagesOf(words),
  });

const cleaned = (text: string, ids: string[], words = '') => without(text, searcher(ids, words).find(text));

test('an address goes wherever it stands, in any case', () => {
  expect(cleaned('Write to <Anna@Mail.example>, not to me.', ['anna@mail.example'])).toBe(
    'Write to <[…]>, not to me.',
  );
});

test.each([
  'hanna@mail.example',
  'anna@mail.example.org',
  'my.anna@mail.example',
  'anna@mail.example-shop.org',
  'x+anna@mail.example',
])('an address that only contains it stays: %s', (other) => {
  expect(cleaned(`Write to ${other} please`, ['anna@mail.example'])).toBe(`Write to ${other} please`);
});

test.each([
  ['“anna@mail.example”', '“[…]”'],
  ['«anna@mail.example»', '«[…]»'],
  ['anna@mail.example—she', '[…]—she'],
  ['‘anna@mail.example’s', '‘[…]’s'],
  ['مرحبا،anna@mail.example،', 'مرحبا،[…]،'],
  ['👋anna@mail.example👋', '👋[…]👋'],
])('quotation marks, dashes and pictures beside an address are no part of it: %s', (text, left) => {
  expect(cleaned(text, ['anna@mail.example'])).toBe(left);
});

test.each(['éanna@mail.example', 'anna@mail.exampleņ', 'ж.anna@mail.example'])(
  'letters beyond ASCII beside it are: %s',
  (other) => {
    expect(cleaned(other, ['anna@mail.example'])).toBe(other);
  },
);

test("what is seen inside somebody else's is remembered", () => {
  const looking = searcher(['anna@mail.example', 'per@mail.example']);
  looking.find('hanna@mail.example');

  expect([...looking.lookalikes]).toEqual([0]);
});

test('a name with letters beyond ASCII goes whole, and no letter is cut in two', () => {
  expect(cleaned('Sveika, Ilze Bērziņa! Žēl.', ['ilze bērziņa'])).toBe('Sveika, […]! Žēl.');
});

test('a copied sentence becomes one mark, what stands around it stays', () => {
  const words = 'The kettle whistles all night, and my neighbours knock at the wall.';

  expect(cleaned(`She says: "${words}" What now?`, [], words)).toBe('She says: "[…]." What now?');
});

test('what is ignored is not found any more', () => {
  const looking = searcher(['anna hansen']);
  looking.ignore({ what: 'id', needle: 0 });

  expect(looking.find('Anna Hansen')).toEqual([]);
});
