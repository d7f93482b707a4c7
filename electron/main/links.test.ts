import { expect, test } from 'vitest';
import { mayOpenOutside, readHosts } from './links.ts';

const hosts = readHosts('shop.example, Carrier.Example');

test.each(['https://shop.example/orders/1', 'https://www.shop.example/?q=1#a', 'https://carrier.example:443/track'])(
  'a link to a listed host opens: %s',
  (link) => {
    expect(mayOpenOutside(link, hosts)).toBe(true);
  },
);

test.each([
  ['another host', 'https://evil.example/'],
  ['a host that only ends alike', 'https://notshop.example/'],
  ['a listed host as a part of another', 'https://shop.example.evil.example/'],
  ['a listed host in the user part', 'https://shop.example@evil.example/'],
  ['a name and password', 'https://me:secret@shop.example/'],
  ['plain http', 'http://shop.example/'],
  ['another port', 'https://shop.example:8443/'],
  ['a script', 'javascript:alert(1)'],
  ['a file', 'file:///etc/passwd'],
  ['a program', 'ms-calculator:'],
  ['look-alike letters', 'https://shоp.example/'],
  ['no link at all', 'shop.example'],
  ['an endless link', `https://shop.example/${'a'.repeat(2_000)}`],
])('%s does not open', (_what, link) => {
  expect(mayOpenOutside(link, hosts)).toBe(false);
});

test('without a list nothing opens', () => {
  expect(mayOpenOutside('https://shop.example/', readHosts(undefined))).toBe(false);
});

test('a list keeps host names and drops what is none', () => {
  expect(readHosts('a.example,,*.b.example,https://c.example,localhost,d.example/path')).toEqual(['a.example']);
});
