import type { Category, MatterNature } from "~generated/graphql";

export interface MatterDraft {
  platform: { id: string; name: string } | null;
  title: string;
  description: string;
  category: Category | null;
  nature: MatterNature | null;
}

export const BLANK: MatterDraft = { platform: null, title: "", description: "", category: null, nature: null };

export const STEPS = ["where", "what", "send"] as const;
export type RaisingStep = (typeof STEPS)[number];

/** The step that an address names, or the first one before it that is not complete. */
export function stepOf(asked: string | null, { platform, title, description, category }: MatterDraft): RaisingStep {
  const wanted = STEPS.find((step) => step === asked) ?? "where";
  if (wanted === "where" || platform === null) {
    return "where";
  }
  const complete = title.trim() !== "" && description.trim() !== "" && category !== null;
  return wanted === "send" && !complete ? "what" : wanted;
}
