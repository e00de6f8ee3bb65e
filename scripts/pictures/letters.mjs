// What arrives while the pictures are taken: a few mails of today.

const boundary = 'a-picture-of-a-kettle';

const mail = ({ from, subject, id, answers, type = 'text/plain; charset=utf-8', body }) =>
  [
    `From: ${from}`,
    'To: Teapot <support@teapot.example>',
    `Subject: ${subject}`,
    `Message-ID: <${id}@mail.example>`,
    ...(answers ? [`In-Reply-To: <${answers}@mail.example>`] : []),
    `Date: ${new Date().toUTCString()}`,
    'MIME-Version: 1.0',
    `Content-Type: ${type}`,
    '',
    body,
    '',
  ].join('\r\n');

const CARLA = 'Carla Jansone <carla.jansone@mail.example>';

/** `picture` is a PNG. */
export const carlaAsks = (picture) =>
  mail({
    from: CARLA,
    subject: 'Broken kettle, second time',
    id: 'kettle-1',
    type: `multipart/mixed; boundary="${boundary}"`,
    body: [
      `--${boundary}`,
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Hello,',
      '',
      'the kettle you sent me last month stopped heating again. It is the second one. I would rather have my money back this time.',
      '',
      'Carla',
      `--${boundary}`,
      'Content-Type: image/png; name="kettle.png"',
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment; filename="kettle.png"',
      '',
      picture
        .toString('base64')
        .match(/.{1,76}/g)
        .join('\r\n'),
      `--${boundary}--`,
    ].join('\r\n'),
  });

export const carlaAnswers = mail({
  from: CARLA,
  subject: 'Re: Broken kettle, second time',
  id: 'kettle-2',
  answers: 'kettle-1',
  body: 'Thank you, Jānis. The picture shows the lid, it has a crack on the left. Friday after two is fine.',
});

export const others = [
  mail({
    from: 'Per Olav =?utf-8?Q?H=C3=A5konsen?= <per.olav@mail.example>',
    subject: 'Faktura 20417 mangler KID',
    id: 'faktura-1',
    body: 'Hei,\r\n\r\njeg får ikke betalt uten KID-nummer. Kan dere sende den på nytt?\r\n\r\nPer Olav',
  }),
  mail({
    from: 'Nordlys =?utf-8?Q?Kaf=C3=A9?= AS <post@nordlys.example>',
    subject: 'Monthly order, delivery on Thursdays',
    id: 'nordlys-1',
    body: 'Hi,\r\n\r\ncould we move the delivery from Tuesday to Thursday from next month on?\r\n\r\nNordlys Kafé',
  }),
  mail({
    from: 'Ilze =?utf-8?Q?B=C4=93rzi=C5=86a?= <ilze@mail.example>',
    subject: '=?utf-8?Q?Par_pas=C5=ABt=C4=ABjuma_atcel=C5=A1anu?=',
    id: 'ilze-1',
    body: 'Labdien!\r\n\r\nVai var atcelt pasūtījumu, ja tas vēl nav izsūtīts?\r\n\r\nIlze',
  }),
];
