import { ToggleButton, ToggleButtonGroup } from "react-aria-components";

interface Props<Value extends string> {
  label: string;
  options: readonly Value[];
  chosen: Value;
  name: (value: Value) => string;
  onChoose: (value: Value) => void;
}

/** One of a few, all of them in sight. */
export function Choice<Value extends string>({ label, options, chosen, name, onChoose }: Props<Value>) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      className="choices"
      selectedKeys={[chosen]}
      disallowEmptySelection
      onSelectionChange={(keys) => {
        const [key] = keys;
        if (key !== undefined) {
          onChoose(key as Value);
        }
      }}
    >
      {options.map((each) => (
        <ToggleButton key={each} id={each} className="choice">
          {name(each)}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
