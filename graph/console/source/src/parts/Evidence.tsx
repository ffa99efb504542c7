import { useState } from "react";
import { Button, FileTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { WordsField } from "./Fields";
import { canHash, sha256 } from "./hashing";

const MOST = 20;

/** The names of its fields, by which refusals find them. */
export const EVIDENCE = ["evidence.url", "evidence.sha256", "evidence.note"] as const;

/** Documents that show something, one or more: address, SHA-256, note (佐证材料). */
export function EvidenceFields({ required = true }: { required?: boolean }) {
  const { t } = useTranslation("parts");
  const [rows, setRows] = useState<readonly number[]>([0]);
  return (
    <fieldset className="rows">
      <legend>{t("evidence.legend")}</legend>
      {rows.map((row, at) => (
        <div key={row} className="row evidence">
          <WordsField name="evidence.url" label={t("evidence.url")} type="url" required={required} maxLength={2000} />
          <WordsField name="evidence.note" label={t("evidence.note")} maxLength={2000} />
          <Digest name="evidence.sha256" />
          {rows.length > 1 && (
            <Button className="button quiet" aria-label={t("evidence.remove", { at: at + 1 })} onPress={() => setRows(rows.filter((each) => each !== row))}>
              {t("remove")}
            </Button>
          )}
        </div>
      ))}
      {rows.length < MOST && (
        <Button className="button" onPress={() => setRows([...rows, Math.max(...rows) + 1])}>
          {t("evidence.add")}
        </Button>
      )}
    </fieldset>
  );
}

/** A document's digest: written down, or taken of a file of this machine, which is sent nowhere. */
function Digest({ name }: { name: string }) {
  const { t } = useTranslation("parts");
  const [digest, setDigest] = useState("");
  const [file, setFile] = useState<string | null>(null);

  function write(text: string) {
    setDigest(text);
    setFile(null);
  }
  async function take(files: FileList | null) {
    const chosen = files?.[0];
    if (chosen) {
      setDigest(await sha256(await chosen.arrayBuffer()));
      setFile(chosen.name);
    }
  }
  return (
    <>
      <WordsField
        name={name}
        label={t("evidence.sha256")}
        help={file === null ? t("evidence.sha256Help") : t("evidence.taken", { file })}
        value={digest}
        onChange={write}
        maxLength={64}
      />
      {canHash() && (
        <FileTrigger onSelect={(files) => void take(files)}>
          <Button className="button">{t("evidence.take")}</Button>
        </FileTrigger>
      )}
    </>
  );
}

/** What was filled into them; documents without an address are left out. */
export function evidenceOf(form: FormData): { url: string; sha256: string | null; note: string | null }[] {
  const all = (name: string) => form.getAll(name).map((value) => String(value).trim());
  const [urls, hashes, notes] = [all("evidence.url"), all("evidence.sha256"), all("evidence.note")];
  return urls
    .map((url, at) => ({ url, sha256: hashes[at]?.toLowerCase() || null, note: notes[at] || null }))
    .filter(({ url }) => url !== "");
}
