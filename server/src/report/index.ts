export { checkJson, findingJson } from "./checkJson.js";
export { count, findingsText, summaryText, type SourceText } from "./findingText.js";
export { planText, suggestionText } from "./planText.js";
export { reportMarkdown } from "./reportMarkdown.js";
export { reportText } from "./reportText.js";
export { sarif, type SarifRule } from "./sarif.js";
export { slowText } from "./slowText.js";
export { coloured, oneLine, plain, printable, type Style } from "./style.js";
export { textTable } from "./table.js";
