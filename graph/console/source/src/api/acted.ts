const listeners = new Set<() => void>();

/**
 * Calls back when what the page shows may be another now: after each act of this page that was answered, and once changes
 * arrive again that did not for a while. Returns what ends it.
 */
export function afterActs(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function acted(): void {
  listeners.forEach((listener) => listener());
}
