import "../common/page.css";
import "./report.css";
import { start } from "../common/start.js";
import { App } from "./App.js";

start(<App />);
