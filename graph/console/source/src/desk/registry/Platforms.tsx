import { useState } from "react";
import { Switch } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ClosePlatformDocument, RegistryPlatformsDocument, type PlatformTier, type RegistryPlatformsQuery } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { day, number, today } from "~/i18n/format";
import { useChoices, useNames } from "~/i18n/names";
import { ActDialog } from "~/parts/ActDialog";
import { Answer } from "~/parts/Answer";
import { Choice } from "~/parts/Choice";
import { WordsField } from "~/parts/Fields";
import { words } from "~/parts/filled";
import { More } from "~/parts/More";
import { PageTitle, Section } from "~/parts/Page";
import { DivisionPicker } from "~/parts/Pickers";
import { TableFrame } from "~/parts/TableFrame";
import { divisionsOf, useViewer } from "../viewer";
import { Brands } from "./Brands";
import { OpenPlatform } from "./OpenPlatform";

type Platform = NonNullable<RegistryPlatformsQuery["platforms"]>["nodes"][number];

const ALL = "ALL";

/** The platforms of the place, a new one, and one that is closed; and the brands under which they work. */
export default function Platforms() {
  const { t } = useTranslation("registry");
  const within = divisionsOf(useViewer(), ["SECRETARIAT"])[0]?.code ?? "14";
  return (
    <div className="page">
      <PageTitle title={t("platforms.title")}>
        <p className="soft">{t("platforms.what")}</p>
      </PageTitle>
      <List home={within} />
      <Brands within={within} />
    </div>
  );
}

function List({ home }: { home: string }) {
  const { t } = useTranslation("registry");
  const name = useNames();
  const tiers = useChoices()("PlatformTier").map(({ id }) => id as PlatformTier);
  const [within, setWithin] = useState(home);
  const [tier, setTier] = useState<PlatformTier | typeof ALL>(ALL);
  const [closed, setClosed] = useState(false);
  const [after, setAfter] = useState<string | null>(null);
  const asked = useAsk(RegistryPlatformsDocument, { within, tier: tier === ALL ? null : [tier], open: closed ? null : true, after });

  function narrow(change: () => void) {
    setAfter(null);
    change();
  }
  return (
    <Section title={t("platforms.list")} aside={<OpenPlatform within={home} />}>
      <div className="narrowing">
        <DivisionPicker
          name="within"
          label={t("platforms.within")}
          within={home}
          onPick={(picked) => narrow(() => setWithin(picked?.id ?? home))}
        />
        <Choice
          label={t("platforms.tier")}
          options={[ALL, ...tiers]}
          chosen={tier}
          name={(each) => (each === ALL ? t("platforms.allTiers") : name("PlatformTier", each))}
          onChoose={(each) => narrow(() => setTier(each))}
        />
        <Switch className="switch" isSelected={closed} onChange={(shown) => narrow(() => setClosed(shown))}>
          <span className="switch-mark" aria-hidden="true" />
          {t("platforms.closedToo")}
        </Switch>
      </div>
      <Answer asked={asked}>
        {({ platforms }) => (
          <>
            {platforms?.nodes.length ? (
              <TableFrame label={t("platforms.list")}>
                <table className="table roomy">
                  <caption>{t("platforms.count", { total: number(platforms.totalCount) })}</caption>
                  <thead>
                    <tr>
                      <th scope="col">{t("platforms.name")}</th>
                      <th scope="col">{t("platforms.tier")}</th>
                      <th scope="col">{t("platforms.division")}</th>
                      <th scope="col">{t("platforms.parent")}</th>
                      <th scope="col">{t("platforms.state")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {platforms.nodes.map((platform) => (
                      <Row key={platform.id} platform={platform} />
                    ))}
                  </tbody>
                </table>
              </TableFrame>
            ) : (
              <p className="empty">{t("platforms.empty")}</p>
            )}
            <More page={platforms?.pageInfo} busy={asked.fetching} onMore={setAfter} />
          </>
        )}
      </Answer>
    </Section>
  );
}

function Row({ platform }: { platform: Platform }) {
  const { t } = useTranslation("registry");
  const name = useNames();
  return (
    <tr>
      <th scope="row">
        <Link to={`/platforms/${platform.code}`}>{platform.name}</Link>
        <div className="small soft">{[platform.code, platform.brand?.name].filter(Boolean).join(" · ")}</div>
      </th>
      <td>
        {name("PlatformTier", platform.tier)}
        <div className="small soft">{name("PlatformKind", platform.kind)}</div>
      </td>
      <td>{platform.division.name}</td>
      <td>{platform.parent?.name ?? "—"}</td>
      <td>
        {platform.openedOn && <div className="small">{t("platforms.openedOn", { day: day(platform.openedOn) })}</div>}
        {platform.closedOn ? (
          <div className="small">{t(platform.closedOn > today() ? "platforms.closesOn" : "platforms.closedOn", { day: day(platform.closedOn) })}</div>
        ) : (
          <ActDialog
            act={t("close.act")}
            title={t("close.title", { name: platform.name })}
            document={ClosePlatformDocument}
            fields={["closedOn"]}
            input={(form) => ({ platform: platform.id, closedOn: words(form, "closedOn") })}
            done={t("close.done", { name: platform.name })}
          >
            <p>{t("close.follows")}</p>
            <WordsField name="closedOn" label={t("close.on")} help={t("close.onHelp")} type="date" />
          </ActDialog>
        )}
      </td>
    </tr>
  );
}
