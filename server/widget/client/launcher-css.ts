/** When the panel covers the whole screen. */
export const WHOLE_SCREEN = '(max-width: 520px), (max-height: 480px)';

/** The launcher's looks, inside its own shadow: nothing of the page reaches in, nothing of it reaches out. */
export const LAUNCHER_CSS = `
:host { all: initial; }
.root {
  --accent: #2457d6; --ink: #ffffff; --bad: #b3261e; --pane: #ffffff; --edge: #cbd1da;
  font: 600 12px/1 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif;
}
.launch {
  position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483001;
  inline-size: 56px; block-size: 56px; border-radius: 28px; border: 1px solid transparent; padding: 0; cursor: pointer;
  background: var(--accent); color: var(--ink); display: grid; place-items: center;
  box-shadow: 0 1px 2px rgb(16 24 40 / .12), 0 8px 24px rgb(16 24 40 / .22); transition: transform 120ms ease, box-shadow 120ms ease;
}
.launch:hover { transform: translateY(-1px); box-shadow: 0 2px 4px rgb(16 24 40 / .14), 0 12px 28px rgb(16 24 40 / .26); }
.launch:focus-visible { outline: 3px solid var(--pane); box-shadow: 0 0 0 6px var(--accent); }
.launch svg { inline-size: 26px; block-size: 26px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.root:not([data-open]) .fold, .root[data-open] .chat { display: none; }
.badge {
  position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-inline-size: 22px; block-size: 22px; padding: 0 6px;
  box-sizing: border-box; border-radius: 11px; background: var(--bad); color: #ffffff; border: 2px solid var(--pane); line-height: 18px; text-align: center;
}
.panel {
  position: fixed; inset-block-end: 88px; inset-inline-end: 20px; z-index: 2147483000;
  inline-size: min(max(384px, 24rem), 100vw - 40px); block-size: min(max(640px, 40rem), 100dvh - 108px);
  border-radius: 14px; overflow: hidden; border: 1px solid var(--edge); background: var(--pane);
  box-shadow: 0 2px 6px rgb(16 24 40 / .08), 0 20px 48px rgb(16 24 40 / .22); animation: rise 120ms ease-out;
}
iframe { border: 0; inline-size: 100%; block-size: 100%; display: block; color-scheme: light dark; }
iframe:focus-visible { outline: none; }
.news { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
[hidden] { display: none !important; }
@keyframes rise { from { opacity: 0; transform: translateY(8px); } }
@media ${WHOLE_SCREEN} {
  .panel { inset: 0; inline-size: 100vw; block-size: 100dvh; border-radius: 0; border: 0; }
  .root[data-open] .launch { visibility: hidden; }
}
@media (prefers-color-scheme: dark) {
  .root:not([data-theme="light"]) { --accent: #7ba2ff; --ink: #0e1014; --pane: #15181e; --edge: #3a414e; }
}
.root[data-theme="dark"] { --accent: #7ba2ff; --ink: #0e1014; --pane: #15181e; --edge: #3a414e; }
@media (prefers-reduced-motion: reduce) { .launch, .panel { transition: none; animation: none; } .launch:hover { transform: none; } }
@media (forced-colors: active) { .launch, .panel { border: 1px solid ButtonText; } }
@media print { .root { display: none; } }
`;
