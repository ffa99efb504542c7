import { useState } from "react";
import { Button, Form } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { ApprovePlanDocument, ReturnPlanDocument } from "~generated/graphql";
import { useAct } from "~/api/act";
import { announce } from "~/parts/Announcer";
import { Problems } from "~/parts/Confirm";
import { WordsField } from "~/parts/Fields";
import { Section } from "~/parts/Page";

/** Approves a submitted version, or returns it with a reason. */
export function Decide({ plan }: { plan: { id: string; revision: number } }) {
  const { t } = useTranslation("approvals");
  const [body, setBody] = useState("");
  const [reason, setReason] = useState("");
  const approve = useAct(ApprovePlanDocument, ["approvingBody"]);
  const giveBack = useAct(ReturnPlanDocument, ["reason"]);
  const ours = { plan: plan.id, expectedRevision: plan.revision };
  return (
    <div className="columns even">
      <Section title={t("approve.title")}>
        <Form
          className="form"
          validationErrors={approve.fieldErrors}
          onSubmit={async (event) => {
            event.preventDefault();
            if (await approve.perform({ ...ours, approvingBody: body.trim() })) {
              announce(t("approve.done"));
            }
          }}
        >
          <p>{t("approve.what")}</p>
          <WordsField name="approvingBody" label={t("approve.body")} help={t("approve.help")} required maxLength={200} value={body} onChange={setBody} />
          <Problems problems={approve.problems} />
          <Button type="submit" className="button primary" isPending={approve.pending}>
            {t("approve.act")}
          </Button>
        </Form>
      </Section>
      <Section title={t("return.title")}>
        <Form
          className="form"
          validationErrors={giveBack.fieldErrors}
          onSubmit={async (event) => {
            event.preventDefault();
            if (await giveBack.perform({ ...ours, reason: reason.trim() })) {
              announce(t("return.done"));
            }
          }}
        >
          <p>{t("return.what")}</p>
          <WordsField name="reason" label={t("return.reason")} required maxLength={2000} rows={4} value={reason} onChange={setReason} />
          <Problems problems={giveBack.problems} />
          <Button type="submit" className="button" isPending={giveBack.pending}>
            {t("return.act")}
          </Button>
        </Form>
      </Section>
    </div>
  );
}
