// What admins can ask about the firm.
import type { App } from '../app';
import type { Actor } from '../events';
import { can } from '../roles';
import { createRouter, page, readForm, say } from '../web';
import { changeFirm } from './change-firm';
import { firmForm } from './forms';
import { firmPage } from './present';

const FIRM = '/settings/firm';

export function settingsRoutes(app: App) {
  const router = createRouter();

  router.get(FIRM, can('settings.change'), (req, res) =>
    page(res, 'settings/firm', firmPage(app, req.context.reader)),
  );

  router.post(FIRM, can('settings.change'), async (req, res) => {
    const { reader } = req.context;
    const form = readForm(firmForm, req);
    if (!form.ok) return page(res, 'settings/firm', firmPage(app, reader, form), 422);
    await app.write(() => changeFirm(app, req.context.actor as Actor, form.value));
    say(res, { kind: 'good', text: reader.t('settings.saved') });
    res.redirect(303, FIRM);
  });

  return router;
}
