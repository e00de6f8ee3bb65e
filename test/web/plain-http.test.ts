// Over plain HTTP in a local network browsers do not say from which site a form comes, but by its Origin.
import type { Browser } from 'playwright-core';
import { givePassword, PASSWORD } from '../agents/people';
import { openBrowser, openWindow } from '../support/browser';
import { type House, openHouse } from '../support/serving';

/** A name of this machine that browsers take for another one: only `localhost` and 127.0.0.1 count as safe. */
const OFFICE = 'office.test';

let house: House;
let browser: Browser;

beforeAll(async () => {
  house = await openHouse();
  await givePassword(house.serving, house.owner);
  browser = await openBrowser([`--host-resolver-rules=MAP ${OFFICE} 127.0.0.1`]);
});
afterAll(async () => {
  await browser.close();
  await house.remove();
});

test.each([[true], [false]])(
  'Olga signs in from another machine, and out; with script: %s',
  async (script) => {
    const url = house.url.replace('127.0.0.1', OFFICE);
    const { page, close, troubles } = await openWindow(browser, url, { javaScriptEnabled: script });
    await page.goto('/sign-in');
    await page.fill('[name=email]', house.owner.email);
    await page.fill('[name=password]', PASSWORD);
    await page.press('[name=password]', 'Enter');
    await page.waitForURL('**/tickets');
    expect(await page.isVisible('text=This connection is not encrypted')).toBe(true);

    await page.goto('/settings/profile');
    await page.fill('[name=signature]', 'Olga at the office');
    await page.press('[name=name]', 'Enter');
    await page.waitForSelector('[name=signature]:text("Olga at the office")', { state: 'attached' });
    await page.click('form[action$="/sign-out-everywhere"] button');
    await page.waitForURL('**/sign-in');
    // Browsers take these headers on safe connections only, and say so.
    const ofConnection = /^(The Cross-Origin-Opener-Policy|Clear-Site-Data) header/;
    expect(troubles.filter((trouble) => !ofConnection.test(trouble))).toEqual([]);
    await close();
  },
);
