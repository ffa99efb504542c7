import { useTranslation } from "react-i18next";
import { ProvinceDocument } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { useAsOf } from "~/app/asOf";
import { number, share } from "~/i18n/format";
import { Answer } from "~/parts/Answer";
import { Figures } from "~/parts/Figures";
import { PageTitle } from "~/parts/Page";

const PROVINCE = "14";

export default function Province() {
  const { t } = useTranslation("hall");
  const { instant } = useAsOf();
  const asked = useAsk(ProvinceDocument, { code: PROVINCE, asOf: instant });
  return (
    <div className="page">
      <PageTitle title={t("province.title")} />
      <Answer asked={asked}>
        {({ division }) =>
          division?.statistics && (
            <Figures
              figures={[
                { name: t("figures.platforms"), value: number(division.statistics.platforms.total) },
                { name: t("figures.topics"), value: number(division.statistics.topics.total) },
                { name: t("figures.sessions"), value: number(division.statistics.sessionsHeld) },
                { name: t("figures.attendances"), value: number(division.statistics.attendances) },
                { name: t("figures.outcomes"), value: number(division.statistics.outcomes) },
                { name: t("figures.resolved"), value: share(division.statistics.resolutionRate ?? 0) },
              ]}
            />
          )
        }
      </Answer>
    </div>
  );
}
