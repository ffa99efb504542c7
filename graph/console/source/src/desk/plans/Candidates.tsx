import { useEffect, useState } from "react";
import { Button, GridList, GridListItem, Input, Label, Menu, MenuItem, MenuTrigger, Popover, SearchField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { number } from "~/i18n/format";
import { Section } from "~/parts/Page";
import type { Moves } from "./Board";
import { useCandidateDragging } from "./dragging";
import { QUARTERS } from "./order";
import { quarterOf } from "./QuarterList";
import { useQuarterNames } from "./quarters";
import { TopicFacts } from "./TopicFacts";
import type { Platform, Version } from "./Plan";

interface Props {
  plan: Version;
  topics: Platform["topics"];
  moves: Moves;
  onSearch: (words: string) => void;
}

const PAUSE_MS = 300;

/** Listed topics of the platform and of those beneath it that do not stand in the draft. */
export function Candidates({ plan, topics, moves, onSearch }: Props) {
  const { t } = useTranslation("plans");
  const name = useQuarterNames();
  const [words, setWords] = useState("");
  useEffect(() => {
    const waiting = setTimeout(() => onSearch(words.trim()), PAUSE_MS);
    return () => clearTimeout(waiting);
  }, [words, onSearch]);

  const planned = new Set(plan.items.map((item) => item.topic.id));
  const open = (topics?.nodes ?? []).filter(({ id }) => !planned.has(id));
  const left = (topics?.totalCount ?? 0) - (topics?.nodes.length ?? 0);
  const { dragAndDropHooks } = useCandidateDragging(new Map(open.map(({ id, title }) => [id, title])), moves);
  return (
    <Section title={t("candidates.title")} className="plan-candidates">
      <SearchField className="field" value={words} onChange={setWords}>
        <Label>{t("candidates.search")}</Label>
        <Input />
      </SearchField>
      <GridList
        className="plan-list"
        aria-label={t("candidates.title")}
        items={open}
        dependencies={[moves.pending]}
        dragAndDropHooks={dragAndDropHooks}
        renderEmptyState={() => <span className="plan-empty">{t(words ? "candidates.none" : "candidates.empty")}</span>}
      >
        {(topic) => (
          <GridListItem id={topic.id} textValue={topic.title} className="plan-item">
            <Button slot="drag" className="plan-handle" aria-label={t("board.drag", { title: topic.title })}>
              ⠿
            </Button>
            <TopicFacts topic={topic} />
            <span className="plan-buttons">
              <MenuTrigger>
                <Button className="button small" aria-label={t("candidates.add", { title: topic.title })} isDisabled={moves.pending}>
                  {t("candidates.act")} ▾
                </Button>
                <Popover className="popover">
                  <Menu className="menu" onAction={(key) => moves.put(topic.id, quarterOf(key), null)}>
                    {QUARTERS.map((quarter) => (
                      <MenuItem key={String(quarter)} id={String(quarter)}>
                        {name(quarter)}
                      </MenuItem>
                    ))}
                  </Menu>
                </Popover>
              </MenuTrigger>
            </span>
          </GridListItem>
        )}
      </GridList>
      {left > 0 && <p className="soft small">{t("candidates.left", { left: number(left) })}</p>}
    </Section>
  );
}
