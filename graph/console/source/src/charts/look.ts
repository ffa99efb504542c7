/** How charts look: the colours of styles/tokens.css, which a canvas does not read. */
export const INK = "#20262e";
export const INK_SOFT = "#545e69";
export const LINE = "#e6dfd5";
export const RED = "#a61b1f";
export const GOLD = "#c9973f";
export const BLUE = "#0b57a4";
export const SHADES = ["#fcf1e4", "#f6cfae", "#e6977a", "#c8504a", "#8a1518"];

export const FONT = 'system-ui, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

/** Tips are drawn on the canvas: HTML of ECharts' own would carry styles that the page's policy refuses. */
export const TIP = {
  renderMode: "richText",
  confine: true,
  backgroundColor: "#fff",
  borderColor: LINE,
  textStyle: { color: INK, fontFamily: FONT },
} as const;
