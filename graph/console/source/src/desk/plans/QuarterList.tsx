import { useId } from "react";
import { Button, GridList, GridListItem, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Moves } from "./Board";
import { useQuarterDragging } from "./dragging";
import { QUARTERS, type Quarter } from "./order";
import { useQuarterNames } from "./quarters";
import { TopicFacts } from "./TopicFacts";
import type { Version } from "./Plan";

interface Props {
  quarter: Quarter;
  items: readonly Version["items"][number][];
  moves: Moves;
}

/** The topics of one quarter in their order. */
export function QuarterList({ quarter, items, moves }: Props) {
  const { t } = useTranslation("plans");
  const name = useQuarterNames();
  const heading = useId();
  const titles = new Map(items.map(({ topic }) => [topic.id, topic.title]));
  const { dragAndDropHooks } = useQuarterDragging(quarter, [...titles.keys()], titles, moves);
  return (
    <div className="plan-quarter">
      <h3 id={heading}>
        {name(quarter)} <span className="soft small">{t("board.count", { count: items.length })}</span>
      </h3>
      <GridList
        className="plan-list"
        aria-labelledby={heading}
        items={items.map((item, index) => ({ ...item, id: item.topic.id, index }))}
        dependencies={[moves.pending, items.length]}
        dragAndDropHooks={dragAndDropHooks}
        renderEmptyState={() => <span className="plan-empty">{t("board.empty")}</span>}
      >
        {({ topic, position, index }) => (
          <GridListItem id={topic.id} textValue={topic.title} className="plan-item">
            <Button slot="drag" className="plan-handle" aria-label={t("board.drag", { title: topic.title })}>
              ⠿
            </Button>
            <span className="plan-place">{position}</span>
            <TopicFacts topic={topic} />
            <span className="plan-buttons">
              <Button
                className="button small"
                aria-label={t("board.up", { title: topic.title })}
                isDisabled={index === 0 || moves.pending}
                onPress={() => moves.step(topic.id, -1)}
              >
                ↑
              </Button>
              <Button
                className="button small"
                aria-label={t("board.down", { title: topic.title })}
                isDisabled={index === items.length - 1 || moves.pending}
                onPress={() => moves.step(topic.id, 1)}
              >
                ↓
              </Button>
              <MenuTrigger>
                <Button className="button small" aria-label={t("board.menu", { title: topic.title })}>
                  {t("board.to")} ▾
                </Button>
                <Popover className="popover">
                  <Menu className="menu" onAction={(key) => (key === "remove" ? moves.remove(topic.id) : moves.put(topic.id, quarterOf(key), null))}>
                    {QUARTERS.filter((other) => other !== quarter).map((other) => (
                      <MenuItem key={String(other)} id={String(other)}>
                        {name(other)}
                      </MenuItem>
                    ))}
                    <MenuItem id="remove">{t("board.remove")}</MenuItem>
                  </Menu>
                </Popover>
              </MenuTrigger>
            </span>
          </GridListItem>
        )}
      </GridList>
    </div>
  );
}

/** The quarter that a menu's key names. */
export function quarterOf(key: string | number): Quarter {
  return QUARTERS.find((quarter) => String(quarter) === String(key)) ?? null;
}
