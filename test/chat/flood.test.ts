// Floods against a real server (AC-54): each has an end, and who is no part of it does not notice.
import { randomToken } from '../../server/lib/ids';
import { useChatLines } from '../support/chat-lines';

const desk = useChatLines();
const MORE_THAN_A_MINUTE_HOLDS = 700;
const MOST_TRIES = 5_000;
const AT_A_TIME = 50;

const BETWEEN_PACKETS = '\x1e';

test('C9, AC-54: who knocks without end over one connection is told to wait, and is looked up no more', async () => {
  const headers = { origin: desk.house.url };
  const ask = (query: string, body?: string) =>
    fetch(`${desk.house.url}/socket.io/?EIO=4&transport=polling${query}`, {
      headers,
      ...(body === undefined ? {} : { method: 'POST', body }),
    }).then((answer) => answer.text());
  const { sid } = JSON.parse((await ask('')).slice(1)) as { sid: string };
  const knock = `40/visitor,${JSON.stringify({ site: desk.site.public_id, token: randomToken() })}`;
  const answers: string[] = [];
  for (let i = 0; i < MORE_THAN_A_MINUTE_HOLDS; i += 100) {
    await ask(`&sid=${sid}`, Array.from({ length: 100 }, () => knock).join(BETWEEN_PACKETS));
    answers.push(...(await ask(`&sid=${sid}`)).split(BETWEEN_PACKETS));
  }

  expect(answers.filter((answer) => answer.includes('not-allowed')).length).toBeLessThan(
    MORE_THAN_A_MINUTE_HOLDS,
  );
  expect(answers.at(-1)).toBe('44/visitor,{"message":"too-many"}');
});

test('AC-54: opening connections without end is refused before anything is read', async () => {
  const knock = async () => {
    const headers = { origin: desk.house.url };
    const answer = await fetch(`${desk.house.url}/socket.io/?EIO=4&transport=polling`, { headers });
    await answer.arrayBuffer();
    return answer.status;
  };
  // Many at a time, so that a busy machine knocks faster than it is forgiven as well.
  const answers: number[] = [];
  for (let i = 0; i < MOST_TRIES && !answers.includes(403); i += AT_A_TIME)
    answers.push(...(await Promise.all(Array.from({ length: AT_A_TIME }, knock))));

  expect(answers[0]).toBe(200);
  expect(answers).toContain(403);
});
