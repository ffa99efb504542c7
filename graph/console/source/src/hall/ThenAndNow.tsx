import { useState } from "react";
import { Label, Slider, SliderThumb, SliderTrack } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useAsOf } from "~/app/asOf";
import { months } from "~/app/months";
import { day as dayText, today } from "~/i18n/format";

const FIRST = "2021-01-31";

/** A slider over the months: what the page shows stood so at the end of the one chosen. Its last step is now. */
export function ThenAndNow() {
  const { t } = useTranslation("hall");
  const { day, setDay } = useAsOf();
  const { count, lastDay, step } = months(FIRST, today());
  const [moved, setMoved] = useState<number | null>(null);
  const value = moved ?? (day === null ? count - 1 : step(day));
  const shown = moved === null ? day : value === count - 1 ? null : lastDay(value);
  return (
    <div className={`then-and-now ${day === null ? "" : "then"}`}>
      <Slider
        className="slider"
        minValue={0}
        maxValue={count - 1}
        value={value}
        onChange={(at) => setMoved(at as number)}
        onChangeEnd={(at) => {
          setMoved(null);
          setDay(at === count - 1 ? null : lastDay(at as number));
        }}
      >
        <Label className="slider-label">{t("thenAndNow.label")}</Label>
        <output className="slider-output">{shown === null ? t("thenAndNow.now") : t("thenAndNow.then", { day: dayText(shown) })}</output>
        <SliderTrack className="slider-track">
          <SliderThumb className="slider-thumb" />
        </SliderTrack>
      </Slider>
      <button type="button" className="button" hidden={day === null} onClick={() => setDay(null)}>
        {t("thenAndNow.back")}
      </button>
    </div>
  );
}
