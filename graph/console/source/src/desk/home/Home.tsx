import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Loading } from "~/parts/Loading";
import { Notice } from "~/parts/Notice";
import { PageTitle } from "~/parts/Page";
import { useNames } from "~/i18n/names";
import { areas } from "../areas";
import { has, useViewer } from "../viewer";

/** What waits for somebody, by the roles that they have. */
export default function Home() {
  const { t } = useTranslation("desk");
  const name = useNames();
  const viewer = useViewer();
  const cards = areas.flatMap((area) => area.cards ?? []).filter(({ roles }) => has(viewer, roles));
  return (
    <div className="page">
      <PageTitle title={t("home.title")}>
        <ul className="grants" aria-label={t("home.roles")}>
          {viewer.grants.map(({ role, division, department }) => (
            <li key={`${role} ${division?.code} ${department?.code}`} className="tag">
              {[name("Role", role), division?.name ?? department?.name].filter(Boolean).join(" · ")}
            </li>
          ))}
        </ul>
      </PageTitle>
      {viewer.grants.length === 0 && (
        <Notice kind="notice" title={t("home.noRole.title")}>
          <p>{t("home.noRole.what")}</p>
        </Notice>
      )}
      <div className="desk-cards">
        {cards.map(({ Card }, index) => (
          <Suspense key={index} fallback={<Loading />}>
            <Card />
          </Suspense>
        ))}
      </div>
    </div>
  );
}
