import { useEffect } from "react";

/** Asks again every few seconds while the page is seen: for what the API tells nobody of by itself. */
export function usePolling(again: () => void, seconds = 15): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") {
        again();
      }
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [again, seconds]);
}
