import i18next from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = ["zh", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

type Words = { default: object };

const KEPT = "shangliang.language";
const FILES = import.meta.glob<Words>("./*/*.json");
const NAMES: Record<Language, () => Promise<Words>> = { zh: () => import("virtual:names/zh"), en: () => import("virtual:names/en") };
const TAGS: Record<Language, string> = { zh: "zh-CN", en: "en" };

/** Chinese, unless somebody chose otherwise, here or by `?lang=en` in the address. */
export function chosen(): Language {
  const wanted = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem(KEPT);
  return LANGUAGES.find((language) => language === wanted) ?? "zh";
}

/** Words are read by area, each when something is shown that has them; these are there before anything is shown. */
const FIRST = ["shell", "names", "hall"];

/** Addresses are read as soon as the program is: before this no words can be. */
const started = new Promise<void>((resolve) => i18next.on("initialized", () => resolve()));

export async function startLanguage(): Promise<void> {
  await i18next
    .use({
      type: "backend" as const,
      init: () => undefined,
      read: async (language: Language, area: string) => (await words(language, area)).default,
    })
    .use(initReactI18next)
    .init({
      lng: chosen(),
      fallbackLng: false,
      ns: FIRST,
      defaultNS: "shell",
      interpolation: { escapeValue: false },
      returnNull: false,
    });
  told(chosen());
}

/** Reads the words of every area: the desk's pages use each other's. */
export async function allWords(): Promise<void> {
  await started;
  await i18next.loadNamespaces(Object.keys(FILES).map((file) => file.replace(/^.*\/|\.json$/g, "")));
}

export async function speak(language: Language): Promise<void> {
  await i18next.changeLanguage(language);
  told(language);
}

function told(language: Language): void {
  localStorage.setItem(KEPT, language);
  document.documentElement.lang = TAGS[language];
}

function words(language: Language, area: string): Promise<Words> {
  const read = area === "names" ? NAMES[language] : FILES[`./${language}/${area}.json`];
  return read ? read() : Promise.reject(new Error(`No words of ${area} in ${language}.`));
}

/** The tag by which browsers and servers know the language. */
export function tag(): string {
  return TAGS[i18next.language as Language] ?? TAGS.zh;
}
