declare module "virtual:names/zh" {
  const names: Record<string, Record<string, string>>;
  export default names;
}
declare module "virtual:names/en" {
  const names: Record<string, Record<string, string>>;
  export default names;
}
declare module "virtual:schema" {
  import type { IntrospectionQuery } from "graphql";
  const cached: { schema: IntrospectionQuery; withoutIds: string[] };
  export default cached;
}
