import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useLinkAsOf } from "~/app/asOf";
import { MEASURE_NAMES, told, type Figures, type MeasureName } from "./figures";

export interface Place {
  code: string;
  name: string;
  statistics?: Figures | null;
}

interface Props {
  caption: string;
  places: readonly Place[];
  measures?: readonly MeasureName[];
}

/** Places with their figures: what a map shows, for everybody. */
export function PlaceTable({ caption, places, measures = MEASURE_NAMES }: Props) {
  const { t } = useTranslation("hall");
  const link = useLinkAsOf();
  return (
    <div className="table-frame" role="region" aria-label={caption} tabIndex={0}>
      <table className="table">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t("place")}</th>
            {measures.map((name) => (
              <th key={name} scope="col" className="number">
                {t(`figures.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {places.map(({ code, name: place, statistics }) => (
            <tr key={code}>
              <th scope="row">
                <Link to={link(`/divisions/${code}`)}>{place}</Link>
              </th>
              {measures.map((name) => (
                <td key={name} className="number">
                  {statistics ? told(name, statistics) : "—"}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
