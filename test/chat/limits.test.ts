// How much one visitor and one network may do (C9, AC-54).
import { ChatLimits } from '../../server/chat';
import { MOST_CONNECTIONS } from '../../server/chat/limits';
import { MINUTE } from '../../server/lib/clock';
import { type Desk, openDesk } from '../support/desk';

const HOME = '192.0.2.0/24';
const OFFICE = '198.51.100.0/24';

let desk: Desk;
let limits: ChatLimits;

beforeEach(() => {
  desk = openDesk();
  limits = new ChatLimits(desk.app);
});
afterEach(() => desk.close());

const howMany = (may: () => boolean, tries = 1_000) =>
  Array.from({ length: tries }, may).filter(Boolean).length;

test('C9: one network begins twenty chats at once and then one now and then; another is not touched', () => {
  expect(howMany(() => limits.mayStart(HOME))).toBe(20);
  expect(limits.mayStart(OFFICE)).toBe(true);

  desk.clock.pass(MINUTE);
  expect(howMany(() => limits.mayStart(HOME))).toBe(2);
});

test('C9: one visitor writes forty messages a minute, a whole network two hundred', () => {
  expect(howMany(() => limits.mayWrite(HOME, 1))).toBe(40);
  expect(limits.mayWrite(OFFICE, 2)).toBe(true);
  let visitor = 100;
  expect(howMany(() => limits.mayWrite(OFFICE, visitor++))).toBe(199);
});

test('C9: what one visitor is refused is not taken from the others of the same network', () => {
  howMany(() => limits.mayWrite(OFFICE, 1));

  expect(limits.mayWrite(OFFICE, 2)).toBe(true);
});

test('C9: a visitor’s signs of writing are limited over all connections together', () => {
  expect(howMany(() => limits.maySign(1))).toBe(40);
  expect(limits.maySign(2)).toBe(true);
});

test('C9: asking what is new is limited by visitor, wide enough for several windows', () => {
  expect(howMany(() => limits.mayAsk(1))).toBe(240);
  expect(limits.mayAsk(2)).toBe(true);
});

test('AC-54: coming and going is limited, too', () => {
  expect(howMany(() => limits.mayConnect(HOME))).toBe(600);
  expect(howMany(() => limits.mayEnter(HOME))).toBe(600);
  expect(limits.mayConnect(OFFICE)).toBe(true);
});

test('AC-54: a thousand connections from one network are a hundred; each that goes makes room for one', () => {
  expect(howMany(() => limits.connect(HOME))).toBe(MOST_CONNECTIONS);
  expect(limits.connect(OFFICE)).toBe(true);

  limits.disconnect(HOME);
  expect(howMany(() => limits.connect(HOME))).toBe(1);
});
