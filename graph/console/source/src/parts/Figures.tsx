import type { ReactNode } from "react";

export interface Figure {
  name: string;
  value: ReactNode;
  note?: ReactNode;
}

/** Figures as cards; a list of terms for those who do not see it. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl className="figures">
      {figures.map(({ name, value, note }) => (
        <div key={name} className="figure">
          <dt>{name}</dt>
          <dd>
            <span className="figure-value">{value}</span>
            {note && <span className="figure-note">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
