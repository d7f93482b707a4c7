import type { Page } from 'playwright-core';

/**
 * Text on screen that cannot be read: cut off without a sign that something is missing, covered by something else, or
 * beyond the window's edge. Each as "what: the text". Text cut with an ellipsis has its whole in a title or is told in
 * full elsewhere, and what a person can scroll to is readable.
 */
export function illegible(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const clips = (style: CSSStyleDeclaration): boolean =>
      style.overflowX !== 'visible' || style.overflowY !== 'visible';
    /** The part of the window in which the element can show anything. */
    const roomOf = (element: Element): { left: number; top: number; right: number; bottom: number } => {
      const room = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (!clips(style)) continue;
        const box = at.getBoundingClientRect();
        room.left = Math.max(room.left, box.left);
        room.top = Math.max(room.top, box.top);
        room.right = Math.min(room.right, box.right);
        room.bottom = Math.min(room.bottom, box.bottom);
      }
      return room;
    };
    const isHidden = (element: Element): boolean =>
      element.closest('[aria-hidden="true"], .sr-only, [inert]') !== null ||
      !element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const modal = document.querySelector(
      '[role="dialog"], [role="alertdialog"]:not([aria-modal="false"]), [role="menu"]',
    );
    const root = modal ?? document.body;
    if (document.documentElement.scrollWidth > innerWidth + 1)
      found.push(`the page is wider than the window: ${document.documentElement.scrollWidth}`);

    for (const element of root.querySelectorAll('*')) {
      const style = getComputedStyle(element);
      // `data-drops`: facts that are left out where there is no room for them.
      if (isHidden(element) || element.clientWidth === 0 || element.closest('[data-drops]')) continue;
      const words = (element.textContent ?? '').trim().slice(0, 60);
      const isCut = style.overflowX === 'hidden' || style.overflowX === 'clip';
      if (words !== '' && isCut && style.textOverflow !== 'ellipsis' && element.scrollWidth > element.clientWidth + 1)
        found.push(`cut at the side: ${words}`);
      const isCutBelow = style.overflowY === 'hidden' || style.overflowY === 'clip';
      if (words !== '' && isCutBelow && element.scrollHeight > element.clientHeight + 2)
        found.push(`cut below: ${words}`);
    }

    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const holder = node.parentElement;
      const words = (node.textContent ?? '').trim();
      if (holder === null || words === '' || isHidden(holder)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const room = roomOf(holder);
      for (const box of range.getClientRects()) {
        const x = (Math.max(box.left, room.left) + Math.min(box.right, room.right)) / 2;
        const y = box.top + box.height / 2;
        const isInView = x > room.left && x < room.right && y > room.top && y < room.bottom;
        if (box.width < 2 || !isInView) continue;
        const top = document.elementFromPoint(x, y);
        // What passes by itself may cover for a while: a message, the name of a button.
        const isPassing = top?.closest('[role="tooltip"], [role="alertdialog"][aria-modal="false"]') != null;
        const isOwn = isPassing || (top !== null && (top.contains(holder) || holder.contains(top)));
        if (!isOwn) found.push(`covered: ${words.slice(0, 60)}`);
      }
    }
    return [...new Set(found)];
  });
}
