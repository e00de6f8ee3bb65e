// What is asked of the server while it is measured: each a list of requests, and the status that counts as an answer.
import { randomBytes } from 'node:crypto';

const sameOrigin = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };

/** A word that stands in so many tickets and nowhere else. */
export const FINDABLE = { word: 'zqfindable', hits: 200 };

/** What agents ask, from the common to the rare. */
const OPERATORS = [
  'invoice status:open',
  'invoice -status:solved assignee:me',
  '"your order" has:attachment',
  'channel:chat after:2026',
  'from:anna before:today',
  '-invoice -delivery',
];

export function reading(tickets, cookie) {
  const page = (path) => ({
    ask: (i) => ({ path: path(i), method: 'GET', headers: { cookie } }),
    expect: 200,
  });
  const recent = Math.min(500, tickets);
  return {
    list: page(() => '/tickets'),
    ticket: page((i) => `/tickets/${1000 + tickets - (i % recent)}`),
    'ticket, any': page((i) => `/tickets/${1001 + ((i * 7919) % tickets)}`),
    'search, a common word': page(() => '/search?q=invoice'),
    'search, 200 hits': page(() => `/search?q=${FINDABLE.word}`),
    'search, two words': page(() => '/search?q=invoice+delivery'),
    'search, operators': page((i) => `/search?q=${encodeURIComponent(OPERATORS[i % OPERATORS.length])}`),
  };
}

/** `open` are numbers of tickets that can be replied to. */
export function writing(cookie, open = []) {
  const form = (path, body, expect = 303) => ({
    ask: (i) => ({
      path: path(i),
      method: 'POST',
      headers: { cookie, ...sameOrigin },
      body: new URLSearchParams(body(i)).toString(),
    }),
    expect,
  });
  const words = 'Thank you for your order. The parcel leaves our house today and reaches you by Friday.';
  const clientId = () => randomBytes(16).toString('hex');
  return {
    'new ticket': form(
      () => '/tickets',
      (i) => ({
        clientId: clientId(),
        name: 'Bench Customer',
        email: `bench.${i % 500}@mail.example`,
        subject: `Order ${i}`,
        words,
      }),
    ),
    reply: form(
      (i) => `/tickets/${open[i % open.length]}/replies`,
      () => ({ clientId: clientId(), seenSequence: '1000000', words, thenStatus: 'open' }),
    ),
  };
}
