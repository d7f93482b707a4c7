/** Words of the application menu and of the few boxes shown before the page is there. */
const english = {
  file: 'File',
  edit: 'Edit',
  view: 'View',
  window: 'Window',
  help: 'Help',
  settings: 'Settings …',
  quit: 'Quit Fairlead',
  close: 'Close window',
  undo: 'Undo',
  redo: 'Redo',
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  pastePlain: 'Paste without format',
  selectAll: 'Select all',
  zoomIn: 'Larger',
  zoomOut: 'Smaller',
  zoomReset: 'Actual size',
  fullScreen: 'Full screen',
  minimize: 'Minimise',
  reload: 'Reload',
  developerTools: 'Developer tools',
  shortcuts: 'Keyboard shortcuts',
  showLog: 'Show log file',
  about: 'About Fairlead',
  cannotStart: 'Fairlead cannot start',
  cannotStartWhy: 'It stopped at the step “{step}”. Nothing you wrote is lost. The log file says more:',
  pageKeepsFailing: 'Fairlead’s window keeps failing',
  pageKeepsFailingWhy: 'Nothing you wrote is lost. Please quit and start Fairlead again. The log file says more:',
};
export type Words = Readonly<Record<keyof typeof english, string>>;

const german: Words = {
  file: 'Datei',
  edit: 'Bearbeiten',
  view: 'Ansicht',
  window: 'Fenster',
  help: 'Hilfe',
  settings: 'Einstellungen …',
  quit: 'Fairlead beenden',
  close: 'Fenster schließen',
  undo: 'Rückgängig',
  redo: 'Wiederholen',
  cut: 'Ausschneiden',
  copy: 'Kopieren',
  paste: 'Einfügen',
  pastePlain: 'Ohne Format einfügen',
  selectAll: 'Alles auswählen',
  zoomIn: 'Größer',
  zoomOut: 'Kleiner',
  zoomReset: 'Originalgröße',
  fullScreen: 'Vollbild',
  minimize: 'Minimieren',
  reload: 'Neu laden',
  developerTools: 'Entwicklerwerkzeuge',
  shortcuts: 'Tastenkürzel',
  showLog: 'Protokolldatei zeigen',
  about: 'Über Fairlead',
  cannotStart: 'Fairlead kann nicht starten',
  cannotStartWhy: 'Der Start endete beim Schritt „{step}“. Nichts Geschriebenes ist verloren. Mehr steht im Protokoll:',
  pageKeepsFailing: 'Das Fenster von Fairlead fällt immer wieder aus',
  pageKeepsFailingWhy:
    'Nichts Geschriebenes ist verloren. Bitte Fairlead beenden und neu starten. Mehr steht im Protokoll:',
};

export type Language = 'en' | 'de';

/** The words of one language. */
export function wordsIn(language: Language): Words {
  return language === 'de' ? german : english;
}

/** Our language for the system's list of preferred ones (`de-AT`, `fr`, …): the first we speak, else English. */
export function languageFor(preferred: readonly string[]): Language {
  const spoken = preferred.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === 'en' || tag === 'de');
  return spoken === 'de' ? 'de' : 'en';
}
