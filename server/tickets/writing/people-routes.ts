// Choosing to whom a mail goes: completion over customers, and the reply's two usual choices for browsers without script.
import type { App } from '../../app';
import { noteLook } from '../../customers';
import { isOwnAddress } from '../../mail';
import { can } from '../../roles';
import { acceptUploads, createRouter, fragment, readForm } from '../../web';
import { ticketFor } from '../access';
import { findCustomers } from '../find-customers';
import { recipientsForm } from '../forms';
import { writingPlace } from '../living';
import { findParticipants } from '../queries';
import { agentOfRequest } from '../request';
import { keepPageDraft } from './drafts';
import { newFilesOf } from './new-files';
import { everybodyOf, recipientsAmong } from './recipients';
import { showAgain } from './show-again';
import { asTyped } from './typed-recipients';

const MOST_OFFERED = 8;
/** Shorter ones are in half of all names. */
const SHORTEST_ASKED = 2;

export function peopleRoutes(app: App) {
  const router = createRouter();
  const uploads = acceptUploads(app.config.data);

  router.get('/recipients', can('tickets.reply'), (req, res) => {
    const q = String(req.query['q'] ?? '')
      .trim()
      .slice(0, 100);
    const found = q.length < SHORTEST_ASKED ? [] : offered(app, q);
    for (const { id } of found)
      noteLook(app, { agent: agentOfRequest(req).id, act: 'searched', customer: id });
    fragment(res, 'tickets/_people-options', {
      people: found.map(({ name, email }) => ({
        name,
        address: email,
        typed: asTyped([{ name, address: email }]),
      })),
    });
  });

  router.post('/tickets/:number/recipients', can('tickets.reply'), uploads, async (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = writingPlace(app, actor, ticketFor(app, actor, req.params['number']));
    const form = readForm(recipientsForm, req);
    const files = await newFilesOf(app, req);
    if (!form.ok) return showAgain(app, req, res, ticket, 'reply', form, files);
    const { audience, words, ...typed } = form.value;
    const people = findParticipants(app.db, ticket.id);
    const { to, cc } = audience === 'all' ? everybodyOf(app, ticket, people) : recipientsAmong(people);
    const chosen = audience === 'kept' ? {} : { to: asTyped(to), cc: audience === 'all' ? asTyped(cc) : '' };
    await app.write(() => keepPageDraft(app, actor, ticket, 'reply', words, { ...typed, ...chosen }, files));
    res.redirect(303, `/tickets/${ticket.number}?mode=reply#composer`);
  });

  return router;
}

/** Customers with an address, by the beginning of their names and addresses. */
function offered(app: App, q: string) {
  return findCustomers(app, { q, after: '' })
    .rows.flatMap(({ id, name, email }) =>
      email === null || isOwnAddress(app, email) ? [] : { id, name, email },
    )
    .slice(0, MOST_OFFERED);
}
