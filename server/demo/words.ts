/** The invented world of Harbour & Pine: everything here is made up. */

export const firstNames = [
  'Maya',
  'Tomasz',
  'Priya',
  'Jonas',
  'Elena',
  'Noor',
  'Luca',
  'Ingrid',
  'Kofi',
  'Yuki',
  'Aoife',
  'Mateo',
  'Zofia',
  'Henrik',
  'Leila',
  'Oskar',
  'Chiara',
  'Emre',
  'Sana',
  'Bjarne',
  'Amara',
  'Felix',
  'Greta',
  'Hugo',
  'Ines',
  'Jakub',
  'Katya',
  'Liam',
  'Mina',
  'Nils',
  'Olu',
  'Petra',
] as const;

export const lastNames = [
  'Lindqvist',
  'Wójcik-Brandenburger',
  'Raman',
  'Okafor',
  'Petrova',
  'Haddad',
  'Bianchi',
  'Solberg',
  'Mensah',
  'Tanaka',
  'Byrne',
  'García',
  'Nowak',
  'Jensen',
  'Farahani',
  'Weber',
  'Romano',
  'Yıldız',
  'Iqbal',
  'Thorsen',
  'Diallo',
  'Krüger',
  'Voss',
  'Moreau',
  'Costa',
  'Dvořák',
  'Ivanova',
  'Walsh',
  'Cho',
  'Eriksen',
  'Adeyemi',
  'Schäfer',
] as const;

/** Whole names in other scripts and of uncommon length. */
export const otherNames = [
  'سارة الحسن',
  'יעל כהן',
  '山田 花子',
  'Αλέξανδρος Παπαδόπουλος',
  'Maria Fernanda de Albuquerque Montenegro Cavalcanti e Vasconcelos',
] as const;

export const regions = [
  { region: 'Germany', language: 'de', currency: 'EUR', phone: '+49 151' },
  { region: 'Sweden', language: 'en', currency: 'EUR', phone: '+46 70' },
  { region: 'United Kingdom', language: 'en', currency: 'GBP', phone: '+44 7700' },
  { region: 'France', language: 'fr', currency: 'EUR', phone: '+33 6' },
] as const;

export const products = [
  { sku: 'HP-T2', title: 'Skerry 2 tent', minor: 32_900 },
  { sku: 'HP-T4', title: 'Skerry 4 tent', minor: 48_900 },
  { sku: 'HP-SB', title: 'Pinewood sleeping bag', minor: 15_900 },
  { sku: 'HP-ST', title: 'Ember stove', minor: 6_450 },
  { sku: 'HP-JK', title: 'Harbour rain jacket', minor: 18_900 },
  { sku: 'HP-BT', title: 'Headland boots', minor: 21_500 },
  { sku: 'HP-LN', title: 'Dusk lantern', minor: 3_990 },
  { sku: 'HP-BP', title: 'Fjell 45 l backpack', minor: 17_900 },
] as const;

export const troubles = [
  'Depot mis-sort, 41 parcels',
  'Carrier: address not found',
  'Held at customs',
  'Waiting for one item from the supplier',
] as const;

export const pastTopics = [
  'Where is my order?',
  'Wrong size, exchange',
  'Zip of the tent is broken',
  'Change of address',
  'Invoice with company name',
  'Return label does not print',
  'Is the stove allowed on a plane?',
  'Two parcels announced, one came',
  'Discount code refused',
  'How to re-proof the jacket',
] as const;

/** What simulated customers come with, each a little conversation: the opening, and what they say when answered. */
export const stories = [
  {
    open: ['My parcel says delivered but I have nothing here.', 'I need the tent for Saturday.'],
    then: ['Thank you for looking!', 'No, the neighbours have nothing either.'],
  },
  {
    open: ['I was charged twice for invoice 4471.'],
    then: ['Both on the same card, yes.', 'Great, how long will it take?'],
  },
  { open: ['Ist das Zelt Skerry 2 wieder da?'], then: ['Super, danke!', 'Dann bestelle ich heute noch.'] },
  {
    open: ['The boots are too small. Can I swap them for a 43?'],
    then: ['Yes, unworn, still in the box.', 'Perfect.'],
  },
  { open: ['هل يمكن تغيير عنوان التوصيل؟'], then: ['شكرا جزيلا', 'نعم، العنوان الجديد صحيح.'] },
  {
    open: ['The return label will not print, it is cut off at the edge.'],
    then: ['Now it works, thanks.', 'Where do I drop it?'],
  },
  {
    open: ['One of two parcels came, the sleeping bags are missing.'],
    then: ['The number ends with 88.', 'Ok, I will wait until tomorrow.'],
  },
  { open: ['Can I take the Ember stove on a plane?'], then: ['Without the gas, of course.', 'Good to know!'] },
] as const;
