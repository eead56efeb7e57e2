import tseslint from "typescript-eslint";

// Which folders a folder may import from. Everything else is refused: imports point one way.
const mayImport = {
    components: ["release"],
    stacks: ["components", "release"],
    release: [],
    rehearsal: ["release"],
    cli: ["release", "rehearsal"],
};
const folders = Object.keys(mayImport);
const importRules = folders.map(folder => ({
    files: [`${folder}/**/*.ts`],
    rules: {
        "no-restricted-imports": ["error", {
            patterns: [...folders, "tests"]
                .filter(other => other !== folder && !mayImport[folder].includes(other))
                .map(other => ({
                    group: [`**/${other}/**`],
                    message: `${folder}/ may import only from: ${[folder, ...mayImport[folder]].join(", ")}.`,
                })),
        }],
    },
}));

const defaultExport = {
    selector: "ExportDefaultDeclaration",
    message: "Export by name: a thing has one name everywhere.",
};
// A statement that only calls .apply() drops its result: what it throws or asserts is lost (docs/decisions/0002).
const bareApply = {
    selector: "ExpressionStatement > CallExpression > MemberExpression[property.name='apply']",
    message: "The result of .apply() is dropped here: an error inside it is lost.",
};
const applyInTests = {
    selector: "CallExpression > MemberExpression[property.name='apply']",
    message: "An assertion inside .apply() passes unseen; use registered() of tests/support.",
};

export default tseslint.config(
    { ignores: ["node_modules/**", ".gapless/**", "app/**", "**/*.cjs"] },
    ...tseslint.configs.strictTypeChecked,
    {
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        rules: {
            "no-restricted-syntax": ["error", defaultExport, bareApply],
            "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
            "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreUsingDeclarations: true }],
            "complexity": ["error", 10],
            "max-depth": ["error", 3],
            "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
        },
    },
    {
        files: ["tests/**/*.ts"],
        rules: { "no-restricted-syntax": ["error", defaultExport, bareApply, applyInTests] },
    },
    // Pulumi takes the default export of the program for its outputs.
    { files: ["index.ts"], rules: { "no-restricted-syntax": ["error", bareApply] } },
    { files: ["**/*.mjs"], ...tseslint.configs.disableTypeChecked },
    { files: ["*.mjs"], rules: { "no-restricted-syntax": "off" } },
    ...importRules,
);
