// Parts of monaco-editor that ship without declarations.
declare module "monaco-editor/languages/definitions/pgsql/pgsql" {
  import type { languages } from "monaco-editor/editor/editor.api";
  export const conf: languages.LanguageConfiguration;
  export const language: languages.IMonarchLanguage & { readonly keywords: string[]; readonly operators: string[] };
}
declare module "monaco-editor/languages/features/json/tokenization" {
  import type { languages } from "monaco-editor/editor/editor.api";
  export function createTokenizationSupport(supportComments: boolean): languages.TokensProvider;
}
declare module "monaco-editor/features/find/register" {}
declare module "monaco-editor/features/folding/register" {}
declare module "monaco-editor/features/bracketMatching/register" {}
