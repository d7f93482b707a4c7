import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closesLuhn, maskCards } from './rules.ts';

/** Digits of a given length whose last one closes the checksum. */
function cardDigits(length: number): fc.Arbitrary<string> {
  return fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length - 1, maxLength: length - 1 }).map((body) => {
    for (let last = 0; last < 10; last += 1) if (closesLuhn([...body, last])) return [...body, last].join('');
    throw new Error('one of ten digits closes every checksum');
  });
}

const anyCard = fc.integer({ min: 13, max: 19 }).chain(cardDigits);
/** Words without digits, signs that join numbers, or a plus. */
const prose = fc.stringMatching(/^[A-Za-zäöüß,!?;: ]{0,30}[a-zß,!?;:]$/);

describe('closesLuhn', () => {
  it('knows published test numbers', () => {
    for (const n of ['4111111111111111', '5555555555554444', '378282246310005', '6011111111111117']) {
      expect(closesLuhn(Array.from(n, Number))).toBe(true);
    }
    expect(closesLuhn(Array.from('4111111111111112', Number))).toBe(false);
    expect(closesLuhn([])).toBe(false);
  });
});

describe('maskCards', () => {
  it('leaves only the last four digits, and the spacing, of a card number', () => {
    expect(maskCards('My card is 4111 1111 1111 1111, thanks')).toBe('My card is •••• •••• •••• 1111, thanks');
    expect(maskCards('5555-5555-5555-4444')).toBe('••••-••••-••••-4444');
    expect(maskCards('378282246310005')).toBe('•••••••••••0005');
    expect(maskCards('card4111111111111111x')).toBe('card••••••••••••1111x');
    expect(maskCards('4111\n1111\n1111\n1111')).toBe('••••\n••••\n••••\n1111');
    expect(maskCards('4111 - 1111 - 1111 - 1111')).toBe('•••• - •••• - •••• - 1111');
    expect(maskCards('٤١١١ ١١١١ ١١١١ ١١١١')).toBe('•••• •••• •••• ١١١١');
  });

  it('finds a card among other numbers, and two cards in one text', () => {
    expect(maskCards('order 104233 4111 1111 1111 1111 123 12/29')).toBe('order 104233 •••• •••• •••• 1111 123 12/29');
    expect(maskCards('4111111111111111 5555555555554444')).toBe('••••••••••••1111 ••••••••••••4444');
  });

  it('leaves order numbers, phone numbers, bank accounts, dates and prices alone', () => {
    const texts = [
      'Order 100042137 and HP-2026-004211',
      'Call +49 40 1234 5678 or 040 / 12 34 56 78',
      '+4915123456789 and +1 (415) 555-0132',
      'DE89 3704 0044 0532 0130 00',
      'GB33BUKB20201555555555',
      '22.11.2026 10:15, 1,299.00 EUR, 20095 Hamburg',
      'Parcel 00340434161094042557',
      '4111 1111 1111 1112',
    ];
    for (const text of texts) expect(maskCards(text)).toBe(text);
  });

  it('masks every card in any prose, with any grouping', () => {
    fc.assert(
      fc.property(
        prose,
        anyCard,
        fc.constantFrom('', ' ', '-', ' - '),
        fc.integer({ min: 2, max: 6 }),
        prose,
        (before, card, gap, size, after) => {
          const typed = (card.match(new RegExp(`.{1,${size}}`, 'g')) ?? []).join(gap);
          const masked = maskCards(`${before}${typed}${after}`);
          expect(masked.replace(/[^0-9]/g, '')).toBe(card.slice(-4));
          expect(masked).toHaveLength(before.length + typed.length + after.length);
          expect(masked.startsWith(before) && masked.endsWith(after)).toBe(true);
        },
      ),
    );
  });

  it('leaves every number of fewer than 13 digits alone', () => {
    fc.assert(
      fc.property(prose, fc.stringMatching(/^[0-9]{1,12}$/), prose, (before, number, after) => {
        expect(maskCards(`${before}${number}${after}`)).toBe(`${before}${number}${after}`);
      }),
    );
  });

  it('leaves every single number alone whose checksum does not close', () => {
    fc.assert(
      fc.property(anyCard, fc.integer({ min: 1, max: 9 }), (card, shift) => {
        const wrong = card.slice(0, -1) + String((Number(card.at(-1)) + shift) % 10);
        expect(maskCards(`number ${wrong}!`)).toBe(`number ${wrong}!`);
      }),
    );
  });

  it('leaves every phone number written with a plus alone', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9][0-9]{7,14}$/), fc.constantFrom('', ' ', '-'), (number, gap) => {
        const typed = `+${(number.match(/.{1,3}/g) ?? []).join(gap)}`;
        expect(maskCards(typed)).toBe(typed);
      }),
    );
  });

  it('keeps the length of any text, touches nothing but digits, and twice is as once', () => {
    const soup = fc.string({
      unit: fc.constantFrom('4', '1', '0', '9', ' ', '-', '.', '+', 'a', '\n', '٤'),
      maxLength: 120,
    });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), soup), (text) => {
        const masked = maskCards(text);
        expect(masked).toHaveLength(text.length);
        expect(maskCards(masked)).toBe(masked);
        for (let i = 0; i < text.length; i += 1) if (masked[i] !== text[i]) expect(masked[i]).toBe('•');
      }),
    );
  });
});
