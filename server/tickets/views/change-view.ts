// An agent makes, changes or removes a saved view.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { record } from '../../events';
import type { Definition } from './definition';
import { findEdition, findEditionViews } from './editions';
import { fillStep } from './fill';
import {
  countSavedViews,
  deleteSavedView,
  findSavedView,
  insertSavedView,
  type SavedViewRow,
  updateSavedView,
} from './saved-view';
import { beginEdition, fillLater } from './settle';

/** Each view is looked at whenever a ticket changes. */
const MOST_SHARED = 50;
const MOST_OWN = 20;
/** So many tickets are looked through before the form is answered; more in the background. */
const AT_ONCE = 2_000;

export interface ViewInput {
  name: string;
  isShared: boolean;
  definition: Definition;
}

export type ViewOutcome = { id: number } | { refused: 'too-many' | 'gone' };

export function createView(app: App, actor: Agent, { name, isShared, definition }: ViewInput): ViewOutcome {
  const agentId = isShared ? null : actor.id;
  if (isFull(app, agentId)) return { refused: 'too-many' };
  const edition = beginEdition(app);
  const text = JSON.stringify(definition);
  const id = insertSavedView(app.db, name, agentId, text, edition, actor.id, app.clock.now());
  fillNow(app, edition);
  record(app, 'view.created', actor, { id });
  tell(app, agentId);
  return { id };
}

/** Other conditions, another order or other eyes begin a new edition; a new name does not. */
export function changeView(app: App, actor: Agent, id: number, input: ViewInput): ViewOutcome {
  const before = findSavedView(app.db, id);
  if (!before) return { refused: 'gone' };
  const agentId = input.isShared ? null : (before.agent_id ?? actor.id);
  if (agentId !== before.agent_id && isFull(app, agentId)) return { refused: 'too-many' };
  const text = JSON.stringify(input.definition);
  const isSame = text === before.definition && agentId === before.agent_id;
  const edition = isSame ? before.edition_id : beginEdition(app);
  updateSavedView(app.db, input.name, agentId, text, edition, id);
  fillNow(app, edition);
  record(app, 'view.changed', actor, { id });
  tell(app, before.agent_id);
  tell(app, agentId);
  return { id };
}

export function removeView(app: App, actor: Agent, view: Pick<SavedViewRow, 'id' | 'agent_id'>): void {
  if (deleteSavedView(app.db, view.id) === 0) return;
  fillLater(app);
  record(app, 'view.removed', actor, view);
  tell(app, view.agent_id);
}

const isFull = (app: App, agentId: number | null) =>
  (countSavedViews(app.db, agentId) ?? 0) >= (agentId === null ? MOST_SHARED : MOST_OWN);

/** A small desk sees at once what the view holds. */
function fillNow(app: App, edition: number): void {
  const row = findEdition(app.db, edition);
  const view = findEditionViews(app.db).find(({ edition_id }) => edition_id === edition);
  if (!row || !view || row.to_fill > AT_ONCE) return;
  let left = row.left_to_fill;
  while (left > 0) left = fillStep(app, { ...view, left_to_fill: left });
}

/** Beside every open list of those who see it. */
const tell = (app: App, agentId: number | null): void =>
  app.db.afterCommit(() =>
    app.hub.signal(agentId === null ? 'agents' : `agent:${agentId}`, 'list:changed', {}),
  );
