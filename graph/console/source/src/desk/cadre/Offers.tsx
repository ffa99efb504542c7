import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Section } from "~/parts/Page";

export interface Offer {
  /** What the act is called. */
  name: string;
  /** Why it cannot be done now; null where it can. */
  why: string | null;
  /** Its button. */
  button: ReactNode;
}

interface Props {
  /** What is to be done next, in a sentence. */
  next: string;
  offers: readonly Offer[];
  children?: ReactNode;
}

/** What can be done with a thing now, and of all else why not. */
export function Offers({ next, offers, children }: Props) {
  const { t } = useTranslation("cadre");
  const open = offers.filter(({ why }) => why === null);
  const closed = offers.filter(({ why }) => why !== null);
  return (
    <Section title={t("offers.title")} className="offers">
      <p>{next}</p>
      {children}
      <div className="buttons">
        {open.map(({ name, button }) => (
          <span key={name}>{button}</span>
        ))}
      </div>
      {closed.length > 0 && (
        <details className="closed">
          <summary>{t("offers.closed", { count: closed.length })}</summary>
          <dl>
            {closed.map(({ name, why }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{why}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </Section>
  );
}
