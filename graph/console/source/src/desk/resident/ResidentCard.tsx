import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ResidentCardDocument } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { usePolling } from "~/api/polling";
import { Answer } from "~/parts/Answer";
import { Waiting } from "../Waiting";
import { useJudging } from "./judging";
import { toConfirm, toVerify } from "./story";

/** What a resident waits for, and what waits for them. */
export default function ResidentCard() {
  const { t } = useTranslation("resident");
  const asked = useAsk(ResidentCardDocument, {});
  const mayJudge = useJudging();
  usePolling(asked.again);
  return (
    <Answer asked={asked}>
      {({ viewer: { open, overdue, listed } }) => (
        <Waiting
          title={t("card.title")}
          waiting={[
            { name: t("card.verify"), count: listed?.nodes.filter(({ topic }) => mayJudge(topic) && toVerify(topic)).length, to: "/desk/matters?show=verify" },
            { name: t("card.confirm"), count: listed?.nodes.filter(({ topic }) => mayJudge(topic) && toConfirm(topic)).length, to: "/desk/matters?show=confirm" },
            { name: t("card.open"), count: open?.totalCount, to: "/desk/matters?show=open" },
            { name: t("card.overdue"), count: overdue?.totalCount, to: "/desk/matters?show=open", late: true },
            { name: t("card.listed"), count: listed?.totalCount, to: "/desk/matters?show=listed" },
          ]}
        >
          <Link className="button primary wide" to="/desk/matters/new">
            {t("nav.raise")}
          </Link>
        </Waiting>
      )}
    </Answer>
  );
}
