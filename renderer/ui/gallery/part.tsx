import type { ReactNode } from 'react';
import { Stack, Text } from '#renderer/ui/layout.tsx';

/** One block of the gallery. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="rounded-l border border-line bg-pane p-4">
      <Stack gap="md">
        <Text as="h2" size="sm" weight="semibold" shade="faint">
          {title}
        </Text>
        {children}
      </Stack>
    </section>
  );
}
