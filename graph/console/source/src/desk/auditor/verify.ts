import type { TracedFragment } from "~generated/graphql";
import { sha256 } from "~/parts/hashing";

/** What was found of an entry's hash. */
export type Found = "holds" | "differs" | "detached" | "unknown";
/** What was found of its summary: the words that were recorded, others in their place, erased ones, or changed ones. */
export type Words = "recorded" | "withheld" | "erased" | "changed" | "unknown";

export interface Checked {
  entry: TracedFragment;
  found: Found;
  words: Words;
  /** The hash as it was computed here; null where what it covers is not told. */
  computed: string | null;
}

export interface Verdict {
  entries: Checked[];
  /** The first number of the chain that is missing; null where none is. */
  missing: number | null;
  /** Whether the last entry is the one that the chain's head names. */
  head: boolean;
  /** Whether nothing was found wrong. */
  sound: boolean;
}

const NOTHING = "0".repeat(64);
const PLAIN_FORM = 1;
/** What stands in the place of a summary that was erased. */
const ERASED = "(已删除)";

/** Computes a chain anew by the rules of docs/trace.md; its entries are given in their order. */
export async function verified(entries: readonly TracedFragment[]): Promise<Verdict> {
  const checked: Checked[] = [];
  let previous = NOTHING;
  let number = 0;
  let missing: number | null = null;
  for (const entry of entries) {
    const { seal } = entry;
    if (seal == null) {
      checked.push({ entry, found: "unknown", words: "unknown", computed: null });
      continue;
    }
    if (missing === null && seal.sequence !== number + 1) {
      missing = number + 1;
    }
    const computed = seal.form === PLAIN_FORM ? null : await sha256(canonical(entry));
    const follows = seal.previousHash === previous;
    const found = computed !== null && computed !== seal.hash ? "differs" : follows ? (computed === null ? "unknown" : "holds") : "detached";
    checked.push({ entry, found, words: await wordsOf(entry), computed });
    previous = seal.hash;
    number = seal.sequence;
  }
  const last = entries.at(-1)?.seal;
  const head = last != null && last.lastSequence === number && last.lastHash === previous;
  const right = checked.every(({ found, words }) => found !== "differs" && found !== "detached" && words !== "changed");
  return { entries: checked, missing, head, sound: right && missing === null && head };
}

/** What an entry's hash is taken of: canonical JSON (RFC 8785), its names sorted. */
export function canonical({ id, at, act, actorRole, subject, seal }: TracedFragment): string {
  return JSON.stringify({
    act,
    actor: seal?.actorCommitment ?? null,
    actor_role: actorRole,
    at: instant(at),
    chain: seal?.chain,
    evidence: seal?.evidenceCommitment ?? null,
    form: seal?.form,
    id: id.replace(/^traceentry_/, ""),
    previous_hash: seal?.previousHash,
    sequence: seal?.sequence,
    subject: subject?.id ?? null,
    summary: seal?.summaryCommitment ?? null,
  });
}

/** An instant in UTC with `Z`: six decimals of a second, or none where all are zeros. */
export function instant(told: string): string {
  const [, second, fraction] = /^(.*?)(?:\.(\d+))?(?:Z|\+00:00)$/.exec(told) ?? [];
  if (second === undefined) {
    return told;
  }
  const decimals = (fraction ?? "").padEnd(6, "0");
  return Number(decimals) === 0 ? `${second}Z` : `${second}.${decimals}Z`;
}

async function wordsOf({ seal, summary }: TracedFragment): Promise<Words> {
  if (seal == null || seal.summaryCommitment == null) {
    return "unknown";
  }
  if (seal.summarySalt == null) {
    return summary === ERASED ? "erased" : "withheld";
  }
  const salt = Uint8Array.from(seal.summarySalt.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const said = new TextEncoder().encode(summary);
  const both = new Uint8Array(salt.length + said.length);
  both.set(salt);
  both.set(said, salt.length);
  return (await sha256(both)) === seal.summaryCommitment ? "recorded" : "changed";
}
