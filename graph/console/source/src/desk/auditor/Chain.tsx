import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TracedFragment } from "~generated/graphql";
import { moment } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { canHash } from "~/parts/hashing";
import { Loading } from "~/parts/Loading";
import { Notice } from "~/parts/Notice";
import { Section } from "~/parts/Page";
import { verified, type Checked, type Verdict } from "./verify";
import "./auditor.css";

interface Props {
  title: string;
  entries: readonly TracedFragment[];
}

/** A chain of the trace, computed anew here, entry by entry. */
export function Chain({ title, entries }: Props) {
  const { t } = useTranslation("auditor");
  const verdict = useVerdict(entries);
  return (
    <Section title={title}>
      {!canHash() && <Notice kind="problem" title={t("cannot")} />}
      {verdict === null ? canHash() && <Loading /> : <Told verdict={verdict} />}
      <ol className="timeline trace">
        {(verdict?.entries ?? entries.map((entry) => ({ entry, found: "unknown", words: "unknown", computed: null }) as Checked)).map((checked) => (
          <Entry key={checked.entry.id} checked={checked} />
        ))}
      </ol>
    </Section>
  );
}

function useVerdict(entries: readonly TracedFragment[]): Verdict | null {
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  useEffect(() => {
    let current = true;
    if (canHash()) {
      void verified(entries).then((found) => current && setVerdict(found));
    }
    return () => {
      current = false;
    };
  }, [entries]);
  return verdict;
}

function Told({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation("auditor");
  const { entries, missing, head, sound } = verdict;
  const last = entries.at(-1)?.entry.seal;
  const unsealed = entries.filter(({ entry }) => entry.seal == null).length;
  if (unsealed === entries.length) {
    return <Notice kind="notice" title={t("unsealed")} />;
  }
  const count = (wanted: (one: Checked) => boolean) => entries.filter(wanted).length;
  const faults = [
    missing !== null && t("fault.missing", { number: missing }),
    !head && t("fault.head"),
    ...entries.flatMap(({ entry, found, words }) => [
      (found === "differs" || found === "detached") && t(`fault.${found}`, { number: entry.seal?.sequence }),
      words === "changed" && t("fault.changed", { number: entry.seal?.sequence }),
    ]),
  ].filter((fault) => fault !== false);
  return (
    <Notice kind={sound ? "done" : "problem"} title={t(sound ? "sound" : "unsound", { count: entries.length })}>
      <ul>
        {faults.map((fault) => (
          <li key={fault}>{fault}</li>
        ))}
        <li>
          {t("counts", {
            holds: count(({ found }) => found === "holds"),
            withheld: count(({ words }) => words === "withheld"),
            erased: count(({ words }) => words === "erased"),
            plain: count(({ entry }) => entry.seal?.form === 1),
          })}
        </li>
        {last && <li className="digest">{t("headOf", { number: last.lastSequence, hash: last.lastHash })}</li>}
      </ul>
    </Notice>
  );
}

const TONES = { holds: "done", differs: "wrong", detached: "wrong", unknown: "plain" } as const;
const OF_WORDS = { recorded: "done", withheld: "waiting", erased: "waiting", changed: "wrong", unknown: "plain" } as const;

function Entry({ checked: { entry, found, words, computed } }: { checked: Checked }) {
  const { t } = useTranslation("auditor");
  const name = useNames();
  const { seal } = entry;
  return (
    <li className={found === "holds" ? "done" : ""}>
      <h3>{entry.summary}</h3>
      <p className="line">
        {seal && <span>{t("number", { number: seal.sequence })}</span>}
        <time dateTime={entry.at}>{moment(entry.at)}</time>
        <span>{name("ActorRole", entry.actorRole)}</span>
        <code>{entry.act}</code>
      </p>
      {seal && (
        <>
          <p className="line">
            <span className={`tag ${TONES[found]}`}>{t(`found.${found}`)}</span>
            <span className={`tag ${OF_WORDS[words]}`}>{t(`words.${words}`)}</span>
            <span>{t(seal.evidenceCommitment ? "evidence.some" : "evidence.none")}</span>
          </p>
          <details>
            <summary>{t("digests")}</summary>
            <dl className="digests">
              <Digest name={t("digest.hash")} value={seal.hash} />
              <Digest name={t("digest.computed")} value={computed ?? t("digest.notComputed")} />
              <Digest name={t("digest.previous")} value={seal.previousHash} />
              <Digest name={t("digest.summary")} value={seal.summaryCommitment ?? "—"} />
              <Digest name={t("digest.actor")} value={seal.actorCommitment ?? "—"} />
              <Digest name={t("digest.evidence")} value={seal.evidenceCommitment ?? "—"} />
            </dl>
          </details>
        </>
      )}
    </li>
  );
}

function Digest({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="digest">{value}</dd>
    </div>
  );
}
