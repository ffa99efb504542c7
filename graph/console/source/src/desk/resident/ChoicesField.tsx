import type { ReactNode } from "react";
import { Radio, RadioGroup, Text } from "react-aria-components";
import { FieldFault, FieldLabel } from "~/parts/Fields";

interface Explained {
  id: string;
  name: string;
  /** What it means, beside its name. */
  note?: string;
}

interface Props {
  name: string;
  label: string;
  help?: ReactNode;
  required?: boolean;
  /** Side by side where there is room. */
  columns?: boolean;
  options: readonly Explained[];
  value: string | null;
  onChange: (value: string) => void;
}

/** One of a few that are all seen at once, each with what it means. */
export function ChoicesField({ name, label, help, required = false, columns = false, options, value, onChange }: Props) {
  return (
    <RadioGroup className="field" name={name} value={value} onChange={onChange} isRequired={required}>
      <FieldLabel label={label} required={required} />
      {help && (
        <Text slot="description" className="help">
          {help}
        </Text>
      )}
      <div className={`radios ${columns ? "columns-of-radios" : ""}`}>
        {options.map((option) => (
          <Radio key={option.id} value={option.id} className="radio">
            <span className="radio-mark" aria-hidden="true" />
            <span className="radio-words">
              <span>{option.name}</span>
              {option.note && <span className="soft small">{option.note}</span>}
            </span>
          </Radio>
        ))}
      </div>
      <FieldFault />
    </RadioGroup>
  );
}
