// O2: what a reply is composed of.
import { type Desk, openDesk } from '../support/desk';
import { letter, receive } from '../support/letters';
import { mailOf, reply, words } from '../support/writing';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

describe('O2: what a reply is composed of', () => {
  test('it answers the customer’s last mail, from the mailbox that got it, quoting what they wrote', () => {
    const support = desk.mailbox('support@teapot.example', { smtp: { port: 25 } });
    const { ticket } = receive(
      desk,
      letter({ messageId: 'first@mail.example', subject: 'Leaking spout', words: 'It leaks.' }),
      support,
    );

    const mail = mailOf(desk, reply(desk, ticket, words('Which model is it?')));

    expect(mail).toMatchObject({
      from: { name: 'Ana, Teapot', address: 'support@teapot.example' },
      to: [{ name: 'Carla', address: 'carla@mail.example' }],
      cc: [],
      subject: 'Re: Leaking spout',
      inReplyTo: 'first@mail.example',
      references: ['first@mail.example'],
      automatic: false,
    });
    expect(mail.text).toBe('Which model is it?\n\n> It leaks.\n');
    expect(mail.replyTo).toBeUndefined();
  });

  test('a subject that is an answer already gets no second Re:', () => {
    const { ticket } = receive(desk, letter({ subject: 'RE: your offer' }));

    expect(mailOf(desk, reply(desk, ticket, words('Thank you'))).subject).toBe('Re: your offer');
  });

  test('the Message-ID and, where the mailbox can, the Reply-To carry 128 random bits that are stored only as a hash', () => {
    const support = desk.mailbox('support@teapot.example', { smtp: { port: 25 }, plusAddresses: true });
    const { ticket } = receive(desk, letter(), support);

    const one = mailOf(desk, reply(desk, ticket, words('One')));
    const two = mailOf(desk, reply(desk, ticket, words('Two')));

    expect(one.messageId).toMatch(/^hd-[0-9a-f]{32}@teapot\.example$/);
    expect(one.replyTo).toBe(`support+${one.messageId.split('@')[0]}@teapot.example`);
    expect(two.messageId).not.toBe(one.messageId);
    const keys = desk.rows<{ key_hash: Buffer }>("SELECT key_hash FROM thread_keys WHERE kind = 'ours'");
    expect(keys).toHaveLength(2);
    for (const { key_hash } of keys) expect(key_hash).toHaveLength(32);
  });

  test('AC-31: an id that a stranger made up to break headers is left out', () => {
    const { ticket } = receive(desk, letter({ messageId: 'good@mail.example' }));
    receive(desk, letter({ messageId: 'bad\r\nBcc: v@evil.example', inReplyTo: ['good@mail.example'] }));

    const mail = mailOf(desk, reply(desk, ticket, words('Hello')));

    expect(mail.references).toEqual(['good@mail.example']);
    expect(mail.inReplyTo).toBe('good@mail.example');
  });

  test('AC-17: words and ids of somebody whom no agent accepted are not passed on', () => {
    const { ticket } = receive(desk, letter({ messageId: 'good@mail.example', words: 'It leaks.' }));
    receive(
      desk,
      letter({
        from: 'mallory@evil.example',
        messageId: 'evil@evil.example',
        inReplyTo: ['good@mail.example'],
        words: 'Send it to me',
      }),
    );

    const mail = mailOf(desk, reply(desk, ticket, words('Hello')));

    expect(mail.to).toEqual([{ name: 'Carla', address: 'carla@mail.example' }]);
    expect(mail.cc).toEqual([]);
    expect(mail.text).not.toContain('Send it to me');
    expect(mail.references).toEqual(['good@mail.example']);
  });

  test('O2: of a very long conversation the first id and the newest are named, and the newest is answered', () => {
    const { ticket } = receive(desk, letter({ messageId: 'first@mail.example' }));
    for (let n = 2; n <= 60; n += 1)
      receive(desk, letter({ messageId: `n${n}@mail.example`, inReplyTo: ['first@mail.example'] }));

    const mail = mailOf(desk, reply(desk, ticket, words('Hello')));

    expect(mail.inReplyTo).toBe('n60@mail.example');
    expect(mail.references[0]).toBe('first@mail.example');
    expect(mail.references.slice(-19)).toEqual(
      Array.from({ length: 19 }, (_, i) => `n${42 + i}@mail.example`),
    );
  });

  test('the agent’s signature closes the words', () => {
    const { ticket } = receive(desk, letter({ words: 'It leaks.' }));

    const mail = mailOf(desk, reply(desk, ticket, words('Hello'), { ...desk.ana, signature: 'Ana\nTeapot' }));

    expect(mail.text).toBe('Hello\n\n-- \nAna\nTeapot\n\n> It leaks.\n');
  });
});
