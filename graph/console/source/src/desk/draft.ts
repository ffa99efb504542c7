import { useCallback, useState } from "react";

interface Draft<Content> {
  content: Content;
  write: (part: Partial<Content>) => void;
  discard: () => void;
}

/** What somebody is writing, kept in this browser under a name until it is sent, so that nothing typed is lost. */
export function useDraft<Content extends object>(name: string, blank: Content): Draft<Content> {
  const [content, setContent] = useState<Content>(() => ({ ...blank, ...(JSON.parse(localStorage.getItem(name) ?? "{}") as Partial<Content>) }));
  const write = useCallback(
    (part: Partial<Content>) =>
      setContent((before) => {
        const after = { ...before, ...part };
        localStorage.setItem(name, JSON.stringify(after));
        return after;
      }),
    [name],
  );
  const discard = useCallback(() => {
    localStorage.removeItem(name);
    setContent(blank);
  }, [name, blank]);
  return { content, write, discard };
}
