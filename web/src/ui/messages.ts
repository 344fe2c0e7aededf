import { en, type Messages } from './messages/en.ts';

/** What each language calls itself. */
export const LANGUAGES = {
  en: 'English',
  zh: '中文',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  ja: '日本語',
} as const;
export type Language = keyof typeof LANGUAGES;

const LANGUAGE_KEY = 'semblance.language';

export const isLanguage = (name: string | null | undefined): name is Language =>
  typeof name === 'string' && Object.hasOwn(LANGUAGES, name);

/** The one that was chosen in the menu, else the first of the browser's that there is. */
function chosenLanguage(): Language {
  const chosen = typeof localStorage === 'undefined' ? null : localStorage.getItem(LANGUAGE_KEY);
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map(name => name.toLowerCase().split('-')[0]).find(isLanguage) ?? 'en';
}

export const language: Language = chosenLanguage();

/**
 * Languages but English are loaded when needed. Their files import nothing: the page waits for them before it begins,
 * so they must not wait for a part of the page.
 */
const LOADERS: Readonly<Record<Language, () => Promise<Messages>>> = {
  en: async () => en,
  zh: async () => (await import('./messages/zh.ts')).messages,
  de: async () => (await import('./messages/de.ts')).messages,
  fr: async () => (await import('./messages/fr.ts')).messages,
  es: async () => (await import('./messages/es.ts')).messages,
  ja: async () => (await import('./messages/ja.ts')).messages,
};

/** The page's words, in the browser's language or the chosen one; in English where that does not load. */
export const t: Messages = await LOADERS[language]().catch(() => en);

/** Takes another language and starts the page again. */
export function switchLanguage(to: Language): void {
  localStorage.setItem(LANGUAGE_KEY, to);
  location.reload();
}
