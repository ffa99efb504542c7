import { useState } from "react";
import { useTranslation } from "react-i18next";
import { InboxCardDocument } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { usePolling } from "~/api/polling";
import { divisionsOf, useViewer } from "../../viewer";
import { Waiting } from "../../Waiting";
import { STAFF } from "../rights";

const COUNTS = ["raised", "mattersOverdue", "toRecord", "toVerify", "commitmentsOverdue"] as const;
const LATE: ReadonlySet<string> = new Set(["mattersOverdue", "toRecord", "commitmentsOverdue"]);

/** How much waits at the first place of who works at the desk. */
export default function Card() {
  const { t } = useTranslation("cadre");
  const [place] = divisionsOf(useViewer(), STAFF);
  const [now] = useState(() => new Date().toISOString());
  const within = place?.code ?? "";
  const { data, again } = useAsk(InboxCardDocument, { within, now }, { pause: within === "" });
  usePolling(again);
  return (
    <Waiting
      title={t("inbox.title")}
      waiting={COUNTS.map((name) => ({
        name: t(`inbox.view.${name}`),
        count: data?.[name]?.totalCount,
        to: `/desk/inbox?view=${name}&within=${within}`,
        late: LATE.has(name),
      }))}
    />
  );
}
