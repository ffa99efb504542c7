import { useTranslation } from "react-i18next";
import { SubmitPlanDocument } from "~generated/graphql";
import { useAct } from "~/api/act";
import { announce } from "~/parts/Announcer";
import { Confirm } from "~/parts/Confirm";
import { Section } from "~/parts/Page";
import { has, useViewer } from "../viewer";
import type { Version } from "./Plan";

/** Submits the draft for approval. */
export function SubmitPlan({ plan }: { plan: Version }) {
  const { t } = useTranslation("plans");
  const mayDo = has(useViewer(), ["SECRETARIAT"]);
  const act = useAct(SubmitPlanDocument);
  return (
    <Section title={t("submit.title")}>
      <div className="form">
        <p>{t(mayDo ? "submit.what" : "submit.secretariat", { count: plan.items.length })}</p>
        {mayDo && (
          <Confirm
            act={t("submit.act")}
            title={t("submit.title")}
            pending={act.pending}
            problems={act.problems}
            primary
            onConfirm={async () => {
              const done = await act.perform({ plan: plan.id, expectedRevision: plan.revision });
              if (done) {
                announce(t("submit.done"));
              }
              return done !== null;
            }}
          >
            <p>{t("submit.follows")}</p>
          </Confirm>
        )}
      </div>
    </Section>
  );
}
