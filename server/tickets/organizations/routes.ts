// What a browser can ask of organizations: the list, and one with its customers and their tickets.
import type { Request } from 'express';
import type { App } from '../../app';
import {
  findOrganizationByPublicId,
  type OrganizationOutcome,
  type OrganizationRow,
  removeOrganization,
  saveOrganization,
} from '../../customers';
import { NotFound } from '../../lib/errors';
import { can } from '../../roles';
import { createRouter, page, readForm, say } from '../../web';
import { agentOfRequest } from '../request';
import { organizationForm } from './form';
import {
  errorsIn,
  LIST,
  newOrganizationPage,
  organizationPage,
  organizationRemovalPage,
  organizationsPage,
  type Returned,
} from './present';
import { takeIn } from './take-in';

export function organizationRoutes(app: App) {
  const router = createRouter();

  router.get('/organizations', can('customers.read'), (req, res) => {
    const asked = {
      q: String(req.query['q'] ?? '').slice(0, 200),
      after: String(req.query['after'] ?? '').slice(0, 64),
    };
    const { reader } = req.context;
    page(res, 'organizations/index', organizationsPage(app, agentOfRequest(req), reader, asked));
  });

  router.get('/organizations/new', can('customers.change'), (req, res) =>
    page(res, 'organizations/new', newOrganizationPage(req.context.reader)),
  );

  router.post('/organizations', can('customers.change'), async (req, res) => {
    const saved = await save(req, undefined);
    if ('publicId' in saved) return res.redirect(303, `${LIST}/${saved.publicId}`);
    page(res, 'organizations/new', newOrganizationPage(req.context.reader, saved), 422);
  });

  router.get('/organizations/:id', can('customers.read'), (req, res) => {
    const { before, after } = req.query;
    const asked = {
      before: Number(before) || undefined,
      after: String(after ?? '').slice(0, 64),
    };
    const model = organizationPage(app, agentOfRequest(req), req.context.reader, organizationFor(req), asked);
    page(res, 'organizations/show', model);
  });

  router.post('/organizations/:id', can('customers.change'), async (req, res) => {
    const organization = organizationFor(req);
    const saved = await save(req, organization);
    if (!('publicId' in saved)) {
      const { reader } = req.context;
      const model = organizationPage(app, agentOfRequest(req), reader, organization, {}, saved);
      return page(res, 'organizations/show', model, 422);
    }
    say(res, { kind: 'good', text: req.context.reader.t('organizations.saved') });
    res.redirect(303, `${LIST}/${saved.publicId}`);
  });

  router.post('/organizations/:id/members', can('customers.change'), async (req, res) => {
    const organization = organizationFor(req);
    const isDone = await takeIn(app, agentOfRequest(req), organization);
    say(res, {
      kind: 'good',
      text: req.context.reader.t(isDone ? 'organizations.taken' : 'organizations.taking'),
    });
    res.redirect(303, `${LIST}/${organization.public_id}`);
  });

  router.get('/organizations/:id/removal', can('customers.change'), (req, res) =>
    page(
      res,
      'organizations/removal',
      organizationRemovalPage(app, req.context.reader, organizationFor(req)),
    ),
  );

  router.post('/organizations/:id/removal', can('customers.change'), async (req, res) => {
    const organization = organizationFor(req);
    await app.write(() => removeOrganization(app, agentOfRequest(req), organization));
    say(res, {
      kind: 'good',
      text: req.context.reader.t('organizations.removed', { name: organization.name }),
    });
    res.redirect(303, LIST);
  });

  async function save(
    req: Request,
    known: OrganizationRow | undefined,
  ): Promise<{ publicId: string } | Returned> {
    const { t } = req.context.reader;
    const form = readForm(organizationForm, req);
    if (!form.ok) return { values: form.values, errors: errorsIn(t, form.errors) };
    const outcome: OrganizationOutcome = await app.write(() =>
      saveOrganization(app, agentOfRequest(req), known, form.value),
    );
    if ('publicId' in outcome) return outcome;
    if ('taken' in outcome) return { values: form.values, errors: { name: t('organizations.name.taken') } };
    const { key, domain, organization = '' } = outcome;
    return { values: form.values, errors: { domains: t(key, { domain, organization }) } };
  }

  function organizationFor(req: Request): OrganizationRow {
    const organization = findOrganizationByPublicId(app.db, String(req.params['id']));
    if (!organization) throw NotFound('There is no such organization.');
    return organization;
  }

  return router;
}
