// A desk whose mails leave: a mailbox with a server that takes or refuses them, a customer's ticket, and whoever looks at the pages.
import { SECOND } from '../../server/lib/clock';
import { Sender } from '../../server/mail/sender';
import type { Ticket } from '../../server/tickets';
import { type Desk, openDesk } from './desk';
import { type Doors, openDoors, type Person } from './doors';
import { letter, receive } from './letters';
import { type Smtp, startSmtp } from './smtp';

export interface Sending {
  desk: Desk;
  doors: Doors;
  smtp: Smtp;
  sender: Sender;
  ticket: Ticket;
  ana: Person;
  /** After the time for undoing. */
  send(): Promise<void>;
  close(): Promise<void>;
}

export async function openSending(): Promise<Sending> {
  const smtp = await startSmtp();
  const desk = openDesk();
  const doors = await openDoors(desk);
  const support = desk.mailbox('support@teapot.example', { smtp: { port: smtp.port } });
  const { ticket } = receive(desk, letter(), support);
  const sender = new Sender(() => desk.app);
  return {
    desk,
    doors,
    smtp,
    sender,
    ticket,
    ana: doors.as(desk.ana),
    async send() {
      desk.clock.pass(10 * SECOND);
      await sender.sendDue();
    },
    async close() {
      await sender.stop();
      await doors.close();
      await desk.close();
      await smtp.stop();
    },
  };
}
