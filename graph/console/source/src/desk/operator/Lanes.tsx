import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { moment, number } from "~/i18n/format";
import { WaitingActs } from "./Acts";
import type { Lane } from "./lanes";

interface Props {
  lanes: readonly Lane[];
  /** How many notices wait in all: the oldest of them are in the lanes. */
  total: number;
  now: number;
}

/** Lanes in which notices wait: what stops each, since when, when it is tried again, what can be done. */
export function Lanes({ lanes, total, now }: Props) {
  const { t } = useTranslation(["operator", "events"]);
  if (lanes.length === 0) {
    return <p className="empty">{t("lanes.none")}</p>;
  }
  const shown = lanes.reduce((sum, { waiting }) => sum + waiting, 0);
  return (
    <div className="table-frame">
      <table className="table">
        <caption>{t("lanes.caption", { shown: number(shown), total: number(total) })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("lanes.lane")}</th>
            <th scope="col" className="number">{t("lanes.waiting")}</th>
            <th scope="col">{t("lanes.stop")}</th>
            <th scope="col">{t("lanes.since")}</th>
            <th scope="col">{t("lanes.next")}</th>
            <th scope="col">{t("lanes.acts")}</th>
          </tr>
        </thead>
        <tbody>
          {lanes.map((lane) => {
            const what = t(`events:${lane.first.type}`, { defaultValue: lane.first.type });
            return (
              <tr key={lane.key}>
                <th scope="row">
                  <Link to={`/desk/operator/${lane.department.code}`}>{lane.department.name}</Link>
                  <div className="small soft">
                    {lane.topic ? <Link to={`/topics/${lane.topic.number}`}>{lane.topic.number}</Link> : t("withoutTopic")}{" "}
                    {t("lanes.first", { number: lane.first.sequence, what })}
                  </div>
                </th>
                <td className="number">{number(lane.waiting)}</td>
                <td>
                  <span className={`tag ${lane.stop === "none" ? "going" : "wrong"}`}>{t(`stop.${lane.stop}`)}</span>
                  {lane.error && <div className="small soft error-words">{lane.error}</div>}
                </td>
                <td>
                  <time dateTime={lane.since}>{moment(lane.since)}</time>
                </td>
                <td>{lane.next ? <NextTry at={lane.next} now={now} /> : t(`next.${lane.stop}`)}</td>
                <td>
                  <WaitingActs notice={lane.first} what={what} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** When a paused department is tried again. */
export function NextTry({ at, now }: { at: string; now: number }) {
  const { t } = useTranslation("operator");
  const seconds = Math.max(0, Math.round((Date.parse(at) - now) / 1000));
  return (
    <>
      <time dateTime={at}>{moment(at)}</time> <span className="soft small">{t("next.in", { seconds })}</span>
    </>
  );
}
