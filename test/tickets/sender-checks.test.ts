// What is believed about a sender while nobody has said whose results to believe, and what agents are told (AC-15).
import { factsOf } from '../../server/tickets/ticket';
import { type Desk, openDesk } from '../support/desk';
import { openDoors } from '../support/doors';
import { letter, receive } from '../support/letters';

const OURS = 'mx.teapot.example';

let desk: Desk;
beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

const verdictOf = (authenticationResults: string[]) =>
  factsOf(receive(desk, letter({ authenticationResults })).message).authentication?.verdict;

test.each([
  ['nothing was checked', [], false],
  ['our server says fail', [`${OURS}; spf=pass; dmarc=fail (p=REJECT) header.from=bank.example`], true],
  ['our server says pass', [`${OURS}; dmarc=pass header.from=mail.example`], false],
  ['our server says none', [`${OURS}; dmarc=none`], false],
  ['a server without a name says fail', ['spf=fail smtp.mailfrom=x.example; dmarc=fail action=none'], true],
  ['the sender wrote a pass beneath', [`${OURS}; dmarc=fail`, `${OURS}; dmarc=pass`], true],
  ['the sender wrote a fail beneath', [`${OURS}; dmarc=pass`, 'mx.evil.example; dmarc=fail'], false],
  [
    'a server on the way could not verify it',
    [`${OURS} 1; dkim=pass; dmarc=pass`, 'relay.mail.example; dmarc=fail'],
    false,
  ],
  ['our server checks in two steps', [`${OURS}; spf=pass`, `${OURS}; dmarc=fail`], true],
  ['another of our servers adds its own', ['scanner.teapot.example; dkim=none', `${OURS}; dmarc=fail`], true],
  [
    'the address on the envelope says pass',
    [`${OURS}; spf=pass smtp.mailfrom=dmarc=pass@evil.example`, `${OURS}; dmarc=fail`],
    true,
  ],
  [
    'an address on another server’s envelope says pass',
    ['scanner.teapot.example; spf=pass smtp.mailfrom=dmarc=pass@evil.example', `${OURS}; dmarc=fail`],
    true,
  ],
] as const)(
  'AC-15: of a server that nobody knows yet only failure is believed: %s',
  (_, results, isFailure) => {
    expect(verdictOf([...results])).toBe(isFailure ? 'failed' : 'unverified');
  },
);

test('AC-15: agents are warned of a mail that its sender’s domain disowns, also when it begins a ticket', async () => {
  const doors = await openDoors(desk);
  const ana = doors.as(desk.ana);
  const warning = 'Somebody else may have written it';
  const forged = receive(desk, letter({ authenticationResults: [`${OURS}; dmarc=fail`] }));
  const fine = receive(desk, letter({ authenticationResults: [`${OURS}; dmarc=pass`] }));

  expect((await ana.get(`/tickets/${forged.ticket.number}`)).html).toContain(warning);
  expect((await ana.get(`/tickets/${fine.ticket.number}`)).html).not.toContain(warning);
  await doors.close();
});
