import type { ReactNode } from "react";

interface Props {
  kind: "notice" | "problem" | "done";
  title: ReactNode;
  children?: ReactNode;
}

/** Something to be told in place: a problem is said at once to those who do not see it. */
export function Notice({ kind, title, children }: Props) {
  return (
    <div className={`notice ${kind}`} role={kind === "problem" ? "alert" : "status"}>
      <p className="notice-title">{title}</p>
      {children}
    </div>
  );
}
