// The letters that stand for a person where there is no picture.
import { initialsOf } from '../../server/agents';

test.each([
  ['Ana Bērziņa', 'AB'],
  ['ana maria de bērziņa', 'AB'],
  ['Ana', 'A'],
  ['Nils O’Hara "N" 🦊', 'NN'],
  ['🌸 Ana 🌸', 'A'],
  ['(Ana) "Berta"', 'AB'],
  ['عبد الرحمن', 'عا'],
  ['7 Seas', '7S'],
  ['🦊', '?'],
  ['', '?'],
])('“%s” is %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});
