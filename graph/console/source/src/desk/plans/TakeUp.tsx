import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { DraftPlanDocument } from "~generated/graphql";
import { useAct } from "~/api/act";
import { today } from "~/i18n/format";
import { announce } from "~/parts/Announcer";
import { Problems } from "~/parts/Confirm";
import { Section } from "~/parts/Page";
import { planAddress } from "./address";
import type { Platform, Version } from "./Plan";

/** Begins the first version, takes a returned one up again, or begins the next after an approved one. */
export function TakeUp({ platform, year, newest }: { platform: Platform; year: number; newest: Version | undefined }) {
  const { t } = useTranslation("plans");
  const navigate = useNavigate();
  const act = useAct(DraftPlanDocument);
  const what = newest === undefined ? "first" : newest.status === "RETURNED" ? "again" : "next";
  if (year < Number(today().slice(0, 4))) {
    return null;
  }
  return (
    <Section title={t(`takeUp.${what}.title`)}>
      <div className="form">
        <p>{t(`takeUp.${what}.what`)}</p>
        <Problems problems={act.problems} />
        <Button
          className="button primary"
          isPending={act.pending}
          onPress={async () => {
            if (await act.perform({ platform: platform.id, year })) {
              announce(t("begin.done"));
              await navigate(planAddress(platform.code, year));
            }
          }}
        >
          {t(`takeUp.${what}.act`)}
        </Button>
      </div>
    </Section>
  );
}
