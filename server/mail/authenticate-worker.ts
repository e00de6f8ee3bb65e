// The worker thread that checks senders. It starts only where a mailbox is set to it. Bundled into the asset workers/authenticate.js.
import { answerWith } from '../jobs/in-thread';
import type { CheckTask, DnsAnswer, DnsQuestion } from './authenticate';
import { checkMail } from './check-sender';

answerWith(async ({ raw, dns }: CheckTask) => {
  const open = new Map<number, { resolve(answers: never): void; reject(error: Error): void }>();
  let last = 0;
  dns.on('message', (answer: DnsAnswer) => {
    const asked = open.get(answer.id);
    open.delete(answer.id);
    if ('answers' in answer) asked?.resolve(answer.answers as never);
    else asked?.reject(Object.assign(new Error(answer.code), { code: answer.code }));
  });
  const ask = (name: string, kind: string) =>
    new Promise<string[][]>((resolve, reject) => {
      last += 1;
      open.set(last, { resolve, reject });
      dns.postMessage({ id: last, name, kind } satisfies DnsQuestion);
    });
  try {
    return { answer: await checkMail(raw, ask), transfer: [] };
  } finally {
    dns.close();
  }
});
