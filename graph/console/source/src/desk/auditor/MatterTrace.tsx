import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { MatterTraceDocument } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { Answer } from "~/parts/Answer";
import { Notice } from "~/parts/Notice";
import { Crumbs, PageTitle } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { Chain } from "./Chain";
import { Saving } from "./Saving";

/** The trace of a matter, and whether it is what was recorded. */
export default function MatterTrace() {
  const { t } = useTranslation("auditor");
  const { id = "" } = useParams();
  const asked = useAsk(MatterTraceDocument, { id });
  const above = <Crumbs crumbs={[{ to: "/desk/auditor", name: t("title") }]} />;
  return (
    <div className="page">
      <Answer asked={asked}>
        {({ node }) =>
          node?.__typename === "Matter" ? (
            <>
              <PageTitle title={t("traceOf", { title: node.title })} above={above}>
                <p className="line">
                  <Tag of="MatterStatus" value={node.status} />
                  {node.topic && <Link to={`/desk/auditor/topics/${node.topic.number}`}>{node.topic.title}</Link>}
                </p>
                <Saving name={node.id} content={node} />
              </PageTitle>
              <Chain title={t("ofThisMatter")} entries={node.trace} />
            </>
          ) : (
            <>
              <PageTitle title={t("title")} above={above} />
              <Notice kind="notice" title={t("find.none", { number: id })} />
            </>
          )
        }
      </Answer>
    </div>
  );
}
