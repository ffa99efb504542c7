import { useTranslation } from "react-i18next";

/** What a value of an enum is called: `name("TopicStatus", topic.status)`. The words are the schema's own. */
export function useNames(): (type: string, value: string) => string {
  const { t } = useTranslation("names");
  return (type, value) => t(`${type}.${value}`);
}

/** All values of an enum, as choices: `choices("Category")`. */
export function useChoices(): (type: string) => { id: string; name: string }[] {
  const { t } = useTranslation("names");
  return (type) => Object.entries(t(type, { returnObjects: true }) as Record<string, string>).map(([id, name]) => ({ id, name }));
}
