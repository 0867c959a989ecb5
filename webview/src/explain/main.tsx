import "../common/page.css";
import "./explain.css";
import { start } from "../common/start.js";
import { App } from "./App.js";

start(<App />);
