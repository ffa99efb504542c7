import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { departmentsOf, useViewer } from "~/desk/viewer";
import { Notice } from "~/parts/Notice";

interface Props {
  children: (code: string) => ReactNode;
}

/** The department that a page is for: the one for which somebody works, or one of several that the address names. */
export function Which({ children }: Props) {
  const { t } = useTranslation("department");
  const departments = departmentsOf(useViewer());
  const [parameters, setParameters] = useSearchParams();
  const named = parameters.get("department");
  const chosen = departments.find(({ code }) => code === named) ?? departments[0];
  if (chosen === undefined) {
    return (
      <Notice kind="notice" title={t("noDepartment.title")}>
        <p>{t("noDepartment.what")}</p>
      </Notice>
    );
  }
  function choose(code: string) {
    setParameters((before) => {
      before.set("department", code);
      return before;
    });
  }
  return (
    <>
      {departments.length > 1 ? (
        <div className="choices" role="group" aria-label={t("which")}>
          {departments.map(({ code, name }) => (
            <button key={code} type="button" className="choice" aria-pressed={code === chosen.code} onClick={() => choose(code)}>
              {name}
            </button>
          ))}
        </div>
      ) : (
        <p className="department-name">{chosen.name}</p>
      )}
      {children(chosen.code)}
    </>
  );
}
