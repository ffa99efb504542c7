import type { FormEvent, ReactNode } from "react";
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
  /** Without it the field keeps by itself what is filled in, from `defaultValue` on. */
  value?: string;
  defaultValue?: string;
  onChange?: (value: string) => void;
  maxLength?: number;
  /** How many lines; one is a line of text. */
  rows?: number;
  type?: "text" | "date" | "datetime-local" | "number" | "url";
}

/** A field for words, a day or a number. */
export function WordsField({ label, help, required = false, rows = 1, type = "text", ...field }: TextProps) {
  return (
    <TextField className="field" isRequired={required} type={type} onInput={forgetFault} {...field}>
      <FieldLabel label={label} required={required} />
      {rows > 1 ? <TextArea rows={rows} /> : <Input />}
      {help && <Text slot="description" className="help">{help}</Text>}
      <FieldFault />
    </TextField>
  );
}

/**
 * What is wrong with a field goes as soon as somebody mends it. By itself it goes when the field is left, by the press of
 * the button perhaps, which then moves away from under the pointer and is not pressed.
 */
function forgetFault({ currentTarget: field }: FormEvent<HTMLInputElement>): void {
  if (field.getAttribute("aria-invalid") === "true") {
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

export interface Option {
  id: string;
  name: string;
}

interface ChoiceProps extends Named {
  options: readonly Option[];
  /** Without it the field keeps by itself what is chosen, from `defaultValue` on. */
  value?: string | null;
  defaultValue?: string;
  onChange?: (value: string) => void;
}

/** One of a few. */
export function ChoiceField({ label, help, required = false, options, onChange, ...field }: ChoiceProps) {
  const { t } = useTranslation("parts");
  return (
    <Select
      className="field"
      onChange={(key: Key | null) => key !== null && onChange?.(String(key))}
      isRequired={required}
      placeholder={t("field.choose")}
      {...field}
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
