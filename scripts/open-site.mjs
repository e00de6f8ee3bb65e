// A website that carries the chat, added as an owner adds it.

/** `cookie` is the owner's session. Returns the id that the snippet carries. */
export async function openSite(origin, cookie) {
  const headers = { cookie, 'sec-fetch-site': 'same-origin' };
  const form = {
    name: 'Shop',
    origins: 'https://shop.example',
    colour: '#aa4400',
    language: 'en',
    greeting: '',
    privacyNotice: '',
    mailbox: '',
  };
  const answer = await fetch(`${origin}/settings/sites`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(form),
    redirect: 'manual',
  });
  if (answer.status !== 303) throw new Error(`the site could not be added: ${answer.status}`);
  const page = await (await fetch(new URL(answer.headers.get('location'), origin), { headers })).text();
  const id = /data-site=(?:"|&#34;|&quot;)([0-9a-f]+)/.exec(page)?.[1];
  if (!id) throw new Error('the page of the new site shows no snippet');
  return id;
}
