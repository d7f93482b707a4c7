import { useTranslation } from 'react-i18next';
import { Age } from '#renderer/ui/time-text.tsx';

/** Where something comes from and how old it is. */
export function SourceAge({ source, at }: { source: string; at: number }) {
  const { t } = useTranslation('customer');
  return (
    <>
      {t(`source.${source}`, { defaultValue: source })}, <Age at={at} isAgo />
    </>
  );
}
