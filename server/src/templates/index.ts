// Jinja text → facts in the form of Python's (FileFacts), so that whatever reads Python functions reads templates too. Pure.
// Stable: parseTemplate, templateNames, blockFunction, callerFunction, markupOf, commentPlace.
export { commentPlace, markupOf, type CommentPlace, type Markup } from "./markup.js";
export { blockFunction, callerFunction, templateNames } from "./names.js";
export { parseTemplate } from "./parse.js";
