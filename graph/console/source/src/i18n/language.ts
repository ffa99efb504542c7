import i18next from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = ["zh", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

const KEPT = "shangliang.language";
const WORDS = { zh: () => import("./zh"), en: () => import("./en") };
const TAGS: Record<Language, string> = { zh: "zh-CN", en: "en" };

/** Chinese, unless somebody chose otherwise, here or by `?lang=en` in the address. */
export function chosen(): Language {
  const wanted = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem(KEPT);
  return LANGUAGES.find((language) => language === wanted) ?? "zh";
}

export async function startLanguage(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: chosen(),
    fallbackLng: false,
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await speak(chosen());
}

export async function speak(language: Language): Promise<void> {
  const { default: words } = await WORDS[language]();
  for (const [area, texts] of Object.entries(words)) {
    i18next.addResourceBundle(language, area, texts);
  }
  localStorage.setItem(KEPT, language);
  document.documentElement.lang = TAGS[language];
  await i18next.changeLanguage(language);
}

/** The tag by which browsers and servers know the language. */
export function tag(): string {
  return TAGS[i18next.language as Language] ?? TAGS.zh;
}
