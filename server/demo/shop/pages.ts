import type { Order, OrderMoney } from '#shared/order/model.ts';
import { orderStages } from '#shared/order/model.ts';
import { products } from '../words.ts';
import { heroArt, mark, productArt } from './art.ts';
import { blurbs, type ShopLanguage, type Words, wordsFor } from './words.ts';

/** A customer one can be in the demo shop. */
export type Shopper = { reference: string; name: string };
export type ShopOrder = { order: Order; money: OrderMoney | null };
/** What every page stands on. */
export type Frame = { language: ShopLanguage; shopper: Shopper | null; site: string; path: string };
type Product = (typeof products)[number];

/** Text made safe for markup. Everything that is not written in this folder goes through here. */
function safe(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

function price(minor: number, currency: string, language: ShopLanguage): string {
  return safe(
    new Intl.NumberFormat(language === 'de' ? 'de-DE' : 'en-GB', { style: 'currency', currency }).format(minor / 100),
  );
}

function day(at: number, language: ShopLanguage): string {
  return safe(new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', { dateStyle: 'long' }).format(at));
}

function nav({ path, shopper }: Frame, words: Words): string {
  const link = (href: string, text: string): string =>
    `<a href="${href}"${href === path ? ' aria-current="page"' : ''}>${safe(text)}</a>`;
  const who = shopper
    ? `<span class="who">${safe(shopper.name)}</span><form method="post" action="/demo/sign-out" data-sign-out><button>${safe(words.signOut)}</button></form>`
    : link('/demo/sign-in', words.signIn);
  return `<nav>${link('/demo', words.shop)}${link('/demo/orders', words.orders)}${link('/demo/help', words.help)}${who}</nav>`;
}

/** A whole page around its content. */
export function page(frame: Frame, title: string, content: string): string {
  const words = wordsFor(frame.language);
  const other = frame.language === 'de' ? 'en' : 'de';
  return `<!doctype html>
<html lang="${frame.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/demo/shop.css">
</head>
<body>
<a class="skip" href="#content">${safe(words.skip)}</a>
<header class="top"><div class="wide">
<a class="brand" href="/demo">${mark}<span>Harbour &amp; Pine<small>${safe(words.tagline)}</small></span></a>
${nav(frame, words)}
<a class="language" href="${safe(frame.path)}?lang=${other}" lang="${other}" hreflang="${other}">${safe(words.language)}</a>
</div></header>
<main id="content">${content}</main>
<footer><div class="wide"><p>${safe(words.footer)}</p></div></footer>
<script src="/widget/launcher.js" data-site="${safe(frame.site)}" data-name="Harbour &amp; Pine"></script>
<script src="/demo/shop.js"></script>
</body>
</html>
`;
}

function titleOf(product: Product, language: ShopLanguage): readonly [string, string] {
  return blurbs[product.sku]?.[language] ?? [product.title, ''];
}

function card(product: Product, language: ShopLanguage): string {
  const [title, text] = titleOf(product, language);
  return `<li><a class="card" href="/demo/products/${product.sku}">
<span class="picture">${productArt[product.sku] ?? ''}</span>
<span class="line"><strong>${safe(title)}</strong><span class="price">${price(product.minor, 'EUR', language)}</span></span>
<span class="note">${safe(text)}</span></a></li>`;
}

export function homePage(frame: Frame): string {
  const words = wordsFor(frame.language);
  const promises = words.promises.map(
    ([title, text]) => `<li><h3>${safe(title ?? '')}</h3><p>${safe(text ?? '')}</p></li>`,
  );
  return page(
    frame,
    'Harbour & Pine',
    `<section class="hero">${heroArt}<div class="wide"><div class="words"><h1>${safe(words.heroTitle)}</h1><p>${safe(words.heroText)}</p>
<a class="button" href="#range">${safe(words.heroAction)}</a></div></div></section>
<section class="wide" id="range"><h2>${safe(words.range)}</h2><ul class="grid">${products.map((p) => card(p, frame.language)).join('')}</ul></section>
<section class="promises"><ul class="wide">${promises.join('')}</ul></section>`,
  );
}

export function productPage(frame: Frame, sku: string): string | null {
  const product = products.find((p) => p.sku === sku);
  if (!product) return null;
  const words = wordsFor(frame.language);
  const [title, text] = titleOf(product, frame.language);
  const others = products.filter((p) => p.sku !== sku).slice(0, 4);
  return page(
    frame,
    `${title} – Harbour & Pine`,
    `<div class="wide"><p class="crumb"><a href="/demo">${safe(words.back)}</a></p>
<article class="product"><div class="picture">${productArt[sku] ?? ''}</div>
<div><h1>${safe(title)}</h1><p class="price big">${price(product.minor, 'EUR', frame.language)}</p><p class="lead">${safe(text)}</p>
<p class="stock">${safe(words.from)}</p><button class="button" data-chat>${safe(words.ask)}</button><p class="sku">${safe(sku)}</p></div></article>
<ul class="grid">${others.map((p) => card(p, frame.language)).join('')}</ul></div>`,
  );
}

function orderCard({ order, money }: ShopOrder, language: ShopLanguage, now: number): string {
  const words = wordsFor(language);
  const reached = orderStages.indexOf(order.stage);
  const steps = orderStages.map((stage, i) => {
    const state = i < reached ? 'done' : i === reached ? 'now' : 'next';
    return `<li class="${state}"${state === 'now' ? ' aria-current="step"' : ''}>${safe(words.stages[stage])}</li>`;
  });
  const lines = order.lines.map((line) => {
    const title = blurbs[line.sku]?.[language][0] ?? line.title;
    return `<li><span class="thumb">${productArt[line.sku] ?? ''}</span>${line.quantity} × ${safe(title)}</li>`;
  });
  const isLate = order.stage !== 'delivered' && order.promisedAt !== null && order.promisedAt < now;
  const promised =
    order.promisedAt === null
      ? ''
      : `<div><dt>${safe(words.promised)}</dt><dd>${day(order.promisedAt, language)}</dd></div>`;
  const total = money
    ? `<div><dt>${safe(words.total)}</dt><dd>${price(money.total.minor, money.total.currency, language)}</dd></div>`
    : '';
  return `<li class="order"><h2>${safe(order.number)}</h2>
<dl><div><dt>${safe(words.placed)}</dt><dd>${day(order.placedAt, language)}</dd></div>${promised}${total}</dl>
<ol class="stages">${steps.join('')}</ol>${isLate ? `<p class="late">${safe(words.late)}</p>` : ''}
<ul class="lines">${lines.join('')}</ul><button class="button quiet" data-chat>${safe(words.orderAsk)}</button></li>`;
}

export function ordersPage(frame: Frame, orders: readonly ShopOrder[], now: number): string {
  const words = wordsFor(frame.language);
  const cards = orders.map((order) => orderCard(order, frame.language, now)).join('');
  const content = !frame.shopper
    ? `<p class="lead">${safe(words.ordersSignIn)}</p><p><a class="button" href="/demo/sign-in">${safe(words.signIn)}</a></p>`
    : orders.length === 0
      ? `<p class="lead">${safe(words.ordersNone)}</p>`
      : `<ul class="orders">${cards}</ul>`;
  return page(
    frame,
    `${words.ordersTitle} – Harbour & Pine`,
    `<div class="wide narrow"><h1>${safe(words.ordersTitle)}</h1>${content}</div>`,
  );
}

export function helpPage(frame: Frame): string {
  const words = wordsFor(frame.language);
  const answers = words.answers
    .map(([question, answer]) => `<h2>${safe(question ?? '')}</h2><p>${safe(answer ?? '')}</p>`)
    .join('');
  return page(
    frame,
    `${words.helpTitle} – Harbour & Pine`,
    `<div class="wide narrow"><h1>${safe(words.helpTitle)}</h1><p class="lead">${safe(words.helpLead)}</p>${answers}</div>`,
  );
}

export function signInPage(frame: Frame, shoppers: readonly Shopper[]): string {
  const words = wordsFor(frame.language);
  const choices = shoppers.map(
    ({
      reference,
      name,
    }) => `<li><button name="reference" value="${safe(reference)}"><span class="face" aria-hidden="true">${safe(Array.from(name)[0] ?? '')}</span>
<span>${safe(words.signInAs)} <strong><bdi>${safe(name)}</bdi></strong></span></button></li>`,
  );
  return page(
    frame,
    `${words.signInTitle} – Harbour & Pine`,
    `<div class="wide narrow"><h1>${safe(words.signInTitle)}</h1><p class="lead">${safe(words.signInText)}</p>
<form method="post" action="/demo/sign-in"><ul class="choices">${choices.join('')}</ul></form></div>`,
  );
}

export function notFoundPage(frame: Frame): string {
  const words = wordsFor(frame.language);
  return page(
    frame,
    'Harbour & Pine',
    `<div class="wide narrow"><h1>${safe(words.notFound)}</h1><p><a class="button" href="/demo">${safe(words.back)}</a></p></div>`,
  );
}
