// The parts of ECharts that the pages use, in one file that is loaded where a chart is seen.
import { BarChart, LineChart, MapChart } from "echarts/charts";
import { GeoComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { init, registerMap, use as add } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

add([BarChart, LineChart, MapChart, GeoComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent, CanvasRenderer]);

export { init, registerMap };
