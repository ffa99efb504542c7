import { useState } from "react";
import { PickMemberDocument } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { Picker, type Found } from "./Picker";

interface Props {
  name: string;
  label: string;
  required?: boolean;
  /** The code of the division whose members they are. */
  within: string;
  onPick?: (picked: Found | null) => void;
}

/** A member of the conference by a part of their name; what is picked has its id. */
export function MemberPicker({ within, ...field }: Props) {
  const [words, setWords] = useState("");
  const { data } = useAsk(PickMemberDocument, { name: words || null, within });
  const found = data?.members?.nodes.map(({ id, name, sector, liaisonGroup }) => ({
    id,
    name,
    note: [sector, liaisonGroup?.name].filter(Boolean).join(" · "),
  }));
  return <Picker {...field} found={found ?? null} onSearch={setWords} />;
}
