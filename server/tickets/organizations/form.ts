// The form of an organization.
import { z } from 'zod';
import { typedDomains } from '../../customers';
import { requiredLine, text } from '../../web';

export const organizationForm = z.strictObject({
  name: requiredLine(200),
  domains: text(20_000).transform((typed, context) => {
    const domains = typedDomains(typed);
    if (domains) return domains;
    context.addIssue({ code: 'custom', message: 'organizations.domains.wrong' });
    return z.NEVER;
  }),
  notes: text(10_000),
});
