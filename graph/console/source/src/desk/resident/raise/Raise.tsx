import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { RaiseMatterDocument } from "~generated/graphql";
import { useAct } from "~/api/act";
import { announce } from "~/parts/Announcer";
import { Notice } from "~/parts/Notice";
import { PageTitle } from "~/parts/Page";
import { useDraft } from "../../draft";
import { divisionsOf, has, useViewer } from "../../viewer";
import { addressOf } from "../addresses";
import type { Sent } from "../matter/FollowedMatter";
import { RAISING } from "../routes";
import { Check } from "./Check";
import { BLANK, STEPS, stepOf, type RaisingStep } from "./matterDraft";
import { What } from "./What";
import { Where } from "./Where";
import "../resident.css";

const FIELDS = ["platform", "title", "description", "category", "nature"];

/** To raise a matter in three steps; what is typed is kept until it is sent. */
export default function Raise() {
  const { t } = useTranslation("resident");
  const viewer = useViewer();
  const divisions = divisionsOf(viewer, RAISING);
  const kept = `shangliang.draft.matter.${viewer.subject}`;
  const { content: draft, write, discard } = useDraft(kept, BLANK);
  const act = useAct(RaiseMatterDocument, FIELDS, `${kept}.key`);
  const [parameters, setParameters] = useSearchParams();
  const navigate = useNavigate();
  const step = stepOf(parameters.get("step"), draft);
  const go = (to: RaisingStep) => setParameters({ step: to });

  async function send() {
    const { platform, category } = draft;
    if (platform === null || category === null) {
      return;
    }
    const raisedBy = has(viewer, ["RESIDENT"]) ? "RESIDENT" : null;
    const { title, description, nature } = draft;
    const raised = await act.perform({ platform: platform.id, title: title.trim(), description: description.trim(), category, nature, raisedBy });
    if (raised?.matter) {
      discard();
      announce(t("raise.sent.title"));
      await navigate(addressOf(raised.matter), { replace: true, state: { sent: { warnings: raised.warnings } } satisfies Sent });
    }
  }

  if (divisions.length === 0) {
    return (
      <div className="page narrow">
        <PageTitle title={t("raise.title")} />
        <Notice kind="notice" title={t("raise.nowhere.title")}>
          <p>{t("raise.nowhere.what")}</p>
        </Notice>
      </div>
    );
  }
  return (
    <div className="page narrow">
      <PageTitle title={t("raise.title")} />
      <Steps step={step} />
      {step === "where" && <Where divisions={divisions} draft={draft} write={write} onNext={() => go("what")} />}
      {step === "what" && <What draft={draft} write={write} faults={act.fieldErrors} onBack={() => go("where")} onNext={() => go("send")} />}
      {step === "send" && <Check draft={draft} act={act} onStep={go} onSend={send} />}
    </div>
  );
}

/** Which step it is; those who do not see it are brought to its beginning. */
function Steps({ step }: { step: RaisingStep }) {
  const { t } = useTranslation("resident");
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(step);
  useEffect(() => {
    if (before.current !== step) {
      before.current = step;
      heading.current?.focus();
      window.scrollTo({ top: 0 });
    }
  }, [step]);
  return (
    <>
      <ol className="steps" aria-label={t("raise.steps")}>
        {STEPS.map((each, index) => (
          <li key={each} aria-current={each === step ? "step" : undefined} className={STEPS.indexOf(step) > index ? "done" : ""}>
            {t(`raise.${each}.name`)}
          </li>
        ))}
      </ol>
      <h2 ref={heading} tabIndex={-1} className="step-title">
        {t("raise.step", { number: STEPS.indexOf(step) + 1, title: t(`raise.${step}.title`) })}
      </h2>
    </>
  );
}
