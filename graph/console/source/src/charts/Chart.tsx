import type { EChartsCoreOption, ECharts } from "echarts/core";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { Loading } from "~/parts/Loading";

type Library = typeof import("./echarts");

interface Props {
  /** What the chart shows, in words. The figures themselves stand in a table beside it. */
  label: string;
  option: EChartsCoreOption;
  /** Called once the library is there, before the first drawing: where maps are registered. */
  prepare?: ((library: Library) => Promise<void>) | undefined;
  /** The name of what was clicked. */
  onPick?: ((name: string) => void) | undefined;
  className?: string;
}

/** A drawing by ECharts on a canvas; the library is loaded where one is about to be seen. */
export function Chart({ label, option, prepare, onPick, className = "" }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<ECharts | null>(null);
  const pick = useEffectEvent((name: string) => onPick?.(name));

  useEffect(() => {
    const element = frame.current;
    if (element === null) {
      return undefined;
    }
    let drawn: ECharts | null = null;
    let gone = false;
    const resized = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0 && entry.contentRect.height > 0) {
        drawn?.resize();
      }
    });
    const seen = new IntersectionObserver(
      async ([entry]) => {
        if (!entry?.isIntersecting) {
          return;
        }
        seen.disconnect();
        const library = await import("./echarts");
        await prepare?.(library);
        if (gone) {
          return;
        }
        drawn = library.init(element);
        drawn.on("click", (event) => pick(event.name));
        resized.observe(element);
        setChart(drawn);
      },
      { rootMargin: "200px" },
    );
    seen.observe(element);
    return () => {
      gone = true;
      seen.disconnect();
      resized.disconnect();
      drawn?.dispose();
      setChart(null);
    };
  }, [prepare]);

  useEffect(() => chart?.setOption(option, { notMerge: true }), [chart, option]);

  return (
    <div className={`chart ${className}`} role="img" aria-label={label}>
      <div ref={frame} className="chart-canvas" />
      {chart === null && <Loading />}
    </div>
  );
}
