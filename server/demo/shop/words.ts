/** What the demo shop says. English is the shape; German must have all of it. */
const en = {
  tagline: 'Gear for weather',
  shop: 'Shop',
  orders: 'My orders',
  help: 'Help',
  signIn: 'Sign in',
  signOut: 'Sign out',
  skip: 'Skip to content',
  heroTitle: 'Made for the days that look like rain.',
  heroText: 'Tents, layers and small comforts from our workshop on the quay. Tested on the skerries, mended for life.',
  heroAction: 'See the range',
  range: 'The range',
  from: 'In stock, leaves the quay tomorrow',
  back: 'Back to the range',
  ask: 'Ask us about this',
  promises: [
    ['Mended for life', 'Send it back torn, get it back whole. We keep every pattern.'],
    ['30 days to change your mind', 'Unworn goes back free of charge, label in the box.'],
    ['People answer', 'Write to us in the corner of any page, any day. No queue music, no menu to press through.'],
  ],
  ordersTitle: 'My orders',
  ordersNone: 'You have no orders yet.',
  ordersSignIn: 'Sign in to see your orders.',
  placed: 'Placed on',
  promised: 'Promised for',
  total: 'Total',
  stages: {
    placed: 'Placed',
    paid: 'Paid',
    picked: 'Picked',
    packed: 'Packed',
    depot: 'At the depot',
    delivered: 'Delivered',
  },
  late: 'This is taking longer than we promised. Write to us and we will look.',
  orderAsk: 'Ask about this order',
  helpTitle: 'Help',
  helpLead: 'The short answers. For everything else there is the chat in the corner.',
  answers: [
    [
      'When does my order come?',
      'What is in stock leaves the quay the next working day. Germany takes two days, the rest of Europe three to five.',
    ],
    [
      'How do I send something back?',
      'Put it in its box, print the label from your order, and hand it in at any parcel shop within 30 days.',
    ],
    ['My zip is broken.', 'Tell us which piece and send a picture. Most repairs are free and take about two weeks.'],
  ],
  signInTitle: 'Sign in',
  signInText: 'This is a demonstration. Choose who you want to be; there is no password.',
  signInAs: 'Continue as',
  footer: 'A demonstration shop. Its goods, people and orders are invented, and nothing is for sale.',
  notFound: 'We could not find that page.',
  language: 'Deutsch',
};
export type Words = typeof en;

const de: Words = {
  tagline: 'Ausrüstung für Wetter',
  shop: 'Laden',
  orders: 'Meine Bestellungen',
  help: 'Hilfe',
  signIn: 'Anmelden',
  signOut: 'Abmelden',
  skip: 'Zum Inhalt',
  heroTitle: 'Für die Tage, die nach Regen aussehen.',
  heroText:
    'Zelte, Jacken und kleine Annehmlichkeiten aus unserer Werkstatt am Kai. Auf den Schären erprobt, ein Leben lang geflickt.',
  heroAction: 'Zum Sortiment',
  range: 'Das Sortiment',
  from: 'Vorrätig, verlässt morgen den Kai',
  back: 'Zurück zum Sortiment',
  ask: 'Fragen Sie uns dazu',
  promises: [
    ['Ein Leben lang geflickt', 'Zerrissen hin, heil zurück. Wir heben jeden Schnitt auf.'],
    ['30 Tage Bedenkzeit', 'Ungetragenes geht kostenlos zurück, das Etikett liegt bei.'],
    ['Menschen antworten', 'Schreiben Sie uns in der Ecke jeder Seite, jeden Tag. Keine Warteschleife, kein Menü.'],
  ],
  ordersTitle: 'Meine Bestellungen',
  ordersNone: 'Sie haben noch nichts bestellt.',
  ordersSignIn: 'Melden Sie sich an, um Ihre Bestellungen zu sehen.',
  placed: 'Bestellt am',
  promised: 'Zugesagt für',
  total: 'Summe',
  stages: {
    placed: 'Bestellt',
    paid: 'Bezahlt',
    picked: 'Gegriffen',
    packed: 'Gepackt',
    depot: 'Im Depot',
    delivered: 'Zugestellt',
  },
  late: 'Das dauert länger, als wir zugesagt haben. Schreiben Sie uns, wir sehen nach.',
  orderAsk: 'Frage zu dieser Bestellung',
  helpTitle: 'Hilfe',
  helpLead: 'Die kurzen Antworten. Für alles andere gibt es den Chat in der Ecke.',
  answers: [
    [
      'Wann kommt meine Bestellung?',
      'Vorrätiges verlässt den Kai am nächsten Werktag. In Deutschland dauert es zwei Tage, im übrigen Europa drei bis fünf.',
    ],
    [
      'Wie schicke ich etwas zurück?',
      'In den Karton legen, das Etikett aus der Bestellung drucken und innerhalb von 30 Tagen in einem Paketshop abgeben.',
    ],
    [
      'Mein Reißverschluss ist kaputt.',
      'Sagen Sie uns, welches Stück, und schicken Sie ein Bild. Die meisten Reparaturen sind kostenlos und dauern zwei Wochen.',
    ],
  ],
  signInTitle: 'Anmelden',
  signInText: 'Das ist eine Vorführung. Wählen Sie, wer Sie sein möchten; ein Kennwort gibt es nicht.',
  signInAs: 'Weiter als',
  footer: 'Ein Laden zur Vorführung. Waren, Menschen und Bestellungen sind erfunden, und nichts ist zu kaufen.',
  notFound: 'Diese Seite haben wir nicht gefunden.',
  language: 'English',
};

export type ShopLanguage = 'en' | 'de';

export function wordsFor(language: ShopLanguage): Words {
  return language === 'de' ? de : en;
}

/** What is said of each product, by its number. */
export const blurbs: Readonly<Record<string, Readonly<Record<ShopLanguage, readonly [title: string, text: string]>>>> =
  {
    'HP-T2': {
      en: ['Skerry 2 tent', 'Two people, two doors, one minute to pitch. Stands in wind that bends the pines.'],
      de: [
        'Zelt Skerry 2',
        'Zwei Menschen, zwei Eingänge, in einer Minute aufgebaut. Steht, wenn sich die Kiefern biegen.',
      ],
    },
    'HP-T4': {
      en: ['Skerry 4 tent', 'The family tent: a porch for boots, a window for rain, room to stand up.'],
      de: ['Zelt Skerry 4', 'Das Familienzelt: Vorraum für Stiefel, Fenster für den Regen, Platz zum Stehen.'],
    },
    'HP-SB': {
      en: ['Pinewood sleeping bag', 'Down from the moult, shell from old sails. Warm to four below.'],
      de: ['Schlafsack Pinewood', 'Daunen aus der Mauser, Hülle aus alten Segeln. Warm bis vier Grad unter null.'],
    },
    'HP-ST': {
      en: ['Ember stove', 'Boils half a litre in three minutes and fits in the mug it boils.'],
      de: ['Kocher Ember', 'Kocht einen halben Liter in drei Minuten und passt in den Becher, den er kocht.'],
    },
    'HP-JK': {
      en: ['Harbour rain jacket', 'Waxed cotton outside, dry shoulders inside. Smells of the boathouse for a week.'],
      de: [
        'Regenjacke Harbour',
        'Außen gewachste Baumwolle, innen trockene Schultern. Riecht eine Woche nach Bootshaus.',
      ],
    },
    'HP-BT': {
      en: ['Headland boots', 'Resoled as often as you like. Grip on wet granite, patience on long roads.'],
      de: ['Stiefel Headland', 'So oft neu besohlt, wie Sie mögen. Halt auf nassem Granit, Geduld auf langen Wegen.'],
    },
    'HP-LN': {
      en: ['Dusk lantern', 'A warm circle of light for forty hours, and a hook for the ridge pole.'],
      de: ['Laterne Dusk', 'Vierzig Stunden warmes Licht, und ein Haken für die Firststange.'],
    },
    'HP-BP': {
      en: ['Fjell 45 l backpack', 'Carries a week. Opens like a suitcase, closes like a dry bag.'],
      de: ['Rucksack Fjell 45 l', 'Trägt eine Woche. Öffnet wie ein Koffer, schließt wie ein Packsack.'],
    },
  };
