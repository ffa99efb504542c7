import { useState } from "react";
import { PickDepartmentDocument, PickDivisionDocument } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { Picker, type Found } from "./Picker";

interface Props {
  name: string;
  label: string;
  help?: string;
  required?: boolean;
  /** The code of the division whose subtree it is in. */
  within?: string;
  initial?: Found | null;
  onPick?: (picked: Found | null) => void;
}

/** A division by a part of its name; what is picked has its code as the id. */
export function DivisionPicker({ within, ...field }: Props) {
  const [words, setWords] = useState("");
  const { data } = useAsk(PickDivisionDocument, { name: words || null, within: within ?? null });
  const found = data?.divisions?.nodes.map(({ code, name, ancestors }) => ({
    id: code,
    name,
    note: `${ancestors.map((each) => each.name).join("")} ${code}`,
  }));
  return <Picker {...field} found={found ?? null} onSearch={setWords} />;
}

/** A department by a part of its name; what is picked has its code as the id. */
export function DepartmentPicker({ within, ...field }: Props) {
  const [words, setWords] = useState("");
  const { data } = useAsk(PickDepartmentDocument, { name: words || null, within: within ?? null });
  const found = data?.departments?.nodes.map(({ code, name, division }) => ({ id: code, name, note: `${division.name} ${code}` }));
  return <Picker {...field} found={found ?? null} onSearch={setWords} />;
}
