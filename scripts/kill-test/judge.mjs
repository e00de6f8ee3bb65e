// What has to be true after all the killing; reads the database, changes nothing.

/** `words` are the unique words of everything that was acknowledged; `received` are the raw mails that went out. */
export function judge({ ask, words, facts, received }) {
  return ask((db) => {
    const all = db
      .prepare(
        "SELECT words, ticket_id, sequence FROM messages WHERE kind = 'reply' ORDER BY ticket_id, sequence",
      )
      .all();
    const times = (word) => all.filter((message) => message.words.includes(word)).length;
    const wrong = [];
    for (const word of words.mails) if (times(word) !== 1) wrong.push(`a mail stands ${times(word)} times`);
    for (const word of words.replies)
      if (times(word) !== 1) wrong.push(`a reply stands ${times(word)} times`);
    for (const { word } of words.chats)
      if (times(word) !== 1) wrong.push(`a chat message stands ${times(word)} times`);
    for (const who of [0, 1]) {
      const said = words.chats
        .filter((chat) => chat.who === who)
        .map((chat) => all.findIndex((message) => message.words.includes(chat.word)));
      if (said.some((place, i) => i > 0 && place < said[i - 1])) wrong.push(`chat ${who} is out of order`);
    }
    const states = db
      .prepare(
        'SELECT outbox.state, messages.words FROM outbox JOIN messages ON messages.id = outbox.message_id',
      )
      .all();
    const outcome = { sent: 0, uncertain: 0, 'uncertain, had arrived': 0 };
    for (const { state, words: text } of states) {
      const arrived = received.filter((mail) =>
        mail.includes(/reply[0-9a-f]{32}/.exec(text)?.[0] ?? 'none'),
      ).length;
      if (arrived > 1) wrong.push(`a reply went out ${arrived} times`);
      if (state === 'sent' && arrived !== 1)
        wrong.push(`a reply that is called sent arrived ${arrived} times`);
      if (state !== 'sent' && state !== 'uncertain') wrong.push(`a reply is left as ${state}`);
      if (state === 'sent') outcome.sent += 1;
      if (state === 'uncertain') outcome[arrived ? 'uncertain, had arrived' : 'uncertain'] += 1;
    }
    const loud = db.prepare('SELECT coalesce(sum(undelivered), 0) FROM tickets').pluck().get();
    if (loud !== outcome.uncertain + outcome['uncertain, had arrived'])
      wrong.push(`${loud} uncertain replies are shown on tickets`);
    const integrity = db.pragma('integrity_check', { simple: true });
    if (integrity !== 'ok') wrong.push(`the database says ${integrity}`);
    return { ...facts, outcome, wrong };
  });
}
