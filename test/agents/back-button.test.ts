// A computer that several people use: what was open is gone with the session, also for the back button.
import type { Browser } from 'playwright-core';
import { openBrowser, openWindow } from '../support/browser';
import { type House, openHouse } from '../support/serving';

let house: House;
let browser: Browser;

beforeAll(async () => {
  house = await openHouse();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await house.remove();
});

test.each([[true], [false]])(
  'after signing out, going back leads to the door; with script: %s',
  async (script) => {
    const { page, close } = await openWindow(browser, house.url, { javaScriptEnabled: script });
    const [[name, value] = ['', '']] = house.signIn(house.agent(script ? 'Ana' : 'Ben'));
    await page.context().addCookies([{ name, value, url: house.url }]);
    await page.goto('/settings/profile');
    await page.goto('/tickets');
    await page.goto('/settings/profile');
    await page.click('form[action$="/sign-out-everywhere"] button');
    await page.waitForURL('**/sign-in');

    for (let step = 0; step < 3; step++) {
      await page.goBack().catch(() => undefined);
      expect(await page.textContent('body')).not.toContain('teapot.example');
      expect(page.url()).toContain('/sign-in');
    }
    await close();
  },
);
