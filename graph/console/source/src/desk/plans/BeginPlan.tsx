import { useState } from "react";
import { Button, Form } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { DraftPlanDocument, PickPlatformDocument } from "~generated/graphql";
import { useAct } from "~/api/act";
import { useAsk } from "~/api/ask";
import { today } from "~/i18n/format";
import { announce } from "~/parts/Announcer";
import { Problems } from "~/parts/Confirm";
import { ChoiceField } from "~/parts/Fields";
import { Section } from "~/parts/Page";
import { planAddress } from "./address";

/** The first version of a platform's plan for a year, or what its newest version leads to. */
export function BeginPlan({ within }: { within: string | null }) {
  const { t } = useTranslation("plans");
  const navigate = useNavigate();
  const { data } = useAsk(PickPlatformDocument, { within });
  const present = Number(today().slice(0, 4));
  const [platform, setPlatform] = useState<string | null>(null);
  const [year, setYear] = useState(String(present));
  const act = useAct(DraftPlanDocument, ["platform", "year"]);

  async function begin(event: React.FormEvent) {
    event.preventDefault();
    const done = platform === null ? null : await act.perform({ platform, year: Number(year) });
    if (done?.plan) {
      announce(t("begin.done"));
      await navigate(planAddress(done.plan.platform.code, done.plan.year));
    }
  }

  return (
    <Section title={t("begin.title")}>
      <Form className="form" validationErrors={act.fieldErrors} onSubmit={begin}>
        <div className="fields">
          <ChoiceField name="platform" label={t("begin.platform")} required options={data?.platforms?.nodes ?? []} value={platform} onChange={setPlatform} />
          <ChoiceField
            name="year"
            label={t("begin.year")}
            required
            options={[present, present + 1].map((one) => ({ id: String(one), name: t("year", { year: one }) }))}
            value={year}
            onChange={setYear}
          />
        </div>
        <Problems problems={act.problems} />
        <Button type="submit" className="button primary" isPending={act.pending}>
          {t("begin.act")}
        </Button>
      </Form>
    </Section>
  );
}
