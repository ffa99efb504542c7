import type { ReactNode } from "react";
import { number } from "~/i18n/format";

export interface Bar {
  key: string;
  name: ReactNode;
  value: number;
}

/** Counts beside each other as bars; a list of terms for those who do not see it, and on paper. */
export function Bars({ bars }: { bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <dl className="bars">
      {bars.map(({ key, name, value }) => (
        <div key={key}>
          <dt>{name}</dt>
          <dd>
            <span className="bar" style={{ width: `calc((100% - 3.5rem) * ${value / most})` }} aria-hidden="true" />
            <span className="bar-value">{number(value)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
