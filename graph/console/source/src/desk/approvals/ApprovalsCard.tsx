import { useTranslation } from "react-i18next";
import { ApprovalsWaitingDocument } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { Answer } from "~/parts/Answer";
import { Waiting } from "../Waiting";

/** How many plans wait for an approver. */
export default function ApprovalsCard() {
  const { t } = useTranslation("approvals");
  const asked = useAsk(ApprovalsWaitingDocument, {});
  return (
    <Answer asked={asked}>
      {({ plans }) => <Waiting title={t("nav")} waiting={[{ name: t("card"), count: plans?.totalCount, to: "/desk/approvals", late: true }]} />}
    </Answer>
  );
}
