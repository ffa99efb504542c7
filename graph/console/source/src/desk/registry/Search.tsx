import { useEffect, useState } from "react";
import { Input, Label, SearchField, Text } from "react-aria-components";

const PAUSE_MS = 300;

/** Words by which a list is made shorter. */
export function Search({ label, help, onSearch }: { label: string; help?: string; onSearch: (words: string) => void }) {
  const [words, setWords] = useState("");
  useEffect(() => {
    const waiting = setTimeout(() => onSearch(words.trim()), PAUSE_MS);
    return () => clearTimeout(waiting);
  }, [words, onSearch]);
  return (
    <SearchField className="field" value={words} onChange={setWords}>
      <Label>{label}</Label>
      <Input />
      {help && (
        <Text slot="description" className="help">
          {help}
        </Text>
      )}
    </SearchField>
  );
}
