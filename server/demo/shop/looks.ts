/** The shop's own stylesheet and script; nothing of the desk's or the widget's looks is in here. */

export const shopCss = `
@font-face { font-family: "Inter Variable"; font-style: normal; font-display: swap; font-weight: 100 900; src: url("/widget/inter-latin-wght-normal.woff2") format("woff2"); }
:root { color-scheme: light; --paper: #fbf8f2; --card: #ffffff; --ink: #1c2b27; --soft: #54635d; --line: #e4ddd0; --pine: #24544a; --pine-ink: #ffffff; --rust: #a4431f; --wash: #f1ebdf; }
@media (prefers-color-scheme: dark) { :root { color-scheme: dark; --paper: #121917; --card: #1a2320; --ink: #ece8de; --soft: #a9b5ae; --line: #2b3733; --pine: #8fd0b8; --pine-ink: #10231d; --rust: #f0a07c; --wash: #18211e; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 "Inter Variable", system-ui, sans-serif; font-feature-settings: "cv11", "ss03"; }
h1, h2, h3 { line-height: 1.12; letter-spacing: -.025em; font-weight: 680; margin: 0; text-wrap: balance; }
h1 { font-size: clamp(2rem, 1.3rem + 2.6vw, 3.25rem); }
h2 { font-size: 1.5rem; }
h3 { font-size: 1.0625rem; letter-spacing: -.012em; }
p { margin: 0; text-wrap: pretty; }
ul, ol, dl { list-style: none; margin: 0; padding: 0; }
dd { margin: 0; }
a { color: inherit; }
:focus-visible { outline: 3px solid var(--pine); outline-offset: 3px; border-radius: 4px; }
.wide { max-inline-size: 1160px; margin-inline: auto; padding-inline: 24px; }
.narrow { max-inline-size: 780px; padding-block: 56px 88px; }
.skip { position: absolute; inset-inline-start: 12px; inset-block-start: -60px; background: var(--card); padding: 10px 16px; border-radius: 8px; z-index: 3; }
.skip:focus { inset-block-start: 12px; }
.top { background: var(--card); border-block-end: 1px solid var(--line); position: sticky; inset-block-start: 0; z-index: 2; }
.top .wide { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 28px; padding-block: 12px; }
.brand { display: flex; align-items: center; gap: 12px; text-decoration: none; font-weight: 700; letter-spacing: -.02em; font-size: 1.125rem; line-height: 1.15; margin-inline-end: auto; }
.brand svg { inline-size: 36px; block-size: 36px; }
@media (prefers-color-scheme: dark) { .brand svg { background: #f3e8d6; border-radius: 8px; padding: 2px; } }
.brand small { display: block; font-size: .75rem; font-weight: 500; color: var(--soft); letter-spacing: 0; }
nav { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 22px; font-weight: 540; font-size: .9375rem; }
nav a { text-decoration: none; padding-block: 6px; border-block-end: 2px solid transparent; }
nav a:hover, nav a[aria-current] { border-block-end-color: var(--rust); }
nav form { margin: 0; }
nav button { font: inherit; background: none; border: 1px solid var(--line); color: inherit; border-radius: 999px; padding: 5px 14px; cursor: pointer; }
nav button:hover { border-color: var(--pine); }
.who { color: var(--soft); }
.language { font-size: .875rem; color: var(--soft); }
.hero { position: relative; overflow: hidden; color: #fffaf0; background: #20423b; }
.hero > svg { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; }
.hero::before { content: ""; position: absolute; inset: 0; z-index: 1; background: linear-gradient(180deg, rgb(16 40 34 / .6) 20%, rgb(16 40 34 / 0) 85%); }
.hero .wide { z-index: 1; position: relative; padding-block: clamp(48px, 8vw, 96px) clamp(150px, 19vw, 230px); }
.words { max-inline-size: 34rem; }
.hero p { font-size: 1.125rem; margin-block: 18px 28px; max-inline-size: 30rem; }
.button { display: inline-block; font: inherit; font-weight: 620; text-decoration: none; border: 1px solid transparent; cursor: pointer; border-radius: 10px; padding: 12px 22px; background: var(--pine); color: var(--pine-ink); }
.button:hover { filter: brightness(1.1); }
.hero .button { background: #fffaf0; color: #1c2b27; }
.button.quiet { background: none; border-color: var(--line); color: var(--ink); padding: 9px 16px; font-size: .9375rem; }
.button.quiet:hover { border-color: var(--pine); }
#range { padding-block: 64px 72px; scroll-margin-block-start: 72px; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 240px), 1fr)); gap: 32px 24px; margin-block-start: 28px; }
.card { display: block; text-decoration: none; block-size: 100%; }
.picture { display: block; border-radius: 14px; overflow: hidden; aspect-ratio: 4 / 3; }
.picture svg { display: block; inline-size: 100%; block-size: 100%; transition: transform 240ms ease; }
.card:hover .picture svg { transform: scale(1.03); }
.line { display: flex; justify-content: space-between; gap: 12px; margin-block: 14px 4px; }
.price { font-variant-numeric: tabular-nums; white-space: nowrap; }
.price.big { font-size: 1.375rem; margin-block: 10px 18px; }
.note { color: var(--soft); font-size: .9375rem; display: block; }
.promises { background: var(--wash); border-block: 1px solid var(--line); }
.promises ul { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 240px), 1fr)); gap: 28px 40px; padding-block: 48px; }
.promises p { color: var(--soft); margin-block-start: 8px; }
.crumb { padding-block: 28px 18px; font-size: .9375rem; color: var(--soft); }
.product { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: 32px 56px; align-items: center; }
.product + .grid { padding-block: 56px 88px; border-block-start: 1px solid var(--line); margin-block-start: 56px; }
.lead { font-size: 1.125rem; color: var(--soft); margin-block-start: 12px; }
.lead + p, .lead + form { margin-block-start: 24px; }
.product .lead { margin-block: 0; }
.stock { margin-block: 18px 24px; font-weight: 540; color: var(--pine); }
.sku { margin-block-start: 20px; font-size: .8125rem; color: var(--soft); }
.narrow h2 { font-size: 1.1875rem; margin-block: 32px 6px; }
.orders { display: grid; gap: 24px; margin-block-start: 28px; }
.order { background: var(--card); border: 1px solid var(--line); border-radius: 16px; padding: 24px; }
.order h2 { margin: 0 0 12px; font-variant-numeric: tabular-nums; }
.order dl { display: flex; flex-wrap: wrap; gap: 8px 36px; font-size: .9375rem; }
.order dt { color: var(--soft); font-size: .8125rem; }
.stages { display: flex; gap: 6px; margin-block: 22px 4px; font-size: .8125rem; color: var(--soft); }
.stages li { flex: 1; border-block-start: 4px solid var(--line); padding-block-start: 8px; min-inline-size: 0; overflow-wrap: anywhere; }
.stages .done { border-color: var(--pine); }
.stages .now { border-color: var(--rust); color: var(--ink); font-weight: 620; }
.late { margin-block: 14px 0; color: var(--rust); font-weight: 540; }
.lines { margin-block: 18px 20px; display: grid; gap: 10px; }
.lines li { display: flex; align-items: center; gap: 14px; }
.thumb { inline-size: 64px; block-size: 48px; border-radius: 8px; overflow: hidden; flex: none; }
.thumb svg { display: block; inline-size: 100%; block-size: 100%; }
.choices { display: grid; gap: 12px; }
.choices button { font: inherit; color: inherit; inline-size: 100%; text-align: start; display: flex; align-items: center; gap: 16px; background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 14px 18px; cursor: pointer; }
.choices button:hover { border-color: var(--pine); }
.face { inline-size: 42px; block-size: 42px; border-radius: 50%; display: grid; place-items: center; background: var(--wash); color: var(--pine); font-weight: 700; }
footer { border-block-start: 1px solid var(--line); padding-block: 28px 110px; color: var(--soft); font-size: .875rem; }
@media (max-width: 620px) { .stages { display: grid; gap: 0; } .stages li { border: 0; border-inline-start: 4px solid var(--line); padding: 4px 0 4px 12px; } .top { position: static; } }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } .picture svg { transition: none; } .card:hover .picture svg { transform: none; } }
`;

/** What any site does to embed the chat for customers who are signed in. */
export const shopScript = `'use strict';
// A fresh identity whenever the chat asks for one; null when nobody is signed in.
Fairlead.identify(() => fetch('/demo/chat-identity', { cache: 'no-store' }).then((r) => (r.ok ? r.json() : { identity: null })).then((b) => b.identity));
for (const button of document.querySelectorAll('[data-chat]')) button.addEventListener('click', () => Fairlead.open());
// At log-out the chat forgets first, then the shop.
for (const form of document.querySelectorAll('[data-sign-out]')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    Fairlead.reset().then(() => form.submit());
  });
}
`;
