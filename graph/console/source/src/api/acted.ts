const listeners = new Set<() => void>();

/** Calls back after each act of this page that was answered; returns what ends it. */
export function afterActs(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function acted(): void {
  listeners.forEach((listener) => listener());
}
