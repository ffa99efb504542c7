import { useMemo } from "react";
import type { TracedFragment } from "~generated/graphql";

/** The entries of a topic's own chain: among what is told of it are those of its matters, too. */
export function useOwn(topic: string, trace: readonly TracedFragment[]): readonly TracedFragment[] {
  return useMemo(() => trace.filter(({ seal }) => seal == null || seal.chain === topic), [topic, trace]);
}
