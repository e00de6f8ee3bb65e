// What was typed into the search field, taken apart: a table of what people write.
import { type Term, termsOf } from '../../server/tickets/search/terms';

/** A term as a short text: `-from=anna`, `"does not heat"`, `kettle`, `#1042`, `?colour`. */
function told(term: Term): string {
  const minus = term.negated ? '-' : '';
  if (term.kind === 'words') {
    const words = term.words.join(' ');
    return minus + (term.isPhrase ? `"${words}"` : words);
  }
  if (term.kind === 'number') return `${minus}#${term.number}`;
  return term.kind === 'unknown' ? `${minus}?${term.name}` : `${minus}${term.name}=${term.value}`;
}

test.each<[typed: string, ...terms: string[]]>([
  ['kettle', 'kettle'],
  ['broken kettle', 'broken', 'kettle'],
  ['"does not heat"', '"does not heat"'],
  ['“does not heat”', '"does not heat"'],
  ['„nesilst vairs”', '"nesilst vairs"'],
  ['«blir ikke varm»', '"blir ikke varm"'],
  ['"never closed', '"never closed"'],
  ['""'],
  ['-kettle', '-kettle'],
  ['-"does not heat"', '-"does not heat"'],
  ['multi-agent', 'multi agent'],
  ['a - b', 'a', 'b'],
  ['-'],
  ['--x', 'x'],
  ['from:anna', 'from=anna'],
  ['FROM:Anna', 'from=Anna'],
  ['from:anna@mail.example', 'from=anna@mail.example'],
  ['from:"Anna Hansen" kettle', 'from=Anna Hansen', 'kettle'],
  ['from:“Anna Hansen”', 'from=Anna Hansen'],
  ['from: anna kettle', 'from=anna', 'kettle'],
  ['from: "Anna Hansen"', 'from=Anna Hansen'],
  ['from: tag:vip', 'from=', 'tag=vip'],
  ['from: -kettle', 'from=', '-kettle'],
  ['from:', 'from='],
  ['to:support@teapot.example', 'to=support@teapot.example'],
  ['-tag:vip', '-tag=vip'],
  ['-tag:"big customer"', '-tag=big customer'],
  ['status:"on hold"', 'status=on hold'],
  ['assignee:me channel:chat has:attachment', 'assignee=me', 'channel=chat', 'has=attachment'],
  ['before:2026-03-15 after:15.03.2026', 'before=2026-03-15', 'after=15.03.2026'],
  ['#1042', '#1042'],
  ['-#1042', '-#1042'],
  ['#1042 kettle', '#1042', 'kettle'],
  ['1042', '1042'],
  ['"#1042"', '"1042"'],
  ['#kettle', 'kettle'],
  ['colour:red kettle', '?colour', 'kettle'],
  ['-colour:red', '-?colour'],
  ['"colour:red"', '"colour red"'],
  ['Re: kettle', 'Re', 'kettle'],
  ['10:30', '10 30'],
  ['https://teapot.example/x', 'https teapot example x'],
  ['a:b', 'a b'],
  ['statuss:open', '?statuss'],
  ['ceļš øverste 中文', 'ceļš', 'øverste', '中文'],
  ['  \t kettle \n', 'kettle'],
  ["don't", 'don t'],
  ['( ) * ^ " :'],
])('%s', (typed, ...terms) => {
  expect(termsOf(typed).map(told)).toEqual(terms);
});

test('F13: a pasted page is read up to its fortieth piece', () => {
  expect(termsOf('tag:x '.repeat(5_000))).toHaveLength(40);
});
