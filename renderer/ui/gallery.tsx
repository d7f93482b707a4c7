import { createShortcuts } from './shortcuts.ts';
import { GalleryDesk } from './gallery/desk.tsx';
import { pictureClock } from './gallery/sample.ts';
import { UiProvider } from './ui-provider.tsx';

const shortcuts = createShortcuts();

/** Every part of this folder in every state (`#gallery`), and the picture of the desk made from them (`#gallery-desk`). */
export function Gallery({ hash, locale }: { hash: string; locale: string }) {
  return (
    <UiProvider locale={locale} clock={pictureClock} shortcuts={shortcuts}>
      {hash === '#gallery-desk' ? <GalleryDesk /> : null}
    </UiProvider>
  );
}
