import { useState } from "react";
import { Switch } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { GrantsDocument, RevokeRoleDocument, type GrantsQuery } from "~generated/graphql";
import { useAct } from "~/api/act";
import { useAsk } from "~/api/ask";
import { day, number } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { announce } from "~/parts/Announcer";
import { Answer } from "~/parts/Answer";
import { Confirm } from "~/parts/Confirm";
import { More } from "~/parts/More";
import { Notice } from "~/parts/Notice";
import { PageTitle, Section } from "~/parts/Page";
import { TableFrame } from "~/parts/TableFrame";
import { divisionsOf, useViewer } from "../viewer";
import { GiveRole } from "./GiveRole";
import { Search } from "./Search";

type Grant = NonNullable<GrantsQuery["grants"]>["nodes"][number];

/** Who may do what, and where; a new grant; and one taken back. */
export default function Grants() {
  const { t } = useTranslation("registry");
  const within = divisionsOf(useViewer(), ["SECRETARIAT"])[0]?.code ?? null;
  const [subject, setSubject] = useState("");
  const [all, setAll] = useState(false);
  const [after, setAfter] = useState<string | null>(null);
  const asked = useAsk(GrantsDocument, { within, subject: subject || null, current: all ? null : true, after });
  return (
    <div className="page">
      <PageTitle title={t("grants.title")}>
        <p className="soft">{t("grants.what")}</p>
      </PageTitle>
      <Notice kind="notice" title={t("grants.care.title")}>
        <p>{t("grants.care.what")}</p>
      </Notice>
      <GiveRole within={within} />
      <Section
        title={t("grants.list")}
        aside={
          <Switch className="switch" isSelected={all} onChange={setAll}>
            <span className="switch-mark" aria-hidden="true" />
            {t("grants.all")}
          </Switch>
        }
      >
        <Search label={t("grants.search")} help={t("grants.searchHelp")} onSearch={setSubject} />
        <Answer asked={asked}>
          {({ grants }) => (
            <>
              {grants?.nodes.length ? (
                <TableFrame label={t("grants.list")}>
                  <table className="table">
                    <caption>{t("grants.count", { total: number(grants.totalCount) })}</caption>
                    <thead>
                      <tr>
                        <th scope="col">{t("grants.subject")}</th>
                        <th scope="col">{t("grants.role")}</th>
                        <th scope="col">{t("grants.where")}</th>
                        <th scope="col">{t("grants.given")}</th>
                        <th scope="col">{t("grants.state")}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {grants.nodes.map((grant) => (
                        <Row key={grant.id} grant={grant} />
                      ))}
                    </tbody>
                  </table>
                </TableFrame>
              ) : (
                <p className="empty">{t("grants.empty")}</p>
              )}
              <More page={grants?.pageInfo} busy={asked.fetching} onMore={setAfter} />
            </>
          )}
        </Answer>
      </Section>
    </div>
  );
}

function Row({ grant }: { grant: Grant }) {
  const { t } = useTranslation("registry");
  const name = useNames();
  const act = useAct(RevokeRoleDocument);
  const place = grant.department?.name ?? grant.division.name;
  return (
    <tr>
      <th scope="row">{grant.subject}</th>
      <td>{name("Role", grant.role)}</td>
      <td>{place}</td>
      <td>
        {day(grant.grantedAt)} <span className="soft small">{grant.grantedBy}</span>
      </td>
      <td>
        {grant.revokedAt ? (
          <span className="soft">{t("grants.revoked", { on: day(grant.revokedAt), by: grant.revokedBy })}</span>
        ) : (
          <Confirm
            act={t("grants.revoke")}
            title={t("grants.revokeTitle", { subject: grant.subject, role: name("Role", grant.role), place })}
            pending={act.pending}
            problems={act.problems}
            onConfirm={async () => {
              const done = await act.perform({ grant: grant.id });
              if (done) {
                announce(t("grants.revokeDone", { subject: grant.subject }));
              }
              return done !== null;
            }}
          >
            <p>{t("grants.revokeFollows")}</p>
          </Confirm>
        )}
      </td>
    </tr>
  );
}
