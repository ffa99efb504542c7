import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { OpenPracticeCenterDocument, RegistryCentersDocument, type CenterKeptFragment } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { day, number } from "~/i18n/format";
import { ActDialog } from "~/parts/ActDialog";
import { Answer } from "~/parts/Answer";
import { WordsField } from "~/parts/Fields";
import { lines, needed, words } from "~/parts/filled";
import { PageTitle, Section } from "~/parts/Page";
import { DivisionPicker } from "~/parts/Pickers";
import { TableFrame } from "~/parts/TableFrame";
import { divisionsOf, hasOver, useViewer } from "../viewer";
import { placesOf } from "./beneath";
import { RecordActivity } from "./RecordActivity";
import { CENTERS } from "./rights";

/** The practice centers of the place, a new one, and what took place there or elsewhere. */
export default function Centers() {
  const { t } = useTranslation("registry");
  const viewer = useViewer();
  const home = divisionsOf(viewer, CENTERS)[0]?.code ?? "14";
  const [within, setWithin] = useState(home);
  const asked = useAsk(RegistryCentersDocument, { within });
  return (
    <div className="page">
      <PageTitle title={t("centers.title")}>
        <p className="soft">{t("centers.what")}</p>
        <div className="buttons">
          {hasOver(viewer, ["SECRETARIAT"], home) && <Open within={home} />}
          <RecordActivity within={home} />
        </div>
      </PageTitle>
      <Section title={t("centers.list")}>
        <div className="narrowing">
          <DivisionPicker
            name="within"
            label={t("platforms.within")}
            help={t("centers.withinHelp")}
            within={home}
            onPick={(picked) => setWithin(picked?.id ?? home)}
          />
        </div>
        <Answer asked={asked}>
          {({ division }) => <List centers={placesOf(division).flatMap((place) => place.practiceCenters)} />}
        </Answer>
      </Section>
    </div>
  );
}

function List({ centers }: { centers: readonly CenterKeptFragment[] }) {
  const { t } = useTranslation("registry");
  if (centers.length === 0) {
    return <p className="empty">{t("centers.empty")}</p>;
  }
  return (
    <TableFrame label={t("centers.list")}>
      <table className="table roomy">
        <caption>{t("centers.count", { total: number(centers.length) })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("centers.name")}</th>
            <th scope="col">{t("platforms.division")}</th>
            <th scope="col">{t("centers.areas")}</th>
            <th scope="col" className="number">{t("centers.activities")}</th>
            <th scope="col">{t("centers.record")}</th>
          </tr>
        </thead>
        <tbody>
          {centers.map((center) => (
            <tr key={center.id}>
              <th scope="row">
                <Link to={`/centers/${center.id}`}>{center.name}</Link>
                {center.openedOn && <div className="small soft">{t("platforms.openedOn", { day: day(center.openedOn) })}</div>}
              </th>
              <td>{center.division.name}</td>
              <td>{center.areas.join(t("and"))}</td>
              <td className="number">
                {number(center.activities?.totalCount ?? 0)}
                {center.activities?.nodes[0] && <div className="small soft">{t("centers.latest", { day: day(center.activities.nodes[0].heldOn) })}</div>}
              </td>
              <td>
                <RecordActivity within={center.division.code} center={center} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Open({ within }: { within: string }) {
  const { t } = useTranslation("registry");
  return (
    <ActDialog
      act={t("centers.open")}
      look="primary"
      wide
      document={OpenPracticeCenterDocument}
      fields={["name", "division", "openedOn", "areas", "functions"]}
      input={(form) => ({
        name: needed(form, "name").trim(),
        division: needed(form, "division"),
        openedOn: words(form, "openedOn"),
        areas: lines(form, "areas"),
        functions: lines(form, "functions"),
      })}
      done={t("centers.opened")}
    >
      <div className="fields">
        <WordsField name="name" label={t("centers.name")} help={t("centers.nameHelp")} required maxLength={100} />
        <DivisionPicker name="division" label={t("platforms.division")} required within={within} />
        <WordsField name="openedOn" label={t("open.on")} help={t("centers.onHelp")} type="date" />
      </div>
      <WordsField name="areas" label={t("centers.areas")} help={t("centers.areasHelp")} required rows={4} />
      <WordsField name="functions" label={t("centers.functions")} help={t("centers.functionsHelp")} rows={4} />
    </ActDialog>
  );
}
