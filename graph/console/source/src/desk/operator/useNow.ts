import { useEffect, useState } from "react";

/** The present instant in milliseconds, told anew every few seconds. */
export function useNow(seconds = 5): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  return now;
}
