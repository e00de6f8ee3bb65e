// What somebody is told about a ticket while they look at it is read at that moment.
import { tellServer } from './live';
import { whenSeen } from './when-seen';

export function readWhatIsSeen(): void {
  const tell = whenSeen(() => {
    const number = Number(
      document.querySelector<HTMLElement>('[data-ticket-number-value]')?.dataset['ticketNumberValue'],
    );
    if (number > 0) tellServer('notices:seen', { number });
  });
  document.addEventListener('notices:changed', tell);
}
