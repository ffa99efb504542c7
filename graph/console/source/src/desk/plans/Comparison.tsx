import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { number } from "~/i18n/format";
import { Section } from "~/parts/Page";
import { TableFrame } from "~/parts/TableFrame";
import { Tag } from "~/parts/Tag";
import { compare, type Compared } from "./differences";
import { useQuarterNames } from "./quarters";
import type { Version } from "./Plan";

type Item = Version["items"][number];
type Shown = Pick<Version, "version" | "status" | "items">;

/** A version's topics in their order, and what it changes of another one, in words. */
export function Comparison({ plan, before, year }: { plan: Shown; before: Shown | null; year: number }) {
  const { t } = useTranslation("plans");
  const quarter = useQuarterNames();
  const { items, removed } = compare(before?.items ?? [], plan.items);
  const changed = items.filter(({ added, moved, quarter: other }) => added || moved || other).length + removed.length;
  const approved = plan.status === "APPROVED";
  return (
    <Section title={before ? t("compared.title", { version: before.version }) : t("compared.topics")}>
      <TableFrame label={t("compared.topics")}>
        <table className="table plan-table">
          <caption>
            {before ? t("compared.count", { total: number(plan.items.length), changed: number(changed) }) : t("compared.total", { total: number(plan.items.length) })}
          </caption>
          <thead>
            <tr>
              <th scope="col" className="number">{t("compared.place")}</th>
              <th scope="col">{t("compared.topic")}</th>
              <th scope="col">{t("compared.platform")}</th>
              <th scope="col">{t("compared.quarter")}</th>
              {before && <th scope="col">{t("compared.change")}</th>}
              {approved && <th scope="col">{t("compared.held", { year })}</th>}
            </tr>
          </thead>
          <tbody>
            {items.map((compared) => (
              <tr key={compared.item.topic.id}>
                <td className="number">{compared.item.position}</td>
                <th scope="row">
                  <TopicName item={compared.item} />
                </th>
                <td>{compared.item.topic.platform.name}</td>
                <td>{quarter(compared.item.quarter)}</td>
                {before && (
                  <td>
                    <Changes compared={compared} />
                  </td>
                )}
                {approved && <td>{t(compared.item.held ? "compared.wasHeld" : "compared.notHeld")}</td>}
              </tr>
            ))}
            {removed.map((item) => (
              <tr key={item.topic.id} className="removed">
                <td className="number">—</td>
                <th scope="row">
                  <TopicName item={item} />
                </th>
                <td>{item.topic.platform.name}</td>
                <td>{quarter(item.quarter)}</td>
                <td>
                  <span className="tag wrong">{t("change.removed")}</span> <span className="soft small">{t("change.was", { place: item.position })}</span>
                </td>
                {approved && <td>—</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </Section>
  );
}

function TopicName({ item }: { item: Item }) {
  return (
    <>
      <Link to={`/topics/${item.topic.number}`}>{item.topic.title}</Link> <Tag of="TopicKind" value={item.topic.kind} />
      <span className="soft small block">{item.topic.number}</span>
    </>
  );
}

function Changes({ compared: { item, before, added, moved, quarter } }: { compared: Compared<Item> }) {
  const { t } = useTranslation("plans");
  const quarterName = useQuarterNames();
  if (!added && !moved && !quarter) {
    return <span className="soft">{t("change.none")}</span>;
  }
  return (
    <ul className="changes">
      {added && (
        <li>
          <span className="tag done">{t("change.added")}</span>
        </li>
      )}
      {moved && before && (
        <li>
          <span className="tag going">{t("change.moved")}</span> {t("change.from", { from: before.position, to: item.position })}
        </li>
      )}
      {quarter && before && (
        <li>
          <span className="tag waiting">{t("change.quarter")}</span>{" "}
          {t("change.quarters", { from: quarterName(before.quarter), to: quarterName(item.quarter) })}
        </li>
      )}
    </ul>
  );
}
