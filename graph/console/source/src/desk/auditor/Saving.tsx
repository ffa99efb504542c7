import { useTranslation } from "react-i18next";

interface Props {
  /** What the file is called, without its ending. */
  name: string;
  content: unknown;
}

/** Prints the page, or saves what it shows as JSON. */
export function Saving({ name, content }: Props) {
  const { t } = useTranslation("auditor");
  function save() {
    const address = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = `${name}.json`;
    link.click();
    URL.revokeObjectURL(address);
  }
  return (
    <div className="buttons">
      <button type="button" className="button" onClick={() => print()}>
        {t("print")}
      </button>
      <button type="button" className="button" onClick={save}>
        {t("save")}
      </button>
    </div>
  );
}
