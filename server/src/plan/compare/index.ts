export { comparePlans } from "./compare.js";
