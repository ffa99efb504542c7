import { useSyncExternalStore } from "react";

let said = "";
const listeners = new Set<() => void>();

/** Says something to those who do not see the page: what arrived, what an act did. */
export function announce(text: string): void {
  said = text;
  listeners.forEach((tell) => tell());
}

function listen(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export function Announcer() {
  const text = useSyncExternalStore(listen, () => said);
  return (
    <div className="unseen" role="status" aria-live="polite">
      {text}
    </div>
  );
}
