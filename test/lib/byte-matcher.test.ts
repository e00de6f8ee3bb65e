// Many byte strings looked for in one pass.
import { ByteMatcher } from '../../server/lib/byte-matcher';

const bytes = (text: string) => Buffer.from(text, 'latin1');

function found(needles: string[], text: string, window = 4): [string, number][] {
  const matches: [string, number][] = [];
  new ByteMatcher(needles.map(bytes), window).search(bytes(text), (needle, at) => {
    matches.push([needles[needle] as string, at]);
  });
  return matches;
}

test('finds each needle at each place, at the very beginning and the very end too', () => {
  expect(found(['kettle', 'spout'], 'kettle, spout, kettle')).toEqual([
    ['kettle', 0],
    ['spout', 8],
    ['kettle', 15],
  ]);
});

test('needles that begin alike, overlap or hold one another are each found', () => {
  expect(found(['abcd', 'abcdef', 'cdef'], 'xabcdefx').sort()).toEqual([
    ['abcd', 1],
    ['abcdef', 1],
    ['cdef', 3],
  ]);
});

test('a needle that is cut off is not found, and what is shorter than the window never is', () => {
  expect(found(['kettle'], 'a kettl')).toEqual([]);
  expect(found(['abc'], 'abc abc')).toEqual([]);
  expect(found(['kettle'], '')).toEqual([]);
  expect(found([], 'kettle')).toEqual([]);
});

test('stops when it is told to', () => {
  let calls = 0;
  new ByteMatcher([bytes('kettle')], 4).search(bytes('kettle kettle'), () => {
    calls += 1;
    return false;
  });

  expect(calls).toBe(1);
});

test('agrees with a plain search over many needles in random bytes', () => {
  let seed = 7;
  const random = (most: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % most;
  };
  const text = Array.from({ length: 20_000 }, () => 'abc'[random(3)]).join('');
  const needles = [
    ...new Set(
      Array.from({ length: 300 }, () =>
        Array.from({ length: 4 + random(8) }, () => 'abc'[random(3)]).join(''),
      ),
    ),
  ];

  const expected = needles.flatMap((needle) => {
    const places: [string, number][] = [];
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) places.push([needle, at]);
    return places;
  });

  expect(found(needles, text).sort()).toEqual(expected.sort());
});
