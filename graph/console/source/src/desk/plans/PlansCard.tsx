import { useTranslation } from "react-i18next";
import { PlansWaitingDocument } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { Answer } from "~/parts/Answer";
import { Waiting } from "../Waiting";
import { divisionsOf, useViewer } from "../viewer";

/** What waits for a secretariat among its plans. */
export default function PlansCard() {
  const { t } = useTranslation("plans");
  const within = divisionsOf(useViewer(), ["SECRETARIAT"])[0]?.code ?? null;
  const asked = useAsk(PlansWaitingDocument, { within });
  return (
    <Answer asked={asked}>
      {({ drafts, submitted, returned }) => (
        <Waiting
          title={t("nav")}
          waiting={[
            { name: t("card.returned"), count: returned?.totalCount, to: "/desk/plans?status=RETURNED", late: true },
            { name: t("card.drafts"), count: drafts?.totalCount, to: "/desk/plans?status=DRAFT" },
            { name: t("card.submitted"), count: submitted?.totalCount, to: "/desk/plans?status=SUBMITTED" },
          ]}
        />
      )}
    </Answer>
  );
}
