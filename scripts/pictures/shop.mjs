// The website that carries the chat in a picture, and the kettle in a mail: both drawn here.
import { createServer } from 'node:http';

/** Carries whatever line it is given; returns its origin. */
export async function openShop() {
  let line = '';
  const server = createServer((_req, res) =>
    res.setHeader('Content-Type', 'text/html; charset=utf-8').end(page(line)),
  );
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    origin: `http://localhost:${server.address().port}`,
    carries(snippet) {
      line = snippet;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const goods = () => [
  ['Enamel kettle', '€ 39', kettle('#c2410c')],
  ['Stoneware pot', '€ 46', pot('#4d6b2f')],
  ['Blue mug', '€ 24', mug('#2f5f9e')],
  ['Set of cups', '€ 32', cups('#8a5a83')],
];

const page = (
  line,
) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Teapot</title><link rel="icon" href="data:,">
<style>
  body { margin: 0; font: 17px/1.6 system-ui, sans-serif; color: #2b211b; background: #fffdfa }
  header { display: flex; gap: 36px; align-items: center; padding: 22px 64px; border-bottom: 1px solid #eee3d8 }
  header b { font-size: 22px; letter-spacing: .02em; margin-inline-end: auto }
  main { max-width: 860px; padding: 64px }
  h1 { font-size: 46px; line-height: 1.15; margin: 0 0 12px }
  p { margin: 0 0 40px; color: #6b5a4e; max-width: 34em }
  ul { display: grid; grid-template-columns: repeat(2, 1fr); gap: 28px; padding: 0; list-style: none }
  li { border: 1px solid #eee3d8; border-radius: 16px; padding: 20px; background: #fff }
  li svg { width: 100%; height: 170px }
  li span { float: inline-end; color: #6b5a4e }
</style>
<header><b>Teapot</b><span>Kettles</span><span>Pots</span><span>Cups</span><span>About us</span></header>
<main><h1>Things to make tea with</h1><p>Made to be used every day, mended for as long as we live. We send them everywhere a boat goes.</p>
<ul>${goods()
  .map(([name, price, drawing]) => `<li>${drawing}<br><b>${name}</b><span>${price}</span></li>`)
  .join('')}</ul></main>${line}</html>`;

const drawing = (shapes) => `<svg viewBox="0 0 320 220" xmlns="http://www.w3.org/2000/svg">
  <ellipse cx="160" cy="196" rx="104" ry="10" fill="#0001"/>${shapes}</svg>`;

/** With a crack in its lid when it is the broken one. */
export const kettle = (colour, isBroken = false) =>
  drawing(`<path d="M100 74q60-56 120 0" fill="none" stroke="#3b2f28" stroke-width="10" stroke-linecap="round"/>
  <path d="M214 120q44-6 56-46" fill="none" stroke="${colour}" stroke-width="20" stroke-linecap="round"/>
  <path d="M84 186q-18-96 76-100q94 4 76 100q-76 14-152 0z" fill="${colour}"/>
  <ellipse cx="160" cy="88" rx="46" ry="11" fill="#3b2f28"/><circle cx="160" cy="74" r="8" fill="#3b2f28"/>
  ${isBroken ? '<path d="m128 84 10 6-6 5 9 6" fill="none" stroke="#fff" stroke-width="3"/>' : ''}`);

const pot = (colour) =>
  drawing(`<path d="M88 104h144q6 86-30 86h-84q-36 0-30-86z" fill="${colour}"/>
  <path d="M88 122q-34 2-32 22t36 14M232 122q34 2 32 22t-36 14" fill="none" stroke="${colour}" stroke-width="12"/>
  <path d="M82 104q78-44 156 0z" fill="#3b2f28"/><circle cx="160" cy="76" r="9" fill="#3b2f28"/>`);

const mug = (colour) =>
  drawing(`<path d="M104 70h104v104q0 16-16 16h-72q-16 0-16-16z" fill="${colour}"/>
  <path d="M208 96q50-4 46 34t-48 32" fill="none" stroke="${colour}" stroke-width="15"/>
  <ellipse cx="156" cy="70" rx="52" ry="9" fill="#3b2f28"/>`);

const cups = (colour) =>
  drawing(
    [70, 140, 210]
      .map(
        (x, n) => `<path d="M${x - 8} 122h66q0 68-33 68t-33-68z" fill="${colour}" opacity="${1 - n * 0.22}"/>
  <ellipse cx="${x + 25}" cy="122" rx="33" ry="7" fill="#3b2f28"/>`,
      )
      .join(''),
  );
