/** What the demo organisations are called, who works there, and what they complain about. */
export const ORGANISATIONS = [
  { name: 'Northwind Logistics', domain: 'northwind.example' },
  { name: 'Harbour Clinic', domain: 'harbour-clinic.example' },
  { name: 'Lumen Energy', domain: 'lumen.example' },
  { name: 'Oakfield Schools', domain: 'oakfield.example' },
] as const

/** Eight for each organisation: an admin, two agents, five customers. */
export const PEOPLE = [
  'Ada Marsh',
  'Ben Okafor',
  'Clara Lindqvist',
  'Dev Patel',
  'Elena Rossi',
  'Farid Nasser',
  'Grace Chen',
  'Hugo Martin',
  'Ines Pereira',
  'Jonas Weber',
  'Kavya Rao',
  'Liam Doyle',
  'Mona Haddad',
  'Nils Berg',
  'Olga Novak',
  'Pedro Alves',
  'Quinn Harper',
  'Rosa Jimenez',
  'Samir Aziz',
  'Tara Singh',
  'Umar Diallo',
  'Vera Kovacs',
  'Wendy Park',
  'Xavier Dupont',
  'Yara Costa',
  'Zane Miller',
  'Anouk Bakker',
  'Bilal Yilmaz',
  'Chiara Greco',
  'Daniel Cohen',
  'Emma Larsen',
  'Felix Braun',
] as const

export const REQUESTS = [
  [
    'VPN drops every few minutes',
    'Since the update on Monday the VPN disconnects about every five minutes. Reconnecting works, but calls break off.',
  ],
  [
    'Cannot log in after password change',
    'I changed my password as asked and now the portal says that my account is locked.',
  ],
  [
    'Invoice shows the wrong address',
    'Our invoices still carry the old street. The address was changed in the profile two weeks ago.',
  ],
  [
    'New laptop for a colleague',
    'Somebody joins our team on the first of the month and needs a laptop with a German keyboard.',
  ],
  [
    'Export of reports times out',
    'Exporting the quarterly report ends with a time-out after about a minute. Smaller ranges work.',
  ],
  [
    'Printer on the second floor is offline',
    'The printer next to the kitchen shows a paper jam, but there is no paper in it.',
  ],
  [
    'Access to the shared calendar',
    'Please give me write access to the calendar of the planning team. My manager agreed.',
  ],
  [
    'Mails to customers land in spam',
    'Two customers told us that our confirmations arrive in their spam folder since last week.',
  ],
  [
    'Dashboard shows data of yesterday',
    'The numbers on the start page have not moved since yesterday evening, while the details are current.',
  ],
  [
    'Two-factor code is not accepted',
    'The code from my phone is refused. The clock of the phone is set automatically.',
  ],
  [
    'Slow search in the archive',
    'Searching for an order number takes more than twenty seconds. It used to be instant.',
  ],
  ['Delete an account of a former colleague', 'Please close the account and hand the open documents over to me.'],
  ['Phone forwards to the wrong number', 'Calls to the front desk are forwarded to a number that we do not know.'],
  ['Question about the licence', 'How many people may use the drawing program at the same time with our licence?'],
  ['Attachments cannot be opened', 'PDF files that are attached to orders open as an empty page in the browser.'],
  ['Meeting room screen stays black', 'The screen in the large room does not find the laptop, with either cable.'],
] as const

export const AGENT_ANSWERS = [
  'Thank you for telling us. I am looking into it and will come back to you today.',
  'Could you send a screenshot, and the time when it happened last?',
  'This should be solved now. Please try again and tell us if it is not.',
  'We could reproduce it here. A fix is planned for the maintenance on Thursday evening.',
  'I have made the change. It can take up to an hour until it is seen everywhere.',
] as const

export const CUSTOMER_ANSWERS = [
  'Thank you, that works again.',
  'It happened once more this morning, shortly after nine.',
  'I have attached what you asked for to the mail I sent to the desk.',
  'No change so far, I am afraid.',
  'Is there any news? Some of us are waiting for it.',
] as const

export const INTERNAL_NOTES = [
  'Same cause as the ticket from last week; see the entry in the log of the gateway.',
  'Waiting for the supplier. Their reference is in the contract folder.',
  'Customer is under the premium contract: answer within four hours.',
] as const
