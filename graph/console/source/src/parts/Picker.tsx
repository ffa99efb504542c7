import { useEffect, useState } from "react";
import { Button, ComboBox, Input, ListBox, ListBoxItem, Popover, Text, type Key } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { FieldFault, FieldLabel } from "./Fields";

export interface Found {
  id: string;
  name: string;
  /** Tells it from others of the same name: where it is, its code. */
  note?: string;
}

interface Props {
  name: string;
  label: string;
  help?: string;
  required?: boolean;
  /** What was found by the words of `onSearch`; null while it is on its way. */
  found: readonly Found[] | null;
  onSearch: (words: string) => void;
  /** What is picked at first. */
  initial?: Found | null;
  onPick?: (picked: Found | null) => void;
}

const PAUSE_MS = 250;

/** One of many, found by a part of its name. */
export function Picker({ name, label, help, required = false, found, onSearch, initial = null, onPick }: Props) {
  const { t } = useTranslation("parts");
  const [words, setWords] = useState(initial?.name ?? "");
  const [picked, setPicked] = useState<Found | null>(initial);
  const typed = words !== picked?.name;

  useEffect(() => {
    if (!typed) {
      return undefined;
    }
    const waiting = setTimeout(() => onSearch(words.trim()), PAUSE_MS);
    return () => clearTimeout(waiting);
  }, [words, typed, onSearch]);

  function pick(key: Key | null) {
    const chosen = key === null ? null : (found?.find(({ id }) => id === key) ?? picked);
    setPicked(chosen);
    setWords(chosen?.name ?? words);
    onPick?.(chosen);
  }

  return (
    <ComboBox
      className="field"
      name={name}
      items={found ?? []}
      inputValue={words}
      onInputChange={setWords}
      selectedKey={picked?.id ?? null}
      onSelectionChange={pick}
      defaultFilter={() => true}
      isRequired={required}
      allowsEmptyCollection
      menuTrigger="focus"
    >
      <FieldLabel label={label} required={required} />
      <span className="picker">
        <Input />
        <Button className="picker-button">
          <span aria-hidden="true">▾</span>
        </Button>
      </span>
      {help && <Text slot="description" className="help">{help}</Text>}
      <FieldFault />
      <Popover className="popover">
        <ListBox<Found>
          className="options"
          renderEmptyState={() => <p className="options-empty">{found === null ? t("picker.searching") : t("picker.none")}</p>}
        >
          {(one) => (
            <ListBoxItem id={one.id} textValue={one.name}>
              <Text slot="label">{one.name}</Text>
              {one.note && <Text slot="description" className="soft small option-note">{one.note}</Text>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
