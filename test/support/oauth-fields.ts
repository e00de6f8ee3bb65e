// The form of a mailbox that signs in without a password, as its page sends it when everything is right.

export const OAUTH_FIELDS: Record<string, string> = {
  provider: 'microsoft',
  address: 'support@firm.test',
  senderName: 'Teapot',
  user: '',
  imapFolder: '',
  firstFetch: 'now',
  firstFetchDays: '30',
  reopenClosed: 'days',
  reopenDays: '30',
  undoSeconds: '0',
};
