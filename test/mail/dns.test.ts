// What sender checks ask of DNS: bounded in time and in what comes back; the server here is our own.
import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { askDns } from '../../server/mail';

/** A name server on this machine that answers every TXT question with these texts, or keeps silent. */
async function nameServer(texts: string[] | 'silent') {
  const socket = createSocket('udp4');
  let asked = 0;
  socket.on('message', (question, from) => {
    asked += 1;
    if (texts === 'silent') return;
    const header = Buffer.from(question.subarray(0, 12));
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(texts.length, 6);
    header.writeUInt16BE(0, 10);
    const name = question.subarray(12, question.indexOf(0, 12) + 5);
    const answers = texts.map((text) => {
      const data = Buffer.concat(
        (text.match(/.{1,255}/g) ?? ['']).map((part) =>
          Buffer.concat([Buffer.from([part.length]), Buffer.from(part)]),
        ),
      );
      const fixed = Buffer.from([0xc0, 0x0c, 0, 16, 0, 1, 0, 0, 0, 60, 0, 0]);
      fixed.writeUInt16BE(data.length, 10);
      return Buffer.concat([fixed, data]);
    });
    socket.send(Buffer.concat([header, name, ...answers]), from.port, from.address);
  });
  await new Promise<void>((ready) => socket.bind(0, '127.0.0.1', ready));
  return {
    servers: [`127.0.0.1:${(socket.address() as AddressInfo).port}`],
    asked: () => asked,
    close: () => socket.close(),
  };
}

test('a text comes back as node:dns gives it', async () => {
  const dns = await nameServer(['v=DMARC1; p=reject']);
  expect(await askDns('_dmarc.mail.example', 'TXT', { servers: dns.servers })).toEqual([
    ['v=DMARC1; p=reject'],
  ]);
  dns.close();
});

test('a server that keeps silent is not waited for', async () => {
  const dns = await nameServer('silent');
  const asked = askDns('_dmarc.mail.example', 'TXT', { servers: dns.servers, patienceMs: 50 });
  await expect(asked).rejects.toMatchObject({ code: 'ETIMEOUT' });
  expect(dns.asked()).toBe(2);
  dns.close();
});

test('of many answers some are taken, and one that is far too long is none', async () => {
  const many = await nameServer(Array.from({ length: 60 }, (_, n) => `text ${n}`));
  expect(await askDns('many.example', 'TXT', { servers: many.servers })).toHaveLength(50);
  many.close();
  const long = await nameServer(['x'.repeat(20_000)]);
  await expect(askDns('long.example', 'TXT', { servers: long.servers })).rejects.toMatchObject({
    code: 'EBADRESP',
  });
  long.close();
});
