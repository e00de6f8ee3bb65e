// The server cannot be asked, or does not know us any more: the page stays as it is, with everything that was typed, and says so.
import { noteServerTime } from './server-clock';

const show = (id: string, is: boolean) => {
  const notice = document.getElementById(id);
  if (notice) notice.hidden = !is;
};
export const tellCutOff = (is: boolean): void => show('offline', is);
export const tellSignedOut = (is: boolean): void => show('signed-out', is);

/** Forms with words that the server does not have yet. */
export const unsaved = new Set<Element>();

export const isSignIn = (response: Response): boolean =>
  response.redirected && new URL(response.url).pathname === '/sign-in';

interface SubmitEnd {
  success?: boolean;
  fetchResponse?: { response: Response };
}

/** Whether what was sent with a form was taken; being asked to sign in is not that. */
export function wasTaken(event: Event): boolean {
  const { success, fetchResponse } = (event as CustomEvent<SubmitEnd>).detail;
  return success === true && !(fetchResponse && isSignIn(fetchResponse.response));
}

/** Turbo would leave for the browser's own error page or for the sign-in, and what was typed would be gone. */
export function stayWhenCutOff(): void {
  document.addEventListener('turbo:fetch-request-error', (event) => {
    tellCutOff(true);
    if (!isFrame(event.target)) event.preventDefault();
    showAddressAgain();
  });
  document.addEventListener('turbo:before-fetch-response', (event) => {
    const { fetchResponse } = (event as CustomEvent<{ fetchResponse: { response: Response } }>).detail;
    noteServerTime(fetchResponse.response);
    const isPost = event.target instanceof HTMLFormElement && event.target.method === 'post';
    if (isPost) show('refused', false);
    // A page that knows better what it means has said so.
    if (event.defaultPrevented) return;
    if (isPost && isRefusal(fetchResponse.response)) {
      event.preventDefault();
      void tellRefused(fetchResponse.response.clone());
      return;
    }
    if (!isSignIn(fetchResponse.response) || !document.querySelector('.desk')) return;
    if (!isPost && unsaved.size === 0) return;
    event.preventDefault();
    tellSignedOut(true);
    showAddressAgain();
  });
  document.addEventListener('turbo:load', () => {
    shown = location.href;
  });
}

/** An error page, and not the same page with what is wrong in it (409, 422): no reason to lose the one with the words. */
const isRefusal = ({ status }: Response) => status >= 400 && status !== 409 && status !== 422;

/** What the error page would have said, above the page that stays. */
async function tellRefused(response: Response): Promise<void> {
  const said = new DOMParser().parseFromString(await response.text(), 'text/html');
  const parts = said.querySelectorAll('.problem h1, .problem h1 + p');
  const words = document.querySelector('#refused span');
  if (!words || parts.length === 0) return;
  words.textContent = [...parts].map((part) => part.textContent).join(': ');
  show('refused', true);
}

const isFrame = (target: EventTarget | null) => target instanceof Element && target.matches('turbo-frame');

let shown = location.href;

/** "Back" has changed the address before the page was asked for. */
function showAddressAgain(): void {
  if (location.href !== shown) history.replaceState(history.state, '', shown);
}
