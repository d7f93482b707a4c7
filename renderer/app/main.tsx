import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Gallery } from '#renderer/ui/gallery.tsx';
import { applyTheme } from '#renderer/ui/ui-provider.tsx';
import { startI18n } from './i18n.ts';

const asked = new URLSearchParams(location.search);
const theme = asked.get('theme');
const locale = asked.get('locale') ?? 'en';
if (theme === 'light' || theme === 'dark') applyTheme(theme);
const textScale = asked.get('text');
if (textScale !== null) document.documentElement.style.fontSize = `${textScale}%`;
startI18n(locale === 'de' || locale === 'en-XA' ? locale : 'en');

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <Gallery hash={location.hash} locale={locale === 'en' ? 'en-GB' : locale} />
  </StrictMode>,
);
