// The two ways in which IMAP servers take a token, each on a server that knows no other.
import { openMailHouse, openOAuthDesk } from '../../support/oauth-desk';

const ADDRESS = 'support@firm.test';

test.each(['xoauth2', 'oauthbearer'] as const)('a mailbox opens with %s', async (mechanism) => {
  const house = await openMailHouse(mechanism);
  house.authority.accounts.set(ADDRESS, ADDRESS);
  const desk = await openOAuthDesk(house);
  await desk.enterApplication();
  const mailbox = await desk.addMailbox(ADDRESS);
  await desk.signIn(mailbox, ADDRESS);

  const { html } = await desk.olga.post(`/settings/mailboxes/${mailbox.id}/oauth/test`);

  expect(html).toContain('Both ways work.');
  await desk.close();
  await house.close();
});
