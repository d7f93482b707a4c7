import { GalleryDesk } from './gallery/desk.tsx';
import { BlockParts, NoticeParts, ThreadParts } from './gallery/parts-content.tsx';
import { ControlParts, FieldParts } from './gallery/parts-controls.tsx';
import { OverlayParts } from './gallery/parts-overlays.tsx';
import { pictureClock } from './gallery/sample.ts';
import { createShortcuts } from './shortcuts.ts';
import { UiProvider } from './ui-provider.tsx';

const shortcuts = createShortcuts();

function GalleryParts() {
  return (
    <main
      aria-label="Gallery"
      className="grid grid-cols-[repeat(auto-fill,minmax(min(26rem,100%),1fr))] items-start gap-4 p-4"
    >
      <h1 className="sr-only">Gallery</h1>
      <ControlParts />
      <FieldParts />
      <NoticeParts />
      <ThreadParts />
      <BlockParts />
      <OverlayParts />
    </main>
  );
}

/** Every part of this folder in every state (`#gallery`), and the picture of the desk made from them (`#gallery-desk`). */
export function Gallery({ hash, locale }: { hash: string; locale: string }) {
  return (
    <UiProvider locale={locale} clock={pictureClock} shortcuts={shortcuts}>
      {hash === '#gallery-desk' ? <GalleryDesk /> : <GalleryParts />}
    </UiProvider>
  );
}
