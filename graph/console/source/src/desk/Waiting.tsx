import type { ReactNode } from "react";
import { Link } from "react-router";
import { number } from "~/i18n/format";
import { Section } from "~/parts/Page";

export interface WaitingFor {
  name: string;
  /** How many there are; null where the API does not tell. */
  count: number | null | undefined;
  to: string;
  /** Whether it is late, as long as there are any. */
  late?: boolean;
}

interface Props {
  title: string;
  waiting: readonly WaitingFor[];
  children?: ReactNode;
}

/** A card of the desk's first page: how much waits, and where it is done. */
export function Waiting({ title, waiting, children }: Props) {
  return (
    <Section title={title}>
      <ul className="waits">
        {waiting.map(({ name, count, to, late = false }) => (
          <li key={name}>
            <Link to={to} className={late && count ? "late" : ""}>
              <span>{name}</span>
              <strong>{count == null ? "—" : number(count)}</strong>
            </Link>
          </li>
        ))}
      </ul>
      {children}
    </Section>
  );
}
