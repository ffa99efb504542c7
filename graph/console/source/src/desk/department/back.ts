import type { RefObject } from "react";

const CLOSED_MS = 350;

/** Goes to what an act was about, once its dialog has closed: the button that opened it may be gone. */
export function backTo(place: RefObject<HTMLElement | null>): void {
  setTimeout(() => place.current?.focus({ preventScroll: true }), CLOSED_MS);
}
