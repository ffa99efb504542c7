import type { ReactNode } from "react";
import {
  Button, FieldError, Input, Label, ListBox, ListBoxItem, Popover, Select, SelectValue, Text, TextArea, TextField, type Key,
} from "react-aria-components";
import { useTranslation } from "react-i18next";

interface Named {
  /** The input's field, by which a refusal finds it. */
  name: string;
  label: string;
  help?: ReactNode;
  required?: boolean;
}

/** What is wrong with a field, in the reader's language. */
export function FieldFault() {
  const { t } = useTranslation("parts");
  return (
    <FieldError className="error">
      {({ validationDetails, validationErrors }) => (validationDetails.valueMissing ? t("field.missing") : validationErrors.join(" "))}
    </FieldError>
  );
}

export function FieldLabel({ label, required = false }: { label: string; required?: boolean }) {
  const { t } = useTranslation("parts");
  return (
    <Label>
      {label}
      {!required && <span className="optional">{t("field.optional")}</span>}
    </Label>
  );
}

interface TextProps extends Named {
  value: string;
  onChange: (value: string) => void;
  maxLength?: number;
  /** How many lines; one is a line of text. */
  rows?: number;
  type?: "text" | "date" | "number";
}

/** A field for words, a day or a number. */
export function WordsField({ name, label, help, required = false, value, onChange, maxLength, rows = 1, type = "text" }: TextProps) {
  return (
    <TextField className="field" name={name} value={value} onChange={onChange} isRequired={required} type={type} maxLength={maxLength}>
      <FieldLabel label={label} required={required} />
      {rows > 1 ? <TextArea rows={rows} /> : <Input />}
      {help && <Text slot="description" className="help">{help}</Text>}
      <FieldFault />
    </TextField>
  );
}

export interface Option {
  id: string;
  name: string;
}

interface ChoiceProps extends Named {
  options: readonly Option[];
  value: string | null;
  onChange: (value: string) => void;
}

/** One of a few. */
export function ChoiceField({ name, label, help, required = false, options, value, onChange }: ChoiceProps) {
  const { t } = useTranslation("parts");
  return (
    <Select
      className="field"
      name={name}
      value={value}
      onChange={(key: Key | null) => key !== null && onChange(String(key))}
      isRequired={required}
      placeholder={t("field.choose")}
    >
      <FieldLabel label={label} required={required} />
      <Button className="select-button">
        <SelectValue />
        <span aria-hidden="true">▾</span>
      </Button>
      {help && <Text slot="description" className="help">{help}</Text>}
      <FieldFault />
      <Popover className="popover">
        <ListBox className="options" items={options}>
          {(option) => <ListBoxItem id={option.id}>{option.name}</ListBoxItem>}
        </ListBox>
      </Popover>
    </Select>
  );
}
