/**
 * Moves the focus there, and once more in the next frame: a window that is just closing may still hold the focus when
 * what comes after it asks. `find` is asked anew each time. The returned function gives up.
 */
export function takeFocus(find: () => HTMLElement | null): () => void {
  const take = (): void => {
    const element = find();
    if (element !== null && !element.contains(document.activeElement)) element.focus();
  };
  take();
  const frame = requestAnimationFrame(take);
  return () => cancelAnimationFrame(frame);
}
