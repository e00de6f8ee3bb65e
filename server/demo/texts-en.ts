// English customers of the demo.
import type { DemoTexts } from './texts';

export const english: DemoTexts = {
  greetings: ['Hello,', 'Hi there,', 'Good morning,', 'Dear team,', 'Hi,'],
  closings: ['Kind regards', 'Best wishes', 'Thanks in advance', 'Many thanks', 'Regards'],
  agentGreetings: ['Hello {name},', 'Dear {name},', 'Hi {name},'],
  agentClosings: ['Kind regards', 'Have a good day', 'All the best'],
  items: ['kettle', 'teapot', 'tea tray', 'infuser', 'milk jug', 'set of cups', 'travel mug', 'tea cosy'],
  days: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'],
  firstNames: ['Alice', 'Benjamin', 'Charlotte', 'Daniel', 'Eleanor', 'Frederick', 'Grace', 'Henry', 'Isla', 'Jack', 'Katherine', 'Liam', 'Martha', 'Noah', 'Olivia', 'Patrick', 'Rose', 'Samuel', 'Tessa', 'William'],
  lastNames: ['Adams', 'Barker', 'Carver', 'Dawson', 'Ellis', 'Fletcher', 'Gibson', 'Harper', 'Irving', 'Jarvis', 'Kendall', 'Lawson', 'Mercer', 'Norris', 'Osborne', 'Parsons', 'Quinn', 'Reeves', 'Sutton', 'Thorne'],
  topics: [
    {
      tag: 'returns',
      subjects: ['Broken {item}, order {number}', 'The {item} arrived damaged', 'Second {item} with the same fault'],
      asks: [
        'the {item} from order {number} stopped working after a week. I would rather have my money back than a third one.',
        'my {item} arrived on {day} with a crack along the side. I have added a picture so that you can see it.',
        'this is the second {item} that leaks. Could you tell me how to send it back and who pays for the parcel?',
      ],
      answers: [
        'that should not have happened. Please keep the {item}; a new one left our warehouse today and reaches you by {day}.',
        'I am sorry about the trouble. Your refund of {amount} euros is on its way and will be in your account within three days.',
        'thank you for the picture. You will find a return label in the attachment; the parcel costs you nothing.',
      ],
      thanks: ['Thank you, that was quick. The parcel went off this morning.', 'The money has arrived, thank you very much.', 'Perfect, I will keep the old one for the tea garden.'],
      note: 'Same batch as last month. Refund at once, ask them to keep the lid for the supplier.',
    },
    {
      tag: 'invoice',
      subjects: ['Invoice {number} is missing', 'Wrong address on invoice {number}', 'Question about the invoice for order {number}'],
      asks: [
        'we have not received the invoice for order {number}. Our bookkeeper closes the month on {day}, could you send it again?',
        'invoice {number} still shows our old address. We moved in spring and need a corrected invoice for the accounts.',
        'there are {amount} euros on the invoice that I cannot place. Is this the delivery charge?',
      ],
      answers: [
        'here is the invoice once more as a PDF. I have also noted that you would like to get invoices by e-mail from now on.',
        'we have credited invoice {number} and written a new one with the right address. You find both attached.',
        'you are right, the delivery was charged twice. We have sent {amount} euros back to your card.',
      ],
      thanks: ['Got it, thank you. The bookkeeper is happy again.', 'Thank you, now the figures agree.', 'That was it. All is paid.'],
    },
    {
      tag: 'delivery',
      subjects: ['Where is order {number}?', 'Delivery on {day}', 'Change of the delivery address'],
      asks: [
        'the tracking page has not moved since {day}. Do you know where my {item} is?',
        'could you deliver on {day} instead? Nobody will be at home before that.',
        'we have just moved. Please send order {number} to the new address, it is in my signature.',
      ],
      answers: [
        'the parcel was held back at the sorting centre. The carrier promises delivery by {day}.',
        'done: the driver comes on {day} between nine and twelve and rings before.',
        'I have changed the address before the parcel left, so it goes straight to your new home.',
      ],
      thanks: ['It came today, well packed. Thank you.', 'Wonderful, {day} it is.', 'Thank you for catching it in time.'],
    },
    {
      tag: 'question',
      subjects: ['Does the {item} work with induction?', 'Gift wrapping for the {item}', 'Opening hours around the holidays'],
      asks: [
        'before I order: does the {item} work on an induction hob, and may it go into the dishwasher?',
        'can you wrap the {item} as a gift and put a card inside? It is for my mother, her birthday is on {day}.',
        'are you open on {day}? I would like to collect order {number} myself.',
      ],
      answers: [
        'yes, it works on every hob, but please wash it by hand; the glaze does not like salt.',
        'of course. Write the words for the card in your answer and we put it in by hand, at no charge.',
        'we are open from ten to four on {day}. Your order waits at the counter under your name.',
      ],
      thanks: ['Great, I have ordered it.', 'You are very kind. The card should say: with love from all of us.', 'Thank you, see you then.'],
    },
  ],
};
