// Types of the documents in src/**/*.graphql, taken from the API's schema.
export default {
  schema: "../../schema.graphql",
  documents: "src/**/*.graphql",
  generates: {
    "generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: "string",
        enumType: "string-literal",
        scalars: { Date: "string", DateTime: "string", DivisionCode: "string", ID: "string", Parameters: "Record<string, unknown>" },
        strictScalars: true,
        useTypeImports: true,
        avoidOptionals: false,
      },
    },
  },
};
