// Comma-separated values: nothing a spreadsheet would calculate goes out, and what goes out comes back as it was.
import { csvLine, csvRows, OpenQuote, WideRow } from '../../server/lib/csv';

test.each([
  ['plain', 'plain'],
  ['a,b', 'a,b'],
  ['say "hi"', 'say ""hi""'],
  ['two\nlines', 'two\nlines'],
  ['=1+1', "'=1+1"],
  ['+47 22', "'+47 22"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t'=1"],
  ['\r=1', "'\r'=1"],
  ['=HYPERLINK("http://evil.example","x")', '\'=HYPERLINK(""http://evil.example"",""x"")'],
  ['＝1+1', "'＝1+1"],
  ['x;=1+1;y', "x;'=1+1;y"],
  ['x\t@SUM(A1)', "x\t'@SUM(A1)"],
  ['x;＋1', "x;'＋1"],
  ['anna@b.example; +anna@b.example', "anna@b.example; '+anna@b.example"],
  ['Order:\n- one', "Order:\n'- one"],
  ['one\r\n\r\ntwo', 'one\r\n\r\ntwo'],
  ['a=1', 'a=1'],
  ['Bērziņa', 'Bērziņa'],
])('AC-58: the cell %j is written quoted as %j', (value, written) => {
  expect(csvLine([value])).toBe(`"${written}"\r\n`);
});

test('a number stays a number, also below zero', () => {
  expect(csvLine([-3, 0, 'x'])).toBe('"-3","0","x"\r\n');
});

const read = (text: string) => [...csvRows(text)];

test('what was written is read as it was', () => {
  const cells = ['=1+1', 'a,b', 'say "hi"', "'quoted'", 'two\r\nlines', 'x;=1+1;y'];
  expect(read(`\uFEFF${csvLine(['a', 'b', 'c', 'd', 'e', 'f'])}${csvLine(cells)}`)[1]?.cells).toEqual(cells);
});

test.each([
  [
    'name;email\nAnna;a@b.example',
    [
      ['name', 'email'],
      ['Anna', 'a@b.example'],
    ],
  ],
  [
    'name\temail\rAnna\ta@b.example\r',
    [
      ['name', 'email'],
      ['Anna', 'a@b.example'],
    ],
  ],
  [
    'name,email\r\n\r\n,\r\n"Anna, B",a@b.example',
    [
      ['name', 'email'],
      ['Anna, B', 'a@b.example'],
    ],
  ],
  [
    'a,b\n1,\n,2',
    [
      ['a', 'b'],
      ['1', ''],
      ['', '2'],
    ],
  ],
  ['', []],
])('%j is read as rows', (text, rows) => {
  expect(read(text).map(({ cells }) => cells)).toEqual(rows);
});

test('each row knows the line on which it begins', () => {
  expect(read('a,b\n\n"x\ny",1\nz,2').map(({ line }) => line)).toEqual([1, 3, 5]);
  expect(read('\r\na,b\r\n\r\n\r\n1,2\r\r3,4').map(({ line }) => line)).toEqual([2, 5, 7]);
});

test('a quote that is never closed is said with its line', () => {
  expect(() => read('a,b\n1,"never\nclosed')).toThrow(OpenQuote);
});

test('a file is read no further than it is asked for, whatever follows', () => {
  const rows = csvRows(`a,b\n1,2\n"${'x,y\n'.repeat(1_000)}`);
  expect([rows.next().value?.cells, rows.next().value?.cells]).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ]);
});

test('a row from end to end of a large file is refused at once, and a long quoted cell read in one piece', () => {
  const began = performance.now();
  expect(() => read(`a,b\n${','.repeat(10_000_000)}`)).toThrow(WideRow);
  expect(() => read(`a,b\n"${'x""\n'.repeat(2_000_000)}"`)).toThrow(WideRow);
  expect(read(`a,b\n"${'x""\n'.repeat(10_000)}",2\n3,4`).map(({ line, cells }) => [line, cells[1]])).toEqual([
    [1, 'b'],
    [2, '2'],
    [10_003, '4'],
  ]);
  expect(performance.now() - began).toBeLessThan(2_000);
});

test('ten thousand lines take no time worth mentioning', () => {
  const text = `name,email\n${'"Anna ""A"" Berg",anna@mail.example\n'.repeat(10_000)}`;
  const began = performance.now();
  expect(read(text)).toHaveLength(10_001);
  expect(performance.now() - began).toBeLessThan(2_000);
});
